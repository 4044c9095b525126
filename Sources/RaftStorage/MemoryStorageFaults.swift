import RaftTypes

/// What an operation of a `MemoryStorage` is made to fail with.
public enum StorageFault: Hashable, Sendable {
  /// The device fails: the storage is poisoned.
  case io
  /// There is no room: a write is refused with `.full` and nothing else happens. A sync that finds
  /// no room fails like a device.
  case full

  var reason: IOReason {
    switch self {
    case .io: .device
    case .full: .noSpace
    }
  }
}

/// What becomes of the writes that were not durable when a node crashes.
public enum UnsyncedFate: Hashable, Sendable {
  /// All are gone: only what was durable is left.
  case lost
  /// All had reached the disk after all.
  case kept
  /// All had reached it but the last, which was cut in the middle: of entries the first half,
  /// rounded down, is left; anything else is gone.
  case torn
  /// These had reached it and the others had not. What can't stand without a lost one is lost with
  /// it: entries survive where the entry they were written after does, a discard where the
  /// snapshot that it needs does. Numbers of other writes change nothing.
  case keeping(Set<WriteSequence>)
}

/// What becomes of the disk when a node crashes.
public enum DiskFate: Hashable, Sendable {
  /// It stays.
  case intact
  /// It is replaced by an empty one: the node has forgotten what it promised.
  case wiped
}

/// A failure to come.
struct ScheduledFault: Sendable {
  var operation: StorageOperation
  /// How many operations of the kind are left, the failing one included.
  var countdown: Int
  var fault: StorageFault
}

extension MemoryStorage {
  /// Makes the nth operation of a kind from now on fail; those refused for what they ask are not
  /// counted. What fails has no effect on readers, nor on the disk.
  ///
  /// - Parameter nth: 1 for the next one.
  public mutating func failNext(
    _ operation: StorageOperation, nth: Int = 1, with fault: StorageFault = .io
  ) {
    precondition(nth > 0, "operations are counted from 1")
    precondition(operation != .read, "reading memory can't fail")
    scheduledFaults.append(ScheduledFault(operation: operation, countdown: nth, fault: fault))
  }

  /// The storage as the node finds it when it starts again: what survived is durable, and poison,
  /// holds, failures to come and the count of writes are gone. The storage itself stays as it is,
  /// so that one moment can be crashed in several ways.
  public func crash(unsynced: UnsyncedFate, disk: DiskFate = .intact) -> MemoryStorage {
    switch disk {
    case .intact: MemoryStorage(contents: survivors(unsynced))
    case .wiped: MemoryStorage()
    }
  }

  private func survivors(_ unsynced: UnsyncedFate) -> StoredState {
    var contents = durable
    switch unsynced {
    case .lost:
      break
    case .kept:
      contents = visible
    case .torn:
      for write in queue.dropLast() { contents.apply(write.change) }
      if let rest = queue.last?.change.torn { contents.apply(rest) }
    case .keeping(let kept):
      for write in queue where kept.contains(write.sequence) && contents.fits(write.change) {
        contents.apply(write.change)
      }
    }
    return contents
  }

  /// Counts an operation, and fails it where that was scheduled.
  mutating func begin(_ operation: StorageOperation) throws(StorageError) {
    guard !scheduledFaults.isEmpty else { return }
    for position in scheduledFaults.indices where scheduledFaults[position].operation == operation {
      scheduledFaults[position].countdown -= 1
    }
    guard let due = scheduledFaults.firstIndex(where: { $0.countdown == 0 }) else { return }
    let fault = scheduledFaults[due].fault
    scheduledFaults.removeAll { $0.countdown == 0 }
    if fault == .full && operation != .sync { throw .full(operation, at: .memory) }
    let cause = StorageError.ioFailed(operation, at: .memory, reason: fault.reason)
    failure = cause
    throw cause
  }
}
