import RaftCore
import RaftStorage
import RaftTypes

/// One write, with its bytes.
enum DiskWrite {
  case hardState(HardState)
  /// Entries, one or more; what stood at the first one's position and behind it is cut.
  case entries([Entry])
  case snapshot(Snapshot, replacesLog: Bool)
  /// The entries up to here go.
  case discard(upTo: LogIndex)

  /// Whether the write waits where the disk is full.
  var needsRoom: Bool {
    switch self {
    case .entries: true
    case .hardState, .snapshot, .discard: false
    }
  }

  /// What of the write is there when it was cut in the middle, and the part that was cut: entries
  /// are written one after the other, all else as a whole or not at all.
  var torn: (whole: DiskWrite?, cut: DiskWrite) {
    guard case .entries(let entries) = self, entries.count > 1 else { return (nil, self) }
    let half = entries.count / 2
    return (.entries(Array(entries[..<half])), .entries([entries[half]]))
  }
}

/// A write on its way to the medium.
struct QueuedWrite {
  var sequence: WriteSequence
  var write: DiskWrite
  /// What the core is to be told once it is durable.
  var completion: Input?
  /// The sync that asked for this write, counted from 1; `nil` before there is one.
  var sync: Int?
  /// Whether it was completed by name, whatever is held.
  var isReleased = false

  /// Whether this write itself is kept back by a hold on these kinds.
  func isHeld(by holds: HoldSet) -> Bool {
    guard sync != nil, !isReleased else { return false }
    if holds.contains(.sync) { return true }
    switch write {
    case .hardState: return holds.contains(.vote)
    case .entries: return holds.contains(.entries)
    case .snapshot, .discard: return holds.contains(.snapshot)
    }
  }

  /// Whether the write makes this position durable.
  func contains(_ position: LogPosition) -> Bool {
    switch write {
    case .hardState, .discard: return false
    case .snapshot(let snapshot, _): return snapshot.position == position
    case .entries(let entries):
      guard let first = entries.first?.index, position.index >= first,
        position.index < first + entries.count
      else { return false }
      return entries[position.index - first].term == position.term
    }
  }
}

/// What waits, and so keeps later writes waiting.
struct Lanes {
  private var isLogBlocked = false
  private var isBesideBlocked = false
  /// Whether entries wait for room. The hard state has a reserve, and passes them.
  private var isFull = false

  func isBlocked(for write: DiskWrite) -> Bool {
    switch write {
    case .hardState: isLogBlocked
    case .entries: isLogBlocked || isFull
    case .snapshot(_, let replacesLog):
      isBesideBlocked || replacesLog && (isLogBlocked || isFull)
    case .discard: isBesideBlocked
    }
  }

  mutating func block(behind write: DiskWrite) {
    switch write {
    case .hardState, .entries: isLogBlocked = true
    case .snapshot, .discard: isBesideBlocked = true
    }
  }

  mutating func blockForRoom() { isFull = true }
}
