import RaftStorage
import RaftTypes
import Testing

/// How the reference storage holds completions back and gives them.
@Suite struct `Held writes of the reference storage` {
  /// A storage that holds some kinds, after entry 1, a hard state and entry 2, each synced.
  private func store(holding kinds: HoldSet) throws -> MemoryStorage {
    var store = MemoryStorage()
    store.hold(kinds)
    _ = try store.append(entries(from: 1, terms: [1]))
    try store.sync()
    _ = try store.write(hardState(term: 1, votedFor: 1))
    try store.sync()
    _ = try store.append(entries(from: 2, terms: [1]))
    try store.sync()
    return store
  }

  @Test func `nothing behind a held write becomes durable before it`() throws {
    let held = try store(holding: .entries)
    #expect(held.durableSequence == .zero)
    #expect(held.hardState == hardState(term: 1, votedFor: 1))
    let pending = held.pendingWrites
    #expect(pending.map(\.sequence) == [1, 2, 3].map { WriteSequence($0) })
    #expect(
      pending.map(\.content) == [
        .entries(range(1, 1), lastTerm: Term(1)),
        .hardState(hardState(term: 1, votedFor: 1)),
        .entries(range(2, 1), lastTerm: Term(1)),
      ])
    #expect(pending.map(\.isHeld) == [true, false, true])
    #expect(pending.map(\.isSyncRequested) == [true, true, true])
    let reopened = held.crash(unsynced: .lost)
    #expect(reopened.lastIndex == .zero)
    #expect(reopened.hardState == HardState())
  }

  @Test func `a held kind does not hold what was written before it`() throws {
    var store = try store(holding: .vote)
    #expect(store.durableSequence == WriteSequence(1))
    #expect(store.crash(unsynced: .lost).lastIndex == LogIndex(1))
    #expect(store.complete(.next(1)) == [WriteSequence(2)])
    #expect(store.durableSequence == WriteSequence(3))
  }

  @Test func `the oldest held writes are completed, with what waited behind them`() throws {
    var store = try store(holding: .entries)
    #expect(store.complete(.next(1)) == [WriteSequence(1)])
    #expect(store.durableSequence == WriteSequence(2))
    #expect(store.complete(.next(5)) == [WriteSequence(3)])
    #expect(store.durableSequence == WriteSequence(3))
    #expect(store.complete(.next(1)).isEmpty)
    #expect(store.complete(.all).isEmpty)
  }

  @Test func `the hold goes on after a completion and ends with a release`() throws {
    var store = try store(holding: [.entries, .vote])
    #expect(store.complete(.all) == [1, 2, 3].map { WriteSequence($0) })
    _ = try store.append(entries(from: 3, terms: [1]))
    _ = try store.write(hardState(term: 2))
    try store.sync()
    #expect(store.durableSequence == WriteSequence(3))
    store.release(.entries)
    #expect(store.durableSequence == WriteSequence(4))
    store.release(.vote)
    #expect(store.durableSequence == WriteSequence(5))
  }

  @Test func `a completion goes through the write that contains an entry`() throws {
    var store = MemoryStorage()
    store.hold(.entries)
    _ = try store.append(entries(from: 1, terms: [1, 1]))
    _ = try store.append(entries(from: 3, terms: [1, 1, 1]))
    _ = try store.append(entries(from: 4, terms: [2]))
    try store.sync()
    #expect(store.complete(.through(position(4, 3))).isEmpty)
    #expect(store.complete(.through(position(6, 1))).isEmpty)
    #expect(store.complete(.through(position(4, 1))) == [WriteSequence(1), WriteSequence(2)])
    #expect(store.crash(unsynced: .lost).lastIndex == LogIndex(5))
    #expect(store.complete(.through(position(4, 2))) == [WriteSequence(3)])
    #expect(store.crash(unsynced: .lost).lastIndex == LogIndex(4))
  }

  @Test func `an entry that was written twice is completed once for each time`() throws {
    var store = MemoryStorage()
    store.hold(.entries)
    for term: UInt64 in [1, 2, 1] {
      _ = try store.append(entries(from: 1, terms: [term]))
      try store.sync()
    }
    #expect(store.complete(.through(position(1, 1))) == [WriteSequence(1)])
    #expect(store.durableSequence == WriteSequence(1))
    #expect(store.complete(.through(position(1, 1))) == [WriteSequence(2), WriteSequence(3)])
  }

  @Test func `held syncs are completed one by one, each with its writes`() throws {
    var store = MemoryStorage()
    store.hold(.sync)
    _ = try store.write(hardState(term: 1))
    _ = try store.append(entries(from: 1, terms: [1]))
    try store.sync()
    try store.sync()
    _ = try store.append(entries(from: 2, terms: [1]))
    _ = try store.append(entries(from: 3, terms: [1]))
    try store.sync()
    _ = try store.append(entries(from: 4, terms: [1]))
    #expect(store.complete(.next(1)) == [WriteSequence(1), WriteSequence(2)])
    #expect(store.durableSequence == WriteSequence(2))
    #expect(store.complete(.through(position(2, 1))) == [WriteSequence(3), WriteSequence(4)])
    #expect(store.durableSequence == WriteSequence(4))
    #expect(store.complete(.all).isEmpty)
    store.release(.sync)
    #expect(store.durableSequence == WriteSequence(4))
    try store.sync()
    #expect(store.durableSequence == WriteSequence(5))
  }

  @Test func `a write that no sync asked for is not completed`() throws {
    var store = MemoryStorage()
    store.hold(.entries)
    _ = try store.append(entries(from: 1, terms: [1]))
    #expect(store.complete(.all).isEmpty)
    #expect(store.complete(.through(position(1, 1))).isEmpty)
    store.release(.entries)
    #expect(store.durableSequence == .zero)
    #expect(store.pendingWrites.map(\.isHeld) == [false])
  }

  @Test func `snapshots and the discarding behind them are held together`() throws {
    var store = MemoryStorage()
    store.hold(.snapshot)
    _ = try store.append(entries(from: 1, terms: [1, 1]))
    _ = try store.write(snapshot(at: 2, term: 1))
    _ = try store.discard(upTo: LogIndex(2))
    try store.sync()
    #expect(
      store.pendingWrites.map(\.content) == [
        .snapshot(position(2, 1)), .discard(upTo: LogIndex(2)),
      ])
    #expect(store.complete(.next(1)) == [WriteSequence(2)])
    #expect(store.crash(unsynced: .lost).firstIndex == LogIndex(1))
    #expect(store.complete(.next(1)) == [WriteSequence(3)])
    #expect(store.crash(unsynced: .lost).firstIndex == LogIndex(3))
  }

  @Test func `a hold catches what is on its way`() throws {
    var store = try store(holding: .vote)
    store.hold(.entries)
    #expect(store.complete(.next(1)) == [WriteSequence(2)])
    #expect(store.durableSequence == WriteSequence(2))
    #expect(store.complete(.next(1)) == [WriteSequence(3)])
  }

  @Test(arguments: [(StorageFault.io, IOReason.device), (.full, .noSpace)])
  func `a completion that fails poisons the storage`(
    _ fault: StorageFault, _ reason: IOReason
  ) throws {
    var store = try store(holding: .entries)
    #expect(store.complete(.through(position(9, 9)), failing: fault).isEmpty)
    #expect(store.failure == nil)
    #expect(store.complete(.next(2), failing: fault) == [WriteSequence(1), WriteSequence(3)])
    let failure = StorageError.ioFailed(.sync, at: .memory, reason: reason)
    #expect(store.failure == failure)
    #expect(store.durableSequence == .zero)
    #expect(throws: StorageError.poisoned(by: failure)) { try store.sync() }
    #expect(store.complete(.all).isEmpty)
    store.release(.entries)
    #expect(store.durableSequence == .zero)
    #expect(store.crash(unsynced: .lost).lastIndex == .zero)
    #expect(store.crash(unsynced: .kept).lastIndex == LogIndex(2))
  }
}
