import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// Why a write did not happen, and the node with it.
enum DiskFailure: Error {
  /// The storage refused or failed.
  case storage(StorageError)
  /// The process dies right before it.
  case crash
}

/// The storage as a shell uses it: writes that may meet a planned fault, and their completions in
/// the order in which they were made.
struct Disk {
  private(set) var storage: MemoryStorage
  /// The last write of a hard state; no message may leave before it is durable.
  private(set) var lastHardState = WriteSequence.zero
  private var faults = FaultPlan()
  /// The writes that the core has not been told of as durable, oldest first.
  private var awaited: [(sequence: WriteSequence, completion: Input)] = []

  init(_ storage: MemoryStorage) { self.storage = storage }

  /// The last write that is durable.
  var durableSequence: WriteSequence { storage.durableSequence }

  mutating func plan(_ fault: AdapterProtocol.StorageFault) { faults.add(fault) }

  mutating func write(_ hardState: HardState) throws(DiskFailure) {
    try meetFault(at: .vote, as: .write)
    lastHardState = try storing { storage throws(StorageError) in try storage.write(hardState) }
    awaited.append((lastHardState, .hardStatePersisted(hardState)))
  }

  /// Writes entries; `ticket` names the write to the core.
  mutating func append(_ entries: [Entry], ticket: AppendTicket) throws(DiskFailure) {
    try meetFault(at: .append, as: .append)
    let sequence = try storing { storage throws(StorageError) in try storage.append(entries) }
    awaited.append((sequence, .appendPersisted(ticket)))
  }

  mutating func sync() throws(DiskFailure) {
    try meetFault(at: .sync, as: .sync)
    try storing { storage throws(StorageError) in try storage.sync() }
  }

  /// The next completion to tell the core of, if a write has become durable.
  mutating func takeCompletion() -> Input? {
    guard let next = awaited.first, next.sequence <= durableSequence else { return nil }
    awaited.removeFirst()
    return next.completion
  }

  mutating func hold(_ kinds: HoldSet) { storage.hold(kinds) }

  mutating func release(_ kinds: HoldSet) { storage.release(kinds) }

  /// Completes held writes, or fails them.
  ///
  /// - Returns: whether there were any.
  mutating func complete(_ selection: HeldSelection, fails: Bool) -> Bool {
    !storage.complete(selection, failing: fails ? .io : nil).isEmpty
  }

  /// Whether the storage is lost until it is opened again.
  var hasFailed: Bool { storage.failure != nil }

  private mutating func meetFault(
    at operation: AdapterProtocol.StorageFault.Operation, as stored: StorageOperation
  ) throws(DiskFailure) {
    switch faults.meet(operation) {
    case nil: break
    case .io: storage.failNext(stored, with: .io)
    case .full: storage.failNext(stored, with: .full)
    case .crash: throw .crash
    }
  }

  private mutating func storing<Result>(
    _ body: (inout MemoryStorage) throws(StorageError) -> Result
  ) throws(DiskFailure) -> Result {
    do {
      return try body(&storage)
    } catch {
      throw .storage(error)
    }
  }
}
