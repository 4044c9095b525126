import AdapterProtocol
import RaftTypes
import Testing

/// Changes of the configuration, reads and transfers, as clients see them.
@Suite(.onEveryDisk) struct `Members, reads and transfers of the reference system` {
  private func to(
    _ id: String, _ voters: [NodeName], learners: [NodeName] = [], _ joint: JointUse = .automatic
  ) -> Request {
    .configure(
      n1, ConfigureRequest(id: id, change: .to(voters: voters, learners: learners, joint: joint)))
  }

  /// Three nodes and one that joins, with n1 leading.
  private func cluster(leaseReads: Bool = false) throws -> Conversation {
    let talk = try Conversation()
    for name in [n1, n2, n3, n4] {
      try talk.create(name, voters: [n1, n2, n3]) {
        $0.checkQuorum = leaseReads
        $0.leaseReads = leaseReads
      }
    }
    try talk.settle(from: try talk.ask(.timeout(n1)))
    #expect(try talk.node(n1).commitIndex == LogIndex(1))
    return talk
  }

  @Test func `a server is added as a learner, then as a voter`() throws {
    let talk = try cluster()
    let added = try talk.ask(to("c", [n1, n2, n3], learners: [n4]))
    let learning = WireConfiguration(voters: [n1, n2, n3], learners: [n4])
    #expect(added.state?.configuration == learning)
    #expect(added.state?.appended == [WireEntry(term: Term(1), configuration: learning)])
    try talk.settle(from: added)
    #expect(talk.changes == [ChangeResult(id: "c", fate: .committed)])
    #expect(try talk.node(n4).configuration == learning)
    #expect(try talk.ask(.timeout(n4)).outcome == .blocked)
    try talk.settle(from: try talk.ask(to("d", [n1, n2, n3, n4])))
    #expect(try talk.node(n4).configuration == WireConfiguration(voters: [n1, n2, n3, n4]))
    #expect(talk.changes.last == ChangeResult(id: "d", fate: .committed))
    #expect(try talk.node(n4).applied.last?.configuration == talk.node(n4).configuration)
  }

