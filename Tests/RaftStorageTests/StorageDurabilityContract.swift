import RaftStorage
import RaftTypes
import Testing

/// What every storage keeps through a power cut, and what it does once it has failed.
@Suite struct `Storage contract of durability` {
  @Test(arguments: StorageSubject.all, PowerCut.allCases)
  func `what was synced survives every power cut`(
    _ subject: StorageSubject, _ cut: PowerCut
  ) throws {
    var store = try subject.open()
    _ = try store.write(hardState(term: 2, votedFor: 3))
    _ = try store.append(entries(from: 1, terms: [1, 1, 2, 2]))
    _ = try store.write(snapshot(at: 2, term: 1))
    let last = try store.discard(upTo: LogIndex(1))
    try store.sync()
    #expect(store.durableSequence == last)
    let before = try Contents(of: store)
    let reopened = try store.reopened(after: cut)
    #expect(try Contents(of: reopened) == before)
    #expect(reopened.durableSequence == .zero)
    #expect(reopened.failure == nil)
  }

  @Test(arguments: StorageSubject.all)
  func `what was not synced is lost with the power`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.write(hardState(term: 1, votedFor: 1))
    _ = try store.append(entries(from: 1, terms: [1, 1, 1]))
    try store.sync()
    let synced = try Contents(of: store)
    _ = try store.write(hardState(term: 2, votedFor: 2))
    _ = try store.append(entries(from: 2, terms: [2, 2, 2]))
    _ = try store.write(snapshot(at: 9, term: 2))
    #expect(store.durableSequence == WriteSequence(2))
    #expect(try Contents(of: store.reopened(after: .losingUnsynced)) == synced)
  }

  @Test(arguments: StorageSubject.all)
  func `a cut of the log is as durable as the entries behind it`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.append(entries(from: 1, terms: [1, 1, 1, 1, 1]))
    try store.sync()
    _ = try store.append(entries(from: 3, terms: [2]))
    try store.sync()
    let reopened = try store.reopened(after: .losingUnsynced)
    #expect(reopened.lastIndex == LogIndex(3))
    #expect(
      try reopened.entries(range(1, 3), maxBytes: .max) == entries(from: 1, terms: [1, 1, 2]))
  }

  @Test(arguments: StorageSubject.all)
  func `entries cut before a snapshot stay cut`(_ subject: StorageSubject) throws {
    // etcd-io/etcd#22442: entry 5 of term 1 came back, because a cut at or below the snapshot was
    // left out when the log was read again.
    var store = try subject.open()
    _ = try store.append(entries(from: 1, terms: [1, 1, 1, 1, 1]))
    _ = try store.append(entries(from: 3, terms: [2, 2]))
    _ = try store.write(snapshot(at: 4, term: 2))
    try store.sync()
    let reopened = try store.reopened(after: .losingUnsynced)
    #expect(reopened.lastIndex == LogIndex(4))
    #expect(reopened.snapshotPosition == position(4, 2))
  }

  @Test(arguments: StorageSubject.all)
  func `a reopened storage counts its writes anew and goes on`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.append(entries(from: 1, terms: [1]))
    try store.sync()
    store = try store.reopened(after: .losingUnsynced)
    #expect(try store.append(entries(from: 2, terms: [1])) == WriteSequence(1))
    try store.sync()
    #expect(store.durableSequence == WriteSequence(1))
    store = try store.reopened(after: .losingUnsynced)
    #expect(store.lastIndex == LogIndex(2))
  }

  @Test(
    arguments: StorageSubject.all,
    [StorageOperation.append, .write, .snapshot, .discard, .sync])
  func `a failure poisons the storage until it is opened again`(
    _ subject: StorageSubject, _ failing: StorageOperation
  ) throws {
    var store = try subject.open()
    _ = try store.write(hardState(term: 1))
    _ = try store.append(entries(from: 1, terms: [1]))
    try store.sync()
    let durable = store.durableSequence
    let meeting = store.failNext(failing)
    var cause: StorageError?
    do {
      _ = try store.write(hardState(term: 2))
      _ = try store.append(entries(from: 2, terms: [2]))
      _ = try store.write(snapshot(at: 2, term: 2))
      _ = try store.discard(upTo: LogIndex(2))
      try store.sync()
    } catch {
      cause = error
    }
    let failure = try #require(cause)
    guard case .ioFailed(meeting, at: _, reason: .device) = failure else {
      Issue.record("failed with \(failure)")
      return
    }
    #expect(store.failure == failure)
    #expect(store.durableSequence == durable)
    let hardStateBefore = store.hardState
    expectEverythingRefused(by: &store, with: .poisoned(by: failure))
    #expect(store.hardState == hardStateBefore)
    #expect(store.durableSequence == durable)

    store = try store.reopened(after: .losingUnsynced)
    #expect(store.failure == nil)
    #expect(store.hardState == hardState(term: 1))
    #expect(store.lastIndex == LogIndex(1))
    _ = try store.append(entries(from: 2, terms: [1]))
    try store.sync()
    #expect(store.durableSequence == WriteSequence(1))
  }

  /// Tries every method, those whose request would be refused anyway included.
  private func expectEverythingRefused(
    by store: inout any CrashableStorage, with poison: StorageError
  ) {
    #expect(throws: poison) { try store.write(hardState(term: 9)) }
    #expect(throws: poison) { try store.write(hardState(term: 0)) }
    #expect(throws: poison) { try store.append(entries(from: 1, terms: [9])) }
    #expect(throws: poison) { try store.append(entries(from: 50, terms: [9])) }
    #expect(throws: poison) { try store.write(snapshot(at: 50, term: 9)) }
    #expect(throws: poison) { try store.discard(upTo: LogIndex(50)) }
    #expect(throws: poison) { try store.sync() }
    #expect(throws: poison) { try store.terms() }
    #expect(throws: poison) { try store.term(at: .zero) }
    #expect(throws: poison) { try store.entries(range(1, 1), maxBytes: .max) }
    #expect(throws: poison) { try store.snapshot() }
  }
}
