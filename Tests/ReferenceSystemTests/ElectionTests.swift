import AdapterProtocol
import RaftTypes
import Testing

/// The operations of time and votes.
@Suite(.onEveryDisk) struct `Elections of the reference system` {
  @Test func `a timeout asks every other voter with all fields of a request`() throws {
    let talk = try Conversation()
    try talk.create(log: [1, 2])
    let result = try talk.ask(.timeout(n1))
    #expect(result.outcome == .done)
    #expect(result.node == n1)
    #expect(result.sent.map(\.to) == [n2, n3])
    let request = WireMessage.requestVote(term: 3, last: position(2, 2))
    #expect(result.sent.messages == [request, request])
    let node = try talk.node(n1)
    #expect(node.role == .candidate)
    #expect(node.term == Term(3))
    #expect(node.votedFor == n1)
  }

  @Test func `a timeout asks for pre-votes where they are on, and a campaign does not`() throws {
    let talk = try Conversation()
    try talk.create { $0.preVote = true }
    #expect(try talk.ask(.timeout(n1)).sent.map(\.message.type) == [.preVote, .preVote])
    #expect(try talk.node(n1).role == .preCandidate)
    #expect(try talk.node(n1).term == .zero)
    #expect(
      try talk.ask(.campaign(n1)).sent.map(\.message.type) == [.requestVote, .requestVote])
    #expect(try talk.node(n1).role == .candidate)
  }

  @Test func `a pre-vote granted by hand starts the election`() throws {
    let talk = try Conversation()
    try talk.create { $0.preVote = true }
    try talk.ask(.timeout(n1))
    var grant = WireMessage(type: .preVoteResponse, term: Term(1))
    grant.granted = true
    #expect(try talk.receive(grant).sent.map(\.message.type) == [.requestVote, .requestVote])
  }

  @Test func `a leader's election is blocked`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.lead()
    for request in [Request.timeout(n1), .campaign(n1)] {
      let result = try talk.ask(request)
      #expect(result.outcome == .blocked)
      #expect(result.state == nil)
      #expect(result.sent.isEmpty)
    }
  }

  @Test func `ticks bring the election between one and two minimum time-outs`() throws {
    let talk = try Conversation()
    try talk.create { $0.electionTicks = 7 }
    #expect(try talk.ask(.tick(n1, times: 6)).state == nil)
    #expect(try talk.ask(.tick(n1, times: 7)).sent.count == 2)
    #expect(try talk.node(n1).role == .candidate)
  }

  @Test func `a voter refuses to disturb a leader until it lapses`() throws {
    let talk = try Conversation()
    try talk.create(term: 1) { $0.checkQuorum = true }
    try talk.receive(.append(term: 1))
    #expect(try talk.node(n1).leader == n2)
    let denied = try talk.receive(.requestVote(term: 2), from: n3)
    #expect(denied.sent.messages == [.vote(term: 1, granted: false)])
    #expect(try talk.ask(.lapse(n1)).outcome == .done)
    let granted = try talk.receive(.requestVote(term: 2), from: n3)
    #expect(granted.sent.messages == [.vote(term: 2)])
    #expect(granted.state?.votedFor == .set(n3))
    #expect(granted.state?.leader == .cleared)
  }

  @Test func `a beat reaches every follower with no entries`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.lead()
    try talk.receive(.accepted(term: 1, match: 1))
    try talk.receive(.accepted(term: 1, match: 1), from: n3)
    let beat = try talk.ask(.beat(n1))
    let expected = WireMessage.append(term: 1, prev: position(1, 1), commit: 1)
    #expect(beat.sent.map(\.to) == [n2, n3])
    #expect(beat.sent.messages == [expected, expected])
  }

  @Test func `three nodes elect, replicate and commit, driven by handles alone`() throws {
    let talk = try Conversation()
    for name in [n1, n2, n3] { try talk.create(name) }
    var inFlight = try talk.ask(.timeout(n2)).sent
    func deliverAll() throws {
      while !inFlight.isEmpty {
        let message = inFlight.removeFirst()
        let result = try talk.ask(.deliver(message.handle))
        #expect(result.node == message.to)
        inFlight += result.sent
      }
    }
    try deliverAll()
    #expect(try talk.node(n2).role == .leader)
    let proposed = try talk.propose("x", to: n2)
    #expect(proposed.outcome == .done)
    inFlight = proposed.sent
    try deliverAll()
    for name in [n1, n2, n3] {
      let node = try talk.node(name)
      #expect(node.leader == n2)
      #expect(node.terms == [1, 1])
      #expect(node.log.map(\.kind) == [.internalEntry, .command])
      #expect(node.commitIndex == LogIndex(2))
      #expect(node.applied.map(\.data) == [[], Array("x".utf8)])
    }
  }
}
