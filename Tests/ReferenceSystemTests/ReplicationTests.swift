import AdapterProtocol
import RaftTypes
import Testing

/// Messages by hand and by handle, proposals, and the limits of an AppendEntries.
@Suite(.onEveryDisk) struct `Replication by the reference system` {
  @Test func `an append is answered, and the delta tells the cut and the new entries`() throws {
    let talk = try Conversation()
    try talk.create(term: 3, log: [1, 1, 2, 3])
    let result = try talk.receive(.append(term: 4, prev: position(2, 1), [4], commit: 3))
    #expect(result.sent.messages == [.accepted(term: 4, match: 3)])
    let delta = try #require(result.state)
    #expect(delta.truncatedFrom == LogIndex(3))
    #expect(delta.appended == wireEntries(from: 3, [4]))
    #expect(delta.leader == .set(n2))
    #expect(delta.commitIndex == LogIndex(3))
    #expect(delta.applied.map(\.position) == [position(1, 1), position(2, 1), position(3, 4)])
    #expect(delta.role == nil)
    #expect(delta.status == nil)
  }

  @Test func `what matches already is neither cut nor told again`() throws {
    let talk = try Conversation()
    try talk.create(log: [1, 1, 2])
    let result = try talk.receive(.append(term: 2, prev: position(1, 1), [1, 2, 2]))
    #expect(result.state?.truncatedFrom == nil)
    #expect(result.state?.appended == wireEntries(from: 4, [2]))
  }

  @Test func `a refused append names the position and carries a hint`() throws {
    let talk = try Conversation()
    try talk.create(log: [1])
    let result = try talk.receive(.append(term: 2, prev: position(5, 2), [2]))
    #expect(result.sent.messages == [.rejected(term: 2, prev: 5, hint: position(1, 1))])
  }

  @Test func `a heartbeat is an append without entries`() throws {
    let talk = try Conversation()
    try talk.create(log: [1, 1])
    var beat = WireMessage(type: .heartbeat, term: Term(1))
    beat.prevLogIndex = LogIndex(2)
    beat.prevLogTerm = Term(1)
    beat.leaderCommit = LogIndex(2)
    let result = try talk.receive(beat)
    #expect(result.sent.messages == [.accepted(term: 1, match: 2)])
    #expect(result.state?.commitIndex == LogIndex(2))
  }

  @Test func `the answer to a heartbeat acknowledges nothing`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.lead()
    try talk.receive(WireMessage(type: .heartbeatResponse, term: Term(1)))
    try talk.receive(WireMessage(type: .heartbeatResponse, term: Term(1)), from: n3)
    #expect(try talk.node(n1).commitIndex == .zero)
    try talk.receive(.accepted(term: 1, match: 1))
    #expect(try talk.node(n1).commitIndex == LogIndex(1))
  }

  @Test func `a rejection without a hint takes the leader back by one entry`() throws {
    let talk = try Conversation()
    try talk.create(log: [1, 1, 1])
    try talk.lead()
    let result = try talk.receive(.rejected(term: 2, prev: 3, hint: nil))
    #expect(result.sent.map(\.message.prevLogIndex) == [LogIndex(2)])
  }

  @Test func `a hand-over by hand starts an election that disrupts`() throws {
    let talk = try Conversation()
    try talk.create(term: 1)
    try talk.receive(.append(term: 1))
    let result = try talk.receive(WireMessage(type: .timeoutNow, term: Term(1)))
    #expect(result.sent.map(\.message.disrupt) == [true, true])
  }

  @Test func `only a leader takes a proposal`() throws {
    let talk = try Conversation()
    try talk.create()
    #expect(try talk.propose("a").outcome == .rejected(why: "not-leader"))
    try talk.lead()
    let result = try talk.propose("a")
    #expect(result.outcome == .done)
    #expect(result.state?.appended == [WireEntry(term: Term(1), data: Array("a".utf8))])
    #expect(result.results.isEmpty)
  }

  @Test func `a message is delivered once, its copy once more, and a dropped one never`() throws {
    let talk = try Conversation()
    for name in [n1, n2, n3] { try talk.create(name) }
    let sent = try talk.ask(.timeout(n1)).sent
    let toN2 = try #require(sent.first?.handle)
    let toN3 = try #require(sent.last?.handle)
    let copy = try #require(try talk.ask(.duplicate(toN2)).handle)
    #expect(!sent.map(\.handle).contains(copy))
    #expect(try talk.ask(.deliver(toN2)).sent.messages == [.vote(term: 1)])
    #expect(try talk.ask(.deliver(toN2)).outcome == .void)
    #expect(try talk.ask(.duplicate(toN2)).outcome == .void)
    #expect(try talk.ask(.deliver(copy)).sent.messages == [.vote(term: 1)])
    #expect(try talk.ask(.drop(toN3)).outcome == .done)
    #expect(try talk.ask(.drop(toN3)).outcome == .void)
    #expect(try talk.ask(.deliver(toN3)).outcome == .void)
    #expect(try talk.node(n3).term == .zero)
  }

  @Test func `appends above the byte limit are cut between entries and stay contiguous`() throws {
    let talk = try Conversation()
    try talk.create { $0.maxBytesPerAppend = 8 }
    try talk.lead()
    let payloads = ["aaaa", "bbbb", "cccc", "a payload above the limit", "", "dd", "eeeeeeeee"]
    for payload in payloads { try talk.propose(payload) }
    let sent = try talk.receive(.accepted(term: 1, match: 1)).sent.filter { $0.to == n2 }
    let carrying = sent.messages.filter { $0.entries?.isEmpty == false }
    #expect(
      carrying.map { ($0.entries ?? []).map { String(decoding: $0.data, as: UTF8.self) } } == [
        ["aaaa", "bbbb"], ["cccc"], ["a payload above the limit"], ["", "dd"], ["eeeeeeeee"],
      ])
    #expect(carrying.map(\.prevLogIndex) == [1, 3, 4, 5, 7].map { LogIndex($0) })
    #expect(carrying.allSatisfy { $0.prevLogTerm == Term(1) && $0.leaderCommit == LogIndex(1) })
  }

  @Test func `a follower takes an append that was cut like one that was not`() throws {
    let talk = try Conversation()
    try talk.create(n1, log: [1, 1, 2, 3]) { $0.maxBytesPerAppend = 4 }
    try talk.create(n2, log: [1])
    var sent = try talk.lead(n1, by: [n3]).sent
    while let message = sent.first(where: { $0.to != n3 }) {
      sent.removeAll { $0.handle == message.handle }
      sent += try talk.ask(.deliver(message.handle)).sent
    }
    #expect(try talk.node(n2).log == talk.node(n1).log)
    #expect(try talk.node(n1).commitIndex == LogIndex(5))
  }

  @Test func `the limits of entries and of unanswered appends hold`() throws {
    let talk = try Conversation()
    try talk.create {
      $0.maxEntriesPerAppend = 2
      $0.maxInflightAppends = 2
    }
    try talk.lead()
    for number in 1...6 { try talk.propose("\(number)") }
    let sent = try talk.receive(.accepted(term: 1, match: 1)).sent.filter { $0.to == n2 }
    #expect(sent.map { $0.message.entries?.count } == [2, 2])
  }
}
