import AdapterProtocol
import RaftTypes
import Testing

/// Servers whose disk does not hold what they promised.
@Suite(.onEveryDisk) struct `Servers that are not trusted` {
  private func wiped() throws -> Conversation {
    let talk = try Conversation()
    try talk.create(term: 4, votedFor: n3, log: [1, 3])
    try talk.ask(.crash(n1, .kept, wipesDisk: true))
    try talk.ask(.restart(n1))
    return talk
  }

  private func members(_ voters: [NodeName], learners: [NodeName] = []) -> WireEntry {
    WireEntry(
      term: Term(5), configuration: WireConfiguration(voters: voters, learners: learners))
  }

  @Test func `a server with a wiped disk neither votes nor stands, in this life and the next`()
    throws
  {
    let talk = try wiped()
    for _ in 0..<2 {
      let asked = try talk.receive(.requestVote(term: 4, last: position(9, 4)))
      #expect(!asked.sent.messages.contains { $0.granted == true })
      #expect(try talk.ask(.timeout(n1)).outcome == .blocked)
      try talk.ask(.crash(n1, .lost, wipesDisk: false))
      try talk.ask(.restart(n1))
    }
  }

  @Test func `it is trusted again once it was admitted as a learner`() throws {
    let talk = try wiped()
    let learning = members([n2, n3], learners: [n1])
    let learned = try talk.receive(
      .append(term: 5, prev: .zero, entries: [learning], commit: 1))
    // It asks the leader whether it is a learner still.
    let question = try #require(
      learned.sent.map(\.message).first { $0.type == .readIndex })
    var answer = WireMessage(type: .readIndexResponse, term: Term(5))
    answer.context = question.context
    answer.index = LogIndex(1)
    try talk.receive(answer)
    try talk.receive(
      .append(
        term: 5, prev: position(1, 5), entries: [members([n1, n2, n3])], commit: 2))
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    try talk.ask(.restart(n1))
    try talk.ask(.lapse(n1))
    let asked = try talk.receive(.requestVote(term: 6, last: position(2, 5)))
    #expect(asked.sent.messages == [.vote(term: 6)])
    #expect(try talk.ask(.timeout(n1)).outcome == .done)
  }
}
