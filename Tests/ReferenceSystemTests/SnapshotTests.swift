import AdapterProtocol
import RaftTypes
import Testing

/// Snapshots taken, sent, received and booted from.
@Suite(.onEveryDisk) struct `Snapshots of the reference system` {
  /// A leader that alone is its cluster, with its internal entry and these commands applied.
  private func soleLeader(_ commands: [String]) throws -> Conversation {
    let talk = try Conversation()
    try talk.create(voters: [n1])
    try talk.ask(.timeout(n1))
    for command in commands { try talk.propose(command) }
    #expect(try talk.node(n1).ledger == commands)
    return talk
  }

  /// A snapshot at 3@1 that was made elsewhere.
  private let given = WireSnapshot(
    position: position(3, 1), configuration: WireConfiguration(voters: [n1, n2, n3]),
    commands: ["a", "b"].map { Array($0.utf8) })

  @Test func `a snapshot covers what is applied, and then the log can go`() throws {
    let talk = try soleLeader(["a", "b", "c"])
    let early = try talk.ask(.compact(n1, upTo: LogIndex(1)))
    #expect(early.outcome == .rejected(why: "not-covered"))
    #expect(try talk.ask(.snapshot(n1)).state?.snapshot == position(4, 1))
    #expect(try talk.ask(.snapshot(n1)).outcome == .rejected(why: "nothing-new"))
    #expect(
      try talk.ask(.compact(n1, upTo: LogIndex(5))).outcome == .rejected(why: "not-covered"))
    #expect(try talk.node(n1).terms.count == 4)
    #expect(try talk.ask(.compact(n1, upTo: LogIndex(3))).state?.firstIndex == LogIndex(4))
    #expect(try talk.node(n1).terms == [1])
    #expect(try talk.ask(.compact(n1, upTo: LogIndex(2))).state?.firstIndex == nil)
  }

  @Test func `a life begins with the snapshot and the log that the one before left`() throws {
    let talk = try soleLeader(["a", "b", "c"])
    try talk.ask(.snapshot(n1))
    try talk.ask(.compact(n1, upTo: LogIndex(3)))
    try talk.propose("d")
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    let restarted = try talk.ask(.restart(n1))
    #expect(restarted.state?.snapshot == position(4, 1))
    #expect(restarted.state?.restored?.position == position(4, 1))
    #expect(restarted.state?.commitIndex == LogIndex(4))
    #expect(restarted.state?.firstIndex == LogIndex(4))
    let node = try talk.node(n1)
    #expect(node.ledger == ["a", "b", "c"])
    #expect(node.terms == [1, 1])
    #expect(node.configuration == WireConfiguration(voters: [n1]))
    try talk.ask(.timeout(n1))
    #expect(try talk.node(n1).ledger == ["a", "b", "c", "d"])
  }

  @Test func `a held snapshot does not hold the log up, and a crash loses it`() throws {
    let talk = try soleLeader(["a"])
    try talk.ask(.hold(n1, .snapshot))
    #expect(try talk.ask(.snapshot(n1)).state?.snapshot == nil)
    #expect(try talk.ask(.snapshot(n1)).outcome == .rejected(why: "nothing-new"))
    try talk.propose("b")
    #expect(try talk.node(n1).ledger == ["a", "b"])
    #expect(
      try talk.ask(.compact(n1, upTo: LogIndex(1))).outcome == .rejected(why: "not-covered"))
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).snapshot == nil)
    #expect(try talk.node(n1).terms == [1, 1, 1])
  }

  @Test func `a held snapshot completes by name`() throws {
    let talk = try soleLeader(["a"])
    try talk.ask(.hold(n1, .snapshot))
    try talk.ask(.snapshot(n1))
    let completed = try talk.ask(.complete(n1, .through(position(2, 1)), fails: false))
    #expect(completed.state?.snapshot == position(2, 1))
  }

  @Test(arguments: [UnsyncedWrites.kept, .torn])
  func `a held snapshot that reached the disk is there, and a torn one is not`(
    unsynced: UnsyncedWrites
  ) throws {
    let talk = try soleLeader(["a"])
    try talk.ask(.hold(n1, .snapshot))
    try talk.ask(.snapshot(n1))
    try talk.ask(.crash(n1, unsynced, wipesDisk: false))
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).snapshot == (unsynced == .kept ? position(2, 1) : nil))
    #expect(try talk.node(n1).terms == [1, 1])
  }

  @Test func `a node boots from a snapshot that is given`() throws {
    let talk = try Conversation()
    let created = try talk.create(snapshot: given, log: [1, 2])
    #expect(created.state?.restored == given)
    let node = try talk.node(n1)
    #expect(node.firstIndex == LogIndex(4))
    #expect(node.terms == [1, 2])
    #expect(node.commitIndex == LogIndex(3))
    #expect(node.ledger == ["a", "b"])
    let answer = try talk.receive(.append(term: 2, prev: position(5, 2), [], commit: 5))
    #expect(answer.sent.messages.first == .accepted(term: 2, match: 5))
    #expect(try talk.node(n1).ledger == ["a", "b", "4@1", "5@2"])
  }

  @Test func `a received snapshot takes the place of log and state`() throws {
    let talk = try Conversation()
    try talk.create(log: [1, 1, 1, 1, 1])
    let message = WireMessage.installSnapshot(
      term: 3, at: position(4, 2), ["x", "y"], voters: [n1, n2, n4])
    let received = try talk.receive(message)
    let size = UInt64(message.data?.count ?? 0)
    #expect(received.sent.messages == [.installed(term: 3, at: position(4, 2), next: size)])
    #expect(received.state?.truncatedFrom == LogIndex(5))
    let node = try talk.node(n1)
    #expect(node.snapshot == position(4, 2))
    #expect(node.firstIndex == LogIndex(5))
    #expect(node.log.isEmpty)
    #expect(node.ledger == ["x", "y"])
    #expect(node.commitIndex == LogIndex(4))
    #expect(node.configuration == WireConfiguration(voters: [n1, n2, n4]))
    try talk.receive(.append(term: 3, prev: position(4, 2), [3], commit: 5))
    #expect(try talk.node(n1).ledger == ["x", "y", "5@3"])
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).ledger == ["x", "y"])
    #expect(try talk.node(n1).terms == [3])
    #expect(try talk.node(n1).configuration == WireConfiguration(voters: [n1, n2, n4]))
  }

  @Test func `a snapshot comes in parts, in order, and is acknowledged once it is durable`() throws
  {
    let talk = try Conversation()
    try talk.create()
    let parts = [0..<3, 3..<7, 7..<10].map {
      WireMessage.installSnapshot(term: 1, at: position(2, 1), ["a", "b"], bytes: $0)
    }
    #expect(
      try talk.receive(parts[0]).sent.messages
        == [.installed(term: 1, at: position(2, 1), next: 3, false)])
    // A gap is refused with the offset that is wanted.
    #expect(
      try talk.receive(parts[2]).sent.messages
        == [.installed(term: 1, at: position(2, 1), next: 3, false)])
    try talk.receive(parts[1])
    try talk.ask(.hold(n1, .snapshot))
    #expect(try talk.receive(parts[2]).sent.isEmpty)
    #expect(try talk.node(n1).restored == nil)
    let completed = try talk.ask(.complete(n1, .all, fails: false))
    #expect(completed.sent.messages == [.installed(term: 1, at: position(2, 1), next: 10)])
    #expect(try talk.node(n1).ledger == ["a", "b"])
  }

  @Test func `a snapshot whose bytes are none has to come again`() throws {
    let talk = try Conversation()
    try talk.create()
    var bad = WireMessage.installSnapshot(term: 1, at: position(2, 1), ["a", "b"])
    bad.data?[3] = 200
    let refused = try talk.receive(bad)
    #expect(
      refused.sent.messages.last == .installed(term: 1, at: position(2, 1), next: 0, false))
    #expect(try talk.node(n1).snapshot == nil)
    try talk.receive(.installSnapshot(term: 1, at: position(2, 1), ["a", "b"]))
    #expect(try talk.node(n1).ledger == ["a", "b"])
  }

  @Test func `a leader brings up to date who lacks what its log no longer holds`() throws {
    let talk = try Conversation()
    for name in [n1, n2, n3] { try talk.create(name) { $0.maxBytesPerSnapshotChunk = 3 } }
    try talk.settle(from: try talk.ask(.timeout(n1)))
    try talk.ask(.crash(n3, .lost, wipesDisk: false))
    for command in ["a", "b", "c"] { try talk.settle(from: try talk.propose(command)) }
    try talk.ask(.snapshot(n1))
    try talk.ask(.compact(n1, upTo: LogIndex(4)))
    try talk.settle(from: try talk.propose("d"))
    try talk.ask(.restart(n3))
    for _ in 0..<3 { try talk.settle(from: try talk.ask(.beat(n1))) }
    #expect(try talk.node(n3).ledger == ["a", "b", "c", "d"])
    #expect(try talk.node(n3).snapshot == position(4, 1))
    #expect(try talk.node(n3).terms == [1])
  }

  @Test func `a write of a snapshot meets its faults`() throws {
    let talk = try soleLeader(["a"])
    let fault = { (effect: StorageFault.Effect) in
      Request.storageFault(n1, StorageFault(operation: .snapshot, nth: 1, effect: effect))
    }
    try talk.ask(fault(.full))
    #expect(try talk.ask(.snapshot(n1)).outcome == .rejected(why: "full"))
    try talk.ask(fault(.io))
    #expect(try talk.ask(.snapshot(n1)).outcome == .halted)
    try talk.ask(.restart(n1))
    try talk.ask(.timeout(n1))
    #expect(try talk.node(n1).ledger == ["a"])
    try talk.ask(fault(.crash))
    #expect(try talk.ask(.snapshot(n1)).outcome == .halted)
    #expect(try talk.node(n1).status == .crashed)
  }

  @Test func `a held state machine is restored when it is released`() throws {
    let talk = try Conversation()
    try talk.create(log: [1])
    try talk.ask(.hold(n1, .apply))
    try talk.receive(.installSnapshot(term: 1, at: position(3, 1), ["a"]))
    try talk.receive(.append(term: 1, prev: position(3, 1), [1], commit: 4))
    #expect(try talk.node(n1).ledger.isEmpty)
    #expect(try talk.node(n1).commitIndex == LogIndex(4))
    try talk.ask(.release(n1, .apply))
    #expect(try talk.node(n1).ledger == ["a", "4@1"])
  }
}
