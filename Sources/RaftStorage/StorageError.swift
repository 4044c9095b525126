import RaftTypes

/// Why a storage refused or failed.
///
/// `compacted` to `notCovered` refuse a request that does not fit what is held; `full` one there is
/// no room for. Neither changes anything. `ioFailed` poisons the storage, `poisoned` is every
/// answer after that, and `corrupt` is what a storage over files says when it can't be opened.
///
/// - Clause: storage.typed-errors.
public enum StorageError: Error, Hashable, Sendable {
  /// `index` lies below `first`, the lowest position that can be read or written.
  case compacted(index: LogIndex, first: LogIndex)
  /// `index` lies above the last entry.
  case unavailable(index: LogIndex, last: LogIndex)
  /// Entries have to continue at `expected` at the latest.
  case gap(expected: LogIndex, found: LogIndex)
  /// The hard state offered has a lower term than the one held.
  case termRegression(held: Term, offered: Term)
  /// The hard state offered changes or takes back the vote held in the same term.
  case voteChanged(term: Term, held: ServerID, offered: ServerID?)
  /// The snapshot offered does not cover more than the one held.
  case staleSnapshot(held: LogPosition, offered: LogPosition)
  /// Entries up to `index` can't be discarded: the snapshot ends at `covered`.
  case notCovered(index: LogIndex, covered: LogIndex)
  /// A write or a sync failed before; the cause is carried along.
  indirect case poisoned(by: StorageError)
  /// The device or the file system failed an operation. Whether it took effect is unknown.
  case ioFailed(StorageOperation, at: StoragePlace, reason: IOReason)
  /// There was no room; nothing was written.
  case full(StorageOperation, at: StoragePlace)
  /// What was read back is not what was made durable.
  case corrupt(at: StoragePlace, finding: CorruptionFinding)
}

/// What a storage was asked to do.
public enum StorageOperation: String, Hashable, Sendable, CaseIterable {
  /// Writing entries.
  case append
  /// Writing the hard state.
  case write
  /// Writing a snapshot.
  case snapshot
  /// Dropping entries that a snapshot covers.
  case discard
  /// Making writes durable.
  case sync
  /// Reading entries or a snapshot.
  case read
}

/// Where in a storage something happened.
public enum StoragePlace: Hashable, Sendable, CustomStringConvertible {
  /// A storage without files.
  case memory
  /// A file, and the offset in it, bytes.
  case file(path: String, offset: UInt64)

  /// The place in words, for messages.
  public var description: String {
    switch self {
    case .memory: "memory"
    case .file(let path, let offset): "\(path), byte \(offset)"
    }
  }
}

/// Why the system failed an operation.
public enum IOReason: Hashable, Sendable, CustomStringConvertible {
  /// The device reported an error.
  case device
  /// The room that a write had been promised was missing when it was synced.
  case noSpace

  /// The reason in words, for messages.
  public var description: String {
    switch self {
    case .device: "the device reported an input/output error"
    case .noSpace: "the device ran out of room"
    }
  }
}

/// What is wrong with bytes that were durable once.
public enum CorruptionFinding: String, Hashable, Sendable, CaseIterable {
  /// The bytes do not match their checksum.
  case checksum = "the bytes do not match their checksum"
  /// A record, a segment or the end of the log is missing.
  case missing = "bytes that were durable are missing"
  /// The bytes are valid and belong elsewhere: another place, node or life of the log.
  case foreign = "the bytes belong to another place, node or life of the log"
}
