import RaftStorage
import RaftTypes

/// The last field of records that mark an end, so that their last byte is never zero by chance.
let endMark: UInt64 = 0x4B52_414D_444E_4501

/// The snapshot that a log goes on from, by what its file must be like.
struct SnapshotMarker: Hashable, Sendable {
  var position: LogPosition
  /// The checksum of the file.
  var fileCRC: UInt32
  /// Bytes of the file.
  var fileBytes: UInt64
}

/// The state of a log between two records, entries left out.
struct Checkpoint: Hashable, Sendable {
  var hardState = HardState()
  /// The position before the first entry held.
  var base: LogPosition = .zero
  var last: LogPosition = .zero
  var snapshot: SnapshotMarker?
}

/// Whose log it is.
struct LogIdentity: Hashable, Sendable {
  var cluster: ClusterID
  var node: ServerID
  /// Drawn when the log is made: a log that was made anew is another one.
  var log: UInt64
}

/// The payload of a segment's first record.
struct SegmentHead: Hashable, Sendable {
  static let fieldCount = 18

  var number: UInt64
  var fileBytes: UInt64
  var identity: LogIdentity
  var checkpoint: Checkpoint

  /// Bytes of the record.
  static var recordBytes: Int { RecordWriter.byteCount(fields: fieldCount) }

  var flags: UInt8 {
    (checkpoint.hardState.votedFor == nil ? 0 : 1) | (checkpoint.snapshot == nil ? 0 : 2)
  }

  var fields: [UInt64] {
    let hardState = checkpoint.hardState
    let snapshot = checkpoint.snapshot
    return [
      UInt64(RecordHeader.version), number, fileBytes,
      identity.cluster.rawValue, identity.node.rawValue, identity.log,
      hardState.term.rawValue, hardState.votedFor?.rawValue ?? 0,
      checkpoint.base.index.rawValue, checkpoint.base.term.rawValue,
      checkpoint.last.index.rawValue, checkpoint.last.term.rawValue,
      snapshot?.position.index.rawValue ?? 0, snapshot?.position.term.rawValue ?? 0,
      UInt64(snapshot?.fileCRC ?? 0), snapshot?.fileBytes ?? 0,
      0, endMark,
    ]
  }

  init(number: UInt64, fileBytes: UInt64, identity: LogIdentity, checkpoint: Checkpoint) {
    self.number = number
    self.fileBytes = fileBytes
    self.identity = identity
    self.checkpoint = checkpoint
  }

  init(_ fields: [UInt64], flags: UInt8) {
    number = fields[1]
    fileBytes = fields[2]
    identity = LogIdentity(
      cluster: ClusterID(fields[3]), node: ServerID(fields[4]), log: fields[5])
    checkpoint = Checkpoint(
      hardState: HardState(
        term: Term(fields[6]), votedFor: flags & 1 == 1 ? ServerID(fields[7]) : nil),
      base: LogPosition(index: LogIndex(fields[8]), term: Term(fields[9])),
      last: LogPosition(index: LogIndex(fields[10]), term: Term(fields[11])))
    if flags & 2 == 2 {
      checkpoint.snapshot = SnapshotMarker(
        position: LogPosition(index: LogIndex(fields[12]), term: Term(fields[13])),
        fileCRC: UInt32(truncatingIfNeeded: fields[14]), fileBytes: fields[15])
    }
  }
}

/// The payload of a batch's last record: what the batch left behind, so that damage inside it does
/// not take away what the node promised.
struct BatchTrailer: Hashable, Sendable {
  static let fieldCount = 8

  var firstSequence: UInt64
  /// The first entry of the batch; 0 for a batch without entries.
  var firstIndex: LogIndex
  /// The last entry of the log after the batch.
  var last: LogPosition
  var hardState: HardState
  /// Bytes of the batch before the trailer.
  var bytes: UInt64

  static var recordBytes: Int { RecordWriter.byteCount(fields: fieldCount) }

  var flags: UInt8 { hardState.votedFor == nil ? 0 : 1 }

  var fields: [UInt64] {
    [
      firstSequence, firstIndex.rawValue, last.index.rawValue, last.term.rawValue,
      hardState.term.rawValue, hardState.votedFor?.rawValue ?? 0, bytes, endMark,
    ]
  }

  init(
    firstSequence: UInt64, firstIndex: LogIndex, last: LogPosition, hardState: HardState,
    bytes: UInt64
  ) {
    self.firstSequence = firstSequence
    self.firstIndex = firstIndex
    self.last = last
    self.hardState = hardState
    self.bytes = bytes
  }

  init(_ fields: [UInt64], flags: UInt8) {
    firstSequence = fields[0]
    firstIndex = LogIndex(fields[1])
    last = LogPosition(index: LogIndex(fields[2]), term: Term(fields[3]))
    hardState = HardState(
      term: Term(fields[4]), votedFor: flags & 1 == 1 ? ServerID(fields[5]) : nil)
    bytes = fields[6]
  }
}

extension RecordType {
  /// How many fields of 8 bytes the payload begins with.
  var fieldCount: Int {
    switch self {
    case .segmentHeader: SegmentHead.fieldCount
    case .entry, .hardState, .truncation, .discard: 2
    case .snapshot: 4
    case .claim: 5
    case .trailer: BatchTrailer.fieldCount
    case .seal: 2
    case .segmentEnd: 2
    }
  }
}

extension RecordWriter {
  mutating func append(_ head: SegmentHead) {
    append(.segmentHeader, flags: head.flags, fields: head.fields)
  }

  mutating func append(_ entry: Entry) {
    append(
      .entry, flags: entry.kind.rawValue, fields: [entry.index.rawValue, entry.term.rawValue],
      data: entry.payload)
  }

  mutating func append(_ hardState: HardState) {
    append(
      .hardState, flags: hardState.votedFor == nil ? 0 : 1,
      fields: [hardState.term.rawValue, hardState.votedFor?.rawValue ?? 0])
  }

  /// A cut of the log behind `kept`.
  mutating func append(truncationAfter kept: LogPosition) {
    append(.truncation, fields: [kept.index.rawValue, kept.term.rawValue])
  }

  mutating func append(_ marker: SnapshotMarker, replacesLog: Bool) {
    append(
      .snapshot, flags: replacesLog ? 1 : 0,
      fields: [
        marker.position.index.rawValue, marker.position.term.rawValue, UInt64(marker.fileCRC),
        marker.fileBytes,
      ])
  }

  mutating func append(discardUpTo base: LogPosition) {
    append(.discard, fields: [base.index.rawValue, base.term.rawValue])
  }

  mutating func append(_ trailer: BatchTrailer) {
    append(.trailer, flags: trailer.flags, fields: trailer.fields)
  }

  /// A seal, which fills a sector.
  mutating func appendSeal() {
    let data = WALFormat.sectorBytes - RecordHeader.byteCount - 16
    append(
      .seal, fields: [chain.sequence, endMark], data: Array(repeating: 0xFF, count: data))
  }

  mutating func append(segmentEndBefore next: UInt64) {
    append(.segmentEnd, fields: [next, endMark])
  }
}
