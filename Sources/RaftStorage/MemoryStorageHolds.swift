import RaftTypes

/// The kinds of write that a `MemoryStorage` holds back.
public struct HoldSet: OptionSet, Hashable, Sendable {
  /// One bit for each kind.
  public let rawValue: UInt8

  /// The kinds whose bits are set.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Writes of entries.
  public static let entries = HoldSet(rawValue: 1)
  /// Writes of the hard state.
  public static let vote = HoldSet(rawValue: 2)
  /// Writes of snapshots, and the discarding that follows them.
  public static let snapshot = HoldSet(rawValue: 4)
  /// Whole syncs: the writes that one sync covers are held, and completed, together.
  public static let sync = HoldSet(rawValue: 8)
}

/// Which held writes to complete.
public enum HeldSelection: Hashable, Sendable {
  /// The oldest ones, one or more. Fewer where fewer are held.
  case next(Int)
  /// The oldest ones up to and including the first write that contains this entry; none where no
  /// held write does.
  case through(LogPosition)
  /// All of them.
  case all
}

/// A write that is not durable yet, for whoever watches the storage.
public struct PendingWrite: Hashable, Sendable {
  /// The number that the write was given.
  public var sequence: WriteSequence
  /// What the write changes.
  public var content: Content
  /// Whether a sync was asked for; if so, the write waits for itself or one before it.
  public var isSyncRequested: Bool
  /// Whether this write itself is held back, not only one before it.
  public var isHeld: Bool

  /// What a pending write changes.
  public enum Content: Hashable, Sendable {
    case hardState(HardState)
    /// The positions written; those behind them were cut. The last one's term tells them apart
    /// from entries of the same positions.
    case entries(LogRange, lastTerm: Term)
    case snapshot(LogPosition)
    case discard(upTo: LogIndex)
  }
}

/// A write on its way to the disk.
struct QueuedWrite: Sendable {
  var sequence: WriteSequence
  var change: StoredChange
  /// The sync that asked for this write, counted from 1; `nil` before there is one.
  var sync: Int?
  /// Whether it was completed by name, whatever is held.
  var isReleased = false

  func contains(_ position: LogPosition) -> Bool {
    guard case .entries(let entries, _) = change, let first = entries.first?.index,
      position.index >= first, position.index < first + entries.count
    else { return false }
    return entries[position.index - first].term == position.term
  }

  /// What `PendingWrite` tells of the change.
  var content: PendingWrite.Content {
    switch change {
    case .hardState(let hardState): return .hardState(hardState)
    case .entries(let entries, let previous):
      let range = LogRange(first: previous.index.next, count: entries.count)
      return .entries(range, lastTerm: entries.last?.term ?? previous.term)
    case .snapshot(let snapshot): return .snapshot(snapshot.position)
    case .discard(let index): return .discard(upTo: index)
    }
  }
}

extension MemoryStorage {
  /// The writes that are not durable yet, oldest first.
  public var pendingWrites: [PendingWrite] {
    queue.map { write in
      PendingWrite(
        sequence: write.sequence, content: write.content, isSyncRequested: write.sync != nil,
        isHeld: isHeld(write))
    }
  }

  /// Holds writes of these kinds back from now on, also those on their way: a sync leaves them, and
  /// everything written after them, short of durable until they are completed or released.
  public mutating func hold(_ kinds: HoldSet) {
    holds.formUnion(kinds)
  }

  /// Ends holding these kinds; what only they held back becomes durable if a sync asked for it.
  public mutating func release(_ kinds: HoldSet) {
    holds.subtract(kinds)
    drain()
  }

  /// Completes held writes in order, and with them what waited behind them; the hold goes on for
  /// the others. Writes that no sync asked for are not touched. While whole syncs are held,
  /// `.next` counts syncs, and `.through` completes the whole sync of the write it names.
  ///
  /// - Parameter fault: makes the completion fail: none of the writes becomes durable, and the
  ///   storage is poisoned.
  /// - Returns: the held writes that were completed or failed, oldest first; none where none was
  ///   held, or on a poisoned storage, and then nothing changes.
  @discardableResult
  public mutating func complete(
    _ selection: HeldSelection, failing fault: StorageFault? = nil
  ) -> [WriteSequence] {
    guard failure == nil, let end = endOfSelection(selection) else { return [] }
    let selected = queue.indices.filter { $0 <= end && isHeld(queue[$0]) }
    let sequences = selected.map { queue[$0].sequence }
    if let fault {
      failure = .ioFailed(.sync, at: .memory, reason: fault.reason)
      return sequences
    }
    for position in selected { queue[position].isReleased = true }
    drain()
    return sequences
  }

  /// The place in the queue of the last write selected; `nil` where no held write is.
  private func endOfSelection(_ selection: HeldSelection) -> Int? {
    let held = queue.indices.filter { isHeld(queue[$0]) }
    switch selection {
    case .next(let count):
      precondition(count > 0, "completing \(count) writes")
      let units = holds.contains(.sync) ? held.filter(isLastOfSync) : held
      return units.prefix(count).last
    case .through(let position):
      guard let found = held.first(where: { queue[$0].contains(position) }) else { return nil }
      guard holds.contains(.sync) else { return found }
      return held.first { $0 >= found && isLastOfSync($0) }
    case .all:
      return held.last
    }
  }

  private func isLastOfSync(_ position: Int) -> Bool {
    position + 1 == queue.count || queue[position + 1].sync != queue[position].sync
  }

  /// Whether a write that a sync asked for is kept from becoming durable by a hold on itself.
  private func isHeld(_ write: QueuedWrite) -> Bool {
    guard write.sync != nil, !write.isReleased else { return false }
    if holds.contains(.sync) { return true }
    switch write.change {
    case .hardState: return holds.contains(.vote)
    case .entries: return holds.contains(.entries)
    case .snapshot, .discard: return holds.contains(.snapshot)
    }
  }

  /// Makes writes durable from the oldest on, up to the first that is held or not asked for.
  mutating func drain() {
    guard failure == nil else { return }
    var count = 0
    for write in queue {
      guard write.sync != nil, !isHeld(write) else { break }
      durable.apply(write.change)
      durableSequence = write.sequence
      count += 1
    }
    if count > 0 { queue.removeFirst(count) }
  }
}
