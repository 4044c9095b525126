import RaftStorage
import RaftTypes
import Testing

/// How the reference storage boots, fails and crashes.
@Suite struct `Faults of the reference storage` {
  @Test func `it boots from a durable state`() throws {
    let store = try MemoryStorage(
      hardState: hardState(term: 3, votedFor: 2), snapshot: snapshot(at: 3, term: 1),
      entries: entries(from: 4, terms: [2, 3]))
    #expect(store.pendingWrites.isEmpty)
    #expect(store.firstIndex == LogIndex(4))
    let expected = try Contents(of: store)
    #expect(try Contents(of: store.crash(unsynced: .lost)) == expected)
    #expect(expected.snapshot == snapshot(at: 3, term: 1))
    #expect(expected.hardState == hardState(term: 3, votedFor: 2))
    #expect(expected.lastIndex == 5)
  }

  @Test func `it does not boot from a log with a hole`() throws {
    #expect(throws: StorageError.gap(expected: LogIndex(1), found: LogIndex(2))) {
      try MemoryStorage(hardState: HardState(), entries: entries(from: 2, terms: [1]))
    }
    #expect(throws: StorageError.gap(expected: LogIndex(4), found: LogIndex(5))) {
      try MemoryStorage(
        hardState: HardState(), snapshot: snapshot(at: 3, term: 1),
        entries: entries(from: 5, terms: [1]))
    }
    #expect(throws: StorageError.compacted(index: LogIndex(3), first: LogIndex(4))) {
      try MemoryStorage(
        hardState: HardState(), snapshot: snapshot(at: 3, term: 1),
        entries: entries(from: 3, terms: [1]))
    }
  }

  @Test func `the nth operation of a kind fails, and no other`() throws {
    var store = MemoryStorage()
    store.failNext(.append, nth: 3)
    _ = try store.append(entries(from: 1, terms: [1]))
    _ = try store.write(hardState(term: 1))
    #expect(throws: StorageError.gap(expected: LogIndex(2), found: LogIndex(7))) {
      try store.append(entries(from: 7, terms: [1]))
    }
    try store.sync()
    _ = try store.append(entries(from: 2, terms: [1]))
    #expect(throws: StorageError.ioFailed(.append, at: .memory, reason: .device)) {
      try store.append(entries(from: 3, terms: [1]))
    }
    #expect(store.lastIndex == LogIndex(2))
    #expect(store.crash(unsynced: .kept).lastIndex == LogIndex(2))
    #expect(store.crash(unsynced: .lost).lastIndex == LogIndex(1))
  }

  @Test func `several failures to come are counted apart`() throws {
    var store = MemoryStorage()
    store.failNext(.append, nth: 2, with: .full)
    store.failNext(.sync, nth: 1)
    _ = try store.append(entries(from: 1, terms: [1]))
    #expect(throws: StorageError.full(.append, at: .memory)) {
      try store.append(entries(from: 2, terms: [1]))
    }
    #expect(throws: StorageError.ioFailed(.sync, at: .memory, reason: .device)) {
      try store.sync()
    }
  }

  @Test func `a full disk refuses the write and takes others`() throws {
    var store = MemoryStorage()
    store.failNext(.append, with: .full)
    #expect(throws: StorageError.full(.append, at: .memory)) {
      try store.append(entries(from: 1, terms: [1]))
    }
    #expect(store.failure == nil)
    #expect(store.lastIndex == .zero)
    _ = try store.write(hardState(term: 2, votedFor: 1))
    _ = try store.append(entries(from: 1, terms: [2]))
    try store.sync()
    #expect(store.durableSequence == WriteSequence(2))
  }

  @Test func `a sync without room is a failure`() throws {
    var store = MemoryStorage()
    _ = try store.append(entries(from: 1, terms: [1]))
    store.failNext(.sync, with: .full)
    let failure = StorageError.ioFailed(.sync, at: .memory, reason: .noSpace)
    #expect(throws: failure) { try store.sync() }
    #expect(store.failure == failure)
    #expect(store.crash(unsynced: .lost).lastIndex == .zero)
    // A sync that failed may have done its work all the same.
    #expect(store.crash(unsynced: .kept).lastIndex == LogIndex(1))
  }

  @Test func `a crash clears poison, holds and failures to come`() throws {
    var store = MemoryStorage()
    store.hold([.entries, .vote, .snapshot, .sync])
    store.failNext(.append, nth: 1)
    store.failNext(.sync, nth: 1)
    #expect(throws: StorageError.self) { try store.append(entries(from: 1, terms: [1])) }
    var reopened = store.crash(unsynced: .lost)
    #expect(reopened.failure == nil)
    _ = try reopened.append(entries(from: 1, terms: [1]))
    try reopened.sync()
    #expect(reopened.durableSequence == WriteSequence(1))
  }

  @Test func `a wiped disk has forgotten what was durable`() throws {
    let store = try MemoryStorage(
      hardState: hardState(term: 3, votedFor: 2), entries: entries(from: 1, terms: [1]))
    let wiped = store.crash(unsynced: .kept, disk: .wiped)
    #expect(try Contents(of: wiped) == Contents())
  }

  @Test func `a torn write of entries leaves its first half`() throws {
    var store = try MemoryStorage(
      hardState: hardState(term: 1), entries: entries(from: 1, terms: [1, 1, 1, 1, 1]))
    _ = try store.write(hardState(term: 2, votedFor: 2))
    _ = try store.append(entries(from: 3, terms: [2, 2, 2]))
    let torn = store.crash(unsynced: .torn)
    #expect(torn.hardState == hardState(term: 2, votedFor: 2))
    #expect(try torn.entries(range(1, 3), maxBytes: .max) == entries(from: 1, terms: [1, 1, 2]))
    #expect(torn.lastIndex == LogIndex(3))
  }

  @Test func `a torn write that is one record leaves nothing`() throws {
    var store = try MemoryStorage(
      hardState: hardState(term: 1), entries: entries(from: 1, terms: [1, 1]))
    let before = try Contents(of: store)
    _ = try store.append(entries(from: 2, terms: [2]))
    #expect(try Contents(of: store.crash(unsynced: .torn)) == before)
    store = store.crash(unsynced: .lost)
    _ = try store.write(hardState(term: 2, votedFor: 2))
    #expect(try Contents(of: store.crash(unsynced: .torn)) == before)
    store = store.crash(unsynced: .lost)
    _ = try store.write(snapshot(at: 9, term: 2))
    #expect(try Contents(of: store.crash(unsynced: .torn)) == before)
  }

  @Test func `writes that survive alone do so where they still have ground`() throws {
    var store = try MemoryStorage(
      hardState: hardState(term: 1), entries: entries(from: 1, terms: [1, 1, 1]))
    _ = try store.append(entries(from: 3, terms: [2]))
    _ = try store.write(hardState(term: 2, votedFor: 3))
    _ = try store.append(entries(from: 4, terms: [2]))
    _ = try store.append(entries(from: 2, terms: [3]))
    func keeping(_ kept: Set<UInt64>) throws -> MemoryStorage {
      store.crash(unsynced: .keeping(Set(kept.map { WriteSequence($0) })))
    }
    func terms(_ store: MemoryStorage) throws -> [UInt64] {
      let whole = range(1, store.lastIndex - .zero)
      return try store.entries(whole, maxBytes: .max).map(\.term.rawValue)
    }
    // Entry 4 of term 2 followed entry 3 of term 2; what is there is entry 3 of term 1.
    #expect(try terms(keeping([2, 3])) == [1, 1, 1])
    #expect(try keeping([2, 3]).hardState == hardState(term: 2, votedFor: 3))
    #expect(try terms(keeping([1, 3])) == [1, 1, 2, 2])
    #expect(try keeping([1, 3]).hardState == hardState(term: 1))
    #expect(try terms(keeping([4])) == [1, 3])
    #expect(try terms(keeping([99])) == [1, 1, 1])
  }

  @Test func `a discard does not survive the snapshot it needs`() throws {
    var store = try MemoryStorage(
      hardState: hardState(term: 1), entries: entries(from: 1, terms: [1, 1, 1]))
    _ = try store.write(snapshot(at: 2, term: 1))
    let discard = try store.discard(upTo: LogIndex(2))
    let reopened = store.crash(unsynced: .keeping([discard]))
    #expect(reopened.firstIndex == LogIndex(1))
    #expect(reopened.snapshotPosition == .zero)
    #expect(store.crash(unsynced: .kept).firstIndex == LogIndex(3))
  }

  @Test func `a crash leaves the storage it was asked of as it was`() throws {
    var store = MemoryStorage()
    _ = try store.append(entries(from: 1, terms: [1]))
    var reopened = store.crash(unsynced: .kept)
    _ = try reopened.append(entries(from: 1, terms: [7]))
    #expect(try store.term(at: LogIndex(1)) == Term(1))
    #expect(store.pendingWrites.count == 1)
  }

  // Copying the log at each write would move some 10 TB here.
  @Test(.timeLimit(.minutes(1)))
  func `a write costs its own size, not the log's`() throws {
    var store = MemoryStorage()
    let count: UInt64 = 100_000
    for index in 1...count {
      _ = try store.append([Entry(index: LogIndex(index), term: Term(1), payload: [])])
      try store.sync()
    }
    #expect(store.lastIndex == LogIndex(count))
    #expect(store.crash(unsynced: .lost).lastIndex == LogIndex(count))
  }

  @Test func `an append without entries is a fault of the caller`() async {
    await #expect(processExitsWith: .failure) {
      var store = MemoryStorage()
      _ = try store.append([])
    }
  }
}
