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

/// The disk as a shell uses it, on any medium: writes that may meet a planned fault, that may be
/// held back from becoming durable, and their completions.
///
/// A write waits here until its sync is carried out; then the medium gets it, and syncs it. So what
/// the medium holds is what is durable, and a crash decides what becomes of the rest: gone with
/// this value, or handed to the medium after all, whole or cut.
///
/// Writes become durable in the order in which they were made. Snapshots are written beside the
/// log: while one is held, later writes of entries and of the hard state go on. On a full disk
/// entries wait until there is room, and the hard state, which has a reserve, passes them.
struct Disk {
  private(set) var medium: any Medium
  /// The last write of a hard state; no message may leave before it is durable.
  private(set) var lastHardState = WriteSequence.zero
  /// The last write of a hard state that is durable.
  private(set) var durableHardState = WriteSequence.zero
  /// Why the disk is lost until it is opened again, if it is.
  var failure: StorageError?
  /// Whether entries wait for room.
  private(set) var isFull = false

  private var faults = FaultPlan()
  var holds: HoldSet = []
  /// The writes that are not durable, oldest first.
  var queue: [QueuedWrite] = []
  private var lastSequence = WriteSequence.zero
  private var syncCount = 0
  /// The completions of which the core has not been told, oldest first.
  private var completions: [Input] = []

  /// A disk on a medium that was opened for this life.
  init(_ medium: any Medium) { self.medium = medium }

  // MARK: Writing

  mutating func write(_ hardState: HardState) throws(DiskFailure) {
    try meetFault(at: .vote, as: .write, sparing: nil)
    lastHardState = enqueue(.hardState(hardState), telling: .hardStatePersisted(hardState))
  }

  /// Writes entries; `ticket` names the write to the core. Without room for them they wait.
  mutating func append(_ entries: [Entry], ticket: AppendTicket) throws(DiskFailure) {
    if try meetFault(at: .append, as: .append, sparing: .full) { isFull = true }
    enqueue(.entries(entries), telling: .appendPersisted(ticket))
  }

  /// Writes a snapshot.
  ///
  /// - Parameter replacesLog: the log does not hold the snapshot's last entry.
  /// - Returns: whether there was room for it.
  mutating func write(_ snapshot: Snapshot, replacesLog: Bool) throws(DiskFailure) -> Bool {
    if try meetFault(at: .snapshot, as: .snapshot, sparing: .full) { return false }
    enqueue(
      .snapshot(snapshot, replacesLog: replacesLog),
      telling: .snapshotPersisted(snapshot.position, size: UInt64(snapshot.data.count)))
    return true
  }

  /// Drops the entries up to `index`, which a durable snapshot covers. It needs no room.
  mutating func discard(upTo index: LogIndex) throws(DiskFailure) {
    try meetFault(at: .anyWrite, as: .discard, sparing: .full)
    enqueue(.discard(upTo: index), telling: nil)
  }

  /// Asks for all writes so far to become durable, and makes those durable that are not held.
  mutating func sync() throws(DiskFailure) {
    try meetFault(at: .sync, as: .sync, sparing: nil)
    syncCount += 1
    for place in queue.indices.reversed() {
      // The writes before one that was asked for already were asked for with it.
      if queue[place].sync != nil { break }
      queue[place].sync = syncCount
    }
    drain()
    if let failure { throw .storage(failure) }
  }

  /// The next completion to tell the core of, if a write has become durable.
  mutating func takeCompletion() -> Input? {
    completions.isEmpty ? nil : completions.removeFirst()
  }

  /// Tries a full disk again, which counts as a write of entries.
  mutating func retry() throws(DiskFailure) {
    if try meetFault(at: .append, as: .append, sparing: .full) { return }
    isFull = false
    drain()
    if let failure { throw .storage(failure) }
  }

  /// What the disk may have lost has been repaired by the other servers.
  mutating func confirmRepair() throws(DiskFailure) {
    do throws(StorageError) {
      try medium.confirmRepair()
    } catch {
      failure = error
      throw .storage(error)
    }
  }

  @discardableResult
  private mutating func enqueue(_ write: DiskWrite, telling completion: Input?) -> WriteSequence {
    lastSequence = lastSequence.next
    queue.append(QueuedWrite(sequence: lastSequence, write: write, completion: completion))
    return lastSequence
  }

  /// Hands the medium what was asked for and nothing keeps back, and syncs it.
  mutating func drain() {
    guard failure == nil, !queue.isEmpty else { return }
    var waiting: [QueuedWrite] = []
    var lanes = Lanes()
    let told = completions.count
    do throws(StorageError) {
      for write in queue {
        if write.sync == nil || lanes.isBlocked(for: write.write) || write.isHeld(by: holds) {
          lanes.block(behind: write.write)
          waiting.append(write)
        } else if try store(write.write) {
          if case .hardState = write.write { durableHardState = write.sequence }
          if let completion = write.completion { completions.append(completion) }
        } else {
          lanes.blockForRoom()
          waiting.append(write)
        }
      }
      if waiting.count < queue.count { try medium.sync() }
      if waiting.isEmpty { queue.removeAll(keepingCapacity: true) } else { queue = waiting }
    } catch {
      completions.removeSubrange(told...)
      failure = error
    }
  }

  /// Hands the medium a write.
  ///
  /// - Returns: `false` for entries without room.
  private mutating func store(_ write: DiskWrite) throws(StorageError) -> Bool {
    guard write.needsRoom else {
      try medium.store(write)
      return true
    }
    if isFull { return false }
    do throws(StorageError) {
      try medium.store(write)
    } catch .full(_, _) {
      isFull = true
      return false
    }
    return true
  }

  // MARK: Faults

  mutating func plan(_ fault: AdapterProtocol.StorageFault) { faults.add(fault) }

  /// Counts an operation.
  ///
  /// - Parameter spared: the effect that does not fail it.
  /// - Returns: whether that effect was planned for it.
  @discardableResult
  private mutating func meetFault(
    at operation: AdapterProtocol.StorageFault.Operation, as stored: StorageOperation,
    sparing spared: AdapterProtocol.StorageFault.Effect?
  ) throws(DiskFailure) -> Bool {
    guard let met = faults.meet(operation) else { return false }
    if met == spared { return true }
    let cause: StorageError
    switch met {
    case .crash: throw .crash
    case .io: cause = .ioFailed(stored, at: .memory, reason: .device)
    case .full: cause = .ioFailed(stored, at: .memory, reason: .noSpace)
    }
    failure = cause
    throw .storage(cause)
  }
}
