import RaftTypes

/// Rebuilds a log's state from its records.
struct Replay {
  /// The state without the entries.
  private(set) var checkpoint: Checkpoint
  /// The entries whose records were read.
  private(set) var table: EntryTable
  /// A cut that takes effect with the entry that follows it.
  private var cut: LogPosition?

  /// Starts from the state that the first segment's head tells.
  init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    table = EntryTable(base: checkpoint.last)
  }

  /// Whether entries are held whose records lie in a segment that was not read.
  var isIncomplete: Bool { table.base.index > checkpoint.base.index }

  /// Takes in the record that the reader stands on.
  ///
  /// - Returns: whether it fits the records before it.
  mutating func apply(_ reader: SegmentReader, segment: UInt64) -> Bool {
    guard let type = reader.type else { return false }
    let pendingCut = cut
    cut = nil
    switch type {
    case .entry: return apply(entryOf: reader, segment: segment, cut: pendingCut)
    case .hardState:
      checkpoint.hardState = HardState(
        term: Term(reader.field(0)),
        votedFor: reader.header.flags & 1 == 1 ? ServerID(reader.field(1)) : nil)
    case .truncation:
      let kept = Self.position(reader, 0)
      guard kept.index >= checkpoint.base.index, kept.index <= checkpoint.last.index
      else { return false }
      cut = kept
    case .snapshot:
      let marker = SnapshotMarker(
        position: Self.position(reader, 0),
        fileCRC: UInt32(truncatingIfNeeded: reader.field(2)), fileBytes: reader.field(3))
      apply(marker, replacesLog: reader.header.flags & 1 == 1)
    case .discard: return discard(upTo: Self.position(reader, 0))
    case .trailer, .seal, .segmentEnd: break
    case .segmentHeader, .claim: return false
    }
    return true
  }

  private mutating func apply(
    entryOf reader: SegmentReader, segment: UInt64, cut: LogPosition?
  ) -> Bool {
    if let cut { truncate(after: cut) }
    let position = Self.position(reader, 0)
    guard position.index == checkpoint.last.index.next,
      let kind = EntryKind(rawValue: reader.header.flags)
    else { return false }
    table.append(
      EntrySlot(
        term: position.term, place: EntryPlace(segment: segment, offset: reader.recordOffset),
        size: reader.header.length - 16, kind: kind))
    checkpoint.last = position
    return true
  }

  private mutating func truncate(after kept: LogPosition) {
    if kept.index >= table.base.index {
      table.truncate(after: kept.index)
    } else {
      table = EntryTable(base: kept)
    }
    checkpoint.last = kept
  }

  private mutating func apply(_ marker: SnapshotMarker, replacesLog: Bool) {
    checkpoint.snapshot = marker
    if replacesLog {
      table = EntryTable(base: marker.position)
      checkpoint.base = marker.position
      checkpoint.last = marker.position
    }
  }

  private mutating func discard(upTo base: LogPosition) -> Bool {
    guard base.index >= checkpoint.base.index, base.index <= checkpoint.last.index
    else { return false }
    if base.index > table.base.index { table.discard(upTo: base.index) }
    checkpoint.base = base
    return true
  }

  private static func position(_ reader: SegmentReader, _ field: Int) -> LogPosition {
    LogPosition(index: LogIndex(reader.field(field)), term: Term(reader.field(field + 1)))
  }
}