  @Test func `a joint change is committed with the configuration after it`() throws {
    let talk = try cluster()
    let asked = try talk.ask(to("c", [n1, n4], learners: [n2]))
    #expect(
      asked.state?.configuration
        == WireConfiguration(voters: [n1, n4], outgoing: [n1, n2, n3], learnersNext: [n2]))
    #expect(try talk.ask(to("d", [n1])).outcome == .rejected(why: "busy"))
    #expect(asked.changes.isEmpty)
    // The answer that tells of the commitment is the one that applies the last configuration.
    let target = WireConfiguration(voters: [n1, n4], learners: [n2])
    var handles = asked.sent.map(\.handle)
    var told = 0
    while !handles.isEmpty {
      guard let answer = talk.offer(.deliver(handles.removeFirst())) else { continue }
      handles += answer.sent.map(\.handle)
      guard !answer.changes.isEmpty else { continue }
      told += 1
      #expect(answer.changes == [ChangeResult(id: "c", fate: .committed)])
      #expect(answer.state?.applied.last?.configuration == target)
    }
    #expect(told == 1)
    #expect(try talk.node(n1).configuration == target)
  }

  @Test func `an explicit joint configuration is left when that is asked for`() throws {
    let talk = try cluster()
    try talk.settle(from: try talk.ask(to("c", [n1, n2, n4], .explicit)))
    #expect(talk.changes == [ChangeResult(id: "c", fate: .committed)])
    #expect(try talk.node(n1).configuration?.outgoing == [n1, n2, n3])
    let leave = ConfigureRequest(id: "d", change: .leave)
    try talk.settle(from: try talk.ask(.configure(n1, leave)))
    #expect(talk.changes.last == ChangeResult(id: "d", fate: .committed))
    #expect(try talk.node(n1).configuration == WireConfiguration(voters: [n1, n2, n4]))
    #expect(try talk.ask(.configure(n1, leave)).outcome == .rejected(why: "not-joint"))
  }

  @Test func `a change is refused for a reason`() throws {
    let talk = try cluster()
    let why = { (request: Request) in try talk.ask(request).outcome }
    #expect(try why(to("a", [n1, n2, n3])) == .rejected(why: "unchanged"))
    #expect(try why(to("b", [])) == .rejected(why: "invalid-configuration"))
    #expect(try why(to("c", [n1, n4], .never)) == .rejected(why: "not-simple"))
    let elsewhere = ConfigureRequest(id: "d", change: .leave)
    #expect(try why(.configure(n2, elsewhere)) == .rejected(why: "not-leader"))
    #expect(talk.changes.isEmpty)
  }

  @Test func `a change of a deposed leader is unknown, then lost`() throws {
    let talk = try cluster()
    try talk.ask(to("c", [n1, n2]))
    let deposed = try talk.receive(
      .append(term: 2, prev: position(1, 1), [2], commit: 2), from: n3)
    #expect(
      deposed.changes
        == [ChangeResult(id: "c", fate: .unknown), ChangeResult(id: "c", fate: .lost)])
    #expect(try talk.node(n1).configuration == WireConfiguration(voters: [n1, n2, n3]))
  }

  @Test func `a restart finds the configuration in the log`() throws {
    let talk = try cluster()
    try talk.settle(from: try talk.ask(to("c", [n1, n2])))
    try talk.ask(.crash(n2, .lost, wipesDisk: false))
    try talk.ask(.restart(n2))
    #expect(try talk.node(n2).configuration == WireConfiguration(voters: [n1, n2]))
  }

  @Test func `a read is served once a quorum has confirmed the leader`() throws {
    let talk = try cluster()
    try talk.settle(from: try talk.propose("a"))
    let asked = try talk.ask(.read(n1, id: "r"))
    #expect(asked.outcome == .done && asked.reads.isEmpty)
    let context = try #require(asked.sent.first?.message.context)
    #expect(asked.sent.allSatisfy { $0.message.context == context })
    var answer = WireMessage.accepted(term: 1, match: 2)
    answer.context = context
    let served = try talk.receive(answer)
    #expect(served.reads == [ReadResult(id: "r", fate: .done(index: LogIndex(2)))])
  }

  @Test func `a read waits for a held state machine`() throws {
    let talk = try cluster()
    try talk.ask(.hold(n1, .apply))
    try talk.settle(from: try talk.propose("a"))
    try talk.settle(from: try talk.ask(.read(n1, id: "r")))
    #expect(talk.reads.isEmpty)
    let released = try talk.ask(.release(n1, .apply))
    #expect(released.reads == [ReadResult(id: "r", fate: .done(index: LogIndex(2)))])
  }

  @Test func `a follower's read goes to the leader and back`() throws {
    let talk = try cluster()
    try talk.settle(from: try talk.propose("a"))
    let asked = try talk.ask(.read(n2, id: "r"))
    #expect(asked.sent.map(\.message.type) == [.readIndex])
    try talk.settle(from: asked)
    #expect(talk.reads == [ReadResult(id: "r", fate: .done(index: LogIndex(2)))])
    try talk.receive(.append(term: 2), from: n3)
    #expect(try talk.ask(.timeout(n1)).outcome == .done)
    #expect(try talk.ask(.read(n1, id: "s")).outcome == .rejected(why: "not-leader"))
  }

  @Test func `a read is lost with its leader, and with the process`() throws {
    let talk = try cluster()
    try talk.ask(.read(n1, id: "r"))
    let deposed = try talk.receive(.append(term: 2), from: n3)
    #expect(deposed.reads == [ReadResult(id: "r", fate: .lost)])
    try talk.ask(.read(n2, id: "s"))
    let died = try talk.ask(.crash(n2, .lost, wipesDisk: false))
    #expect(died.reads == [ReadResult(id: "s", fate: .lost)])
  }

  @Test func `a leader with a lease asks nobody`() throws {
    let talk = try cluster(leaseReads: true)
    try talk.settle(from: try talk.ask(.beat(n1)))
    let served = try talk.ask(.read(n1, id: "r"))
    #expect(served.reads == [ReadResult(id: "r", fate: .done(index: LogIndex(1)))])
  }

  @Test func `a token that somebody else made goes back as it came`() throws {
    let talk = try Conversation()
    try talk.create(n1)
    var beat = WireMessage.append(term: 1)
    for context in ["7", "seven", "007", "0", "18446744073709551615"] {
      beat.context = context
      #expect(try talk.receive(beat).sent.map(\.message.context) == [context])
    }
  }

  @Test func `leadership is handed over`() throws {
    let talk = try cluster()
    #expect(
      try talk.ask(.transfer(n1, to: n4)).outcome == .rejected(why: "not-a-voter"))
    let asked = try talk.ask(.transfer(n1, to: n2))
    #expect(asked.sent.messages.map(\.type) == [.timeoutNow])
    #expect(asked.state?.transferTarget == .set(n2))
    #expect(try talk.propose("a").outcome == .rejected(why: "transferring"))
    try talk.settle(from: asked)
    #expect(try talk.node(n2).role == .leader)
    #expect(try talk.node(n1).role == .follower)
    #expect(try talk.node(n1).transferTarget == nil)
  }

  @Test func `only a leader has a heartbeat`() throws {
    let talk = try cluster()
    #expect(try talk.ask(.beat(n2)).outcome == .blocked)
    #expect(try talk.ask(.beat(n1)).outcome == .done)
  }
}
