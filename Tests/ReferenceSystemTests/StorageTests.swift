import AdapterProtocol
import RaftTypes
import Testing

/// Held, completed and failed writes.
@Suite(.onEveryDisk) struct `Storage of the reference system` {
  @Test func `a vote leaves once it is durable`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.ask(.hold(n1, .vote))
    let asked = try talk.receive(.requestVote(term: 1))
    #expect(asked.sent.isEmpty)
    #expect(asked.state?.votedFor == .set(n2))
    let completed = try talk.ask(.complete(n1, .next(1), fails: false))
    #expect(completed.sent.messages == [.vote(term: 1)])
    #expect(completed.sent.map(\.to) == [n2])
  }

  @Test func `whatever is said after a held vote waits behind it, in order`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.ask(.hold(n1, .vote))
    try talk.receive(.requestVote(term: 1))
    #expect(try talk.receive(.requestVote(term: 1), from: n3).sent.isEmpty)
    #expect(try talk.ask(.timeout(n1)).sent.isEmpty)
    let first = try talk.ask(.complete(n1, .next(1), fails: false))
    #expect(first.sent.messages == [.vote(term: 1), .vote(term: 1, granted: false)])
    let rest = try talk.ask(.release(n1, .vote))
    #expect(rest.sent.map(\.message.type) == [.requestVote, .requestVote])
  }

  @Test func `a candidate counts its own vote once it is durable`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.ask(.hold(n1, .sync))
    try talk.ask(.timeout(n1))
    try talk.receive(.vote(term: 1))
    #expect(try talk.node(n1).role == .candidate)
    try talk.ask(.release(n1, .sync))
    #expect(try talk.node(n1).role == .leader)
  }

  @Test func `entries are acknowledged as far as they are durable`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.receive(.append(term: 1))
    try talk.ask(.hold(n1, .entries))
    for index in 0..<3 as Range<UInt64> {
      let previous = index == 0 ? LogPosition.zero : position(index, 1)
      #expect(try talk.receive(.append(term: 1, prev: previous, [1], commit: 3)).sent.isEmpty)
    }
    #expect(try talk.node(n1).terms == [1, 1, 1])
    #expect(try talk.node(n1).commitIndex == .zero)
    let completed = try talk.ask(.complete(n1, .through(position(2, 1)), fails: false))
    #expect(completed.sent.messages.last == .accepted(term: 1, match: 2))
    #expect(completed.state?.commitIndex == LogIndex(2))
    #expect(completed.state?.applied.count == 2)
    let rest = try talk.ask(.complete(n1, .all, fails: false))
    #expect(rest.sent.messages == [.accepted(term: 1, match: 3)])
    #expect(
      try talk.ask(.complete(n1, .all, fails: false)).outcome
        == .rejected(why: "no such write is held"))
  }

  @Test func `a leader sends without waiting for its disk and commits without itself`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.lead()
    try talk.ask(.hold(n1, .entries))
    try talk.receive(.accepted(term: 1, match: 1))
    #expect(try talk.propose("a").sent.count == 1)
    try talk.receive(.accepted(term: 1, match: 2))
    #expect(try talk.node(n1).commitIndex == LogIndex(1))
    try talk.receive(.accepted(term: 1, match: 2), from: n3)
    #expect(try talk.node(n1).commitIndex == LogIndex(2))
    #expect(try talk.node(n1).applied.count == 1)
    try talk.ask(.release(n1, .entries))
    #expect(try talk.node(n1).applied.count == 2)
  }

  @Test(arguments: [
    (StorageFault.Effect.io, StorageFault.Operation.append), (.io, .sync), (.io, .vote),
    (.full, .sync), (.full, .vote),
  ])
  func `a failed write halts the node and nothing of it is shown`(
    effect: StorageFault.Effect, operation: StorageFault.Operation
  ) throws {
    let talk = try Conversation()
    try talk.create(term: 1)
    let before = try talk.node(n1)
    try talk.ask(.storageFault(n1, StorageFault(operation: operation, nth: 1, effect: effect)))
    let failed = try talk.receive(.append(term: 2, [2], commit: 1))
    #expect(failed.outcome == .halted)
    #expect(failed.sent.isEmpty)
    var expected = before
    expected.status = .halted
    #expect(try talk.node(n1) == expected)

    for request in [Request.tick(n1, times: 1), .timeout(n1), .state(n1, want: [.log])] {
      let result = try talk.ask(request)
      #expect(result.outcome == .halted)
      #expect(result.state == nil)
    }
    #expect(try talk.propose("a").outcome == .halted)
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1) == before)
    #expect(try talk.receive(.append(term: 2, [2], commit: 1)).sent.count == 1)
  }

  @Test func `the nth operation of a kind fails and those before it do not`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.ask(.storageFault(n1, StorageFault(operation: .append, nth: 2, effect: .io)))
    try talk.receive(.append(term: 1, [1]))
    #expect(try talk.node(n1).status == .running)
    try talk.receive(.append(term: 1, prev: position(1, 1), [1]))
    #expect(try talk.node(n1).status == .halted)
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).terms == [1])
  }

  @Test func `writes of every kind count where any may fail`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.ask(.storageFault(n1, StorageFault(operation: .anyWrite, nth: 3, effect: .full)))
    try talk.receive(.append(term: 1, [1]))
    #expect(try talk.node(n1).status == .running)
    try talk.receive(.requestVote(term: 2, last: position(1, 1)), from: n3)
    #expect(try talk.node(n1).status == .halted)
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).term == Term(1))
    #expect(try talk.node(n1).terms == [1])
  }

  @Test func `a completion that fails halts the node, and its write is gone`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.ask(.hold(n1, .vote))
    try talk.receive(.requestVote(term: 1))
    let failed = try talk.ask(.complete(n1, .all, fails: true))
    #expect(failed.outcome == .halted)
    #expect(failed.sent.isEmpty)
    #expect(try talk.node(n1).status == .halted)
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).votedFor == nil)
    #expect(try talk.node(n1).term == .zero)
  }

  @Test func `a leader without room steps down, still votes, and works again with room`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.lead()
    try talk.receive(.accepted(term: 1, match: 1))
    for nth in 1...2 {
      try talk.ask(.storageFault(n1, StorageFault(operation: .append, nth: nth, effect: .full)))
    }
    let full = try talk.propose("a")
    #expect(full.results.map(\.fate) == [.unknown])
    #expect(try talk.node(n1).role == .follower)
    // Still full, and the term and the vote have their reserve.
    let voted = try talk.receive(.requestVote(term: 2, last: position(9, 1)), from: n3)
    #expect(voted.sent.messages == [.vote(term: 2)])
    #expect(try talk.node(n1).votedFor == n3)
    // With room the entry is written, and the node takes what it is sent.
    let answer = try talk.receive(.append(term: 2, prev: position(1, 1), [2]), from: n3)
    #expect(answer.sent.messages.last == .accepted(term: 2, match: 2))
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).terms == [1, 2])
    #expect(try talk.node(n1).votedFor == n3)
  }

  @Test func `a follower without room acknowledges nothing that it could not write`() throws {
    let talk = try Conversation()
    try talk.create(log: [1])
    for nth in 1...2 {
      try talk.ask(.storageFault(n1, StorageFault(operation: .append, nth: nth, effect: .full)))
    }
    #expect(try talk.receive(.append(term: 1, prev: position(1, 1), [1])).sent.isEmpty)
    #expect(try talk.node(n1).status == .running)
    let still = try talk.receive(.append(term: 1, prev: position(2, 1), [1]))
    #expect(!still.sent.messages.contains { ($0.matchIndex ?? .zero) > LogIndex(1) })
    let room = try talk.receive(.append(term: 1, prev: position(2, 1), [1]))
    #expect(room.sent.messages.last == .accepted(term: 1, match: 3))
  }
}
