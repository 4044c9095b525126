/// What a record of the log is. The numbers are those of `Spec/WALFormat.md`.
public enum RecordType: UInt8, Hashable, Sendable, CaseIterable {
  /// The first record of a segment: whose log it is, and the state before the segment.
  case segmentHeader = 1
  /// An entry.
  case entry = 2
  /// The term and the vote.
  case hardState = 3
  /// The log was cut behind a position. It takes effect with the entry that follows it.
  case truncation = 4
  /// A snapshot became the newest one; its file is durable.
  case snapshot = 5
  /// The entries up to a position were dropped, which the snapshot covers.
  case discard = 6
  /// What the log claimed before damage to its end. It stands in a file of its own.
  case claim = 7
  /// The end of a batch, which was written and synced as one.
  case trailer = 8
  /// The log was idle: everything before this is durable. It has a sector for itself.
  case seal = 9
  /// The end of a segment that another one follows.
  case segmentEnd = 10
}

/// The 40 bytes before each record's payload.
struct RecordHeader: Hashable, Sendable {
  static let byteCount = 40
  /// `RWL` and a byte with more than one bit set, so that no single flipped bit makes it zero.
  static let magic: UInt32 = 0x314C_5752
  static let version: UInt16 = 1

  /// Bytes of payload, padding left out.
  var length: UInt32
  /// The record's number in the life of the log, from 1.
  var sequence: UInt64
  /// The last record that was known to be durable when this one was written.
  var syncedSequence: UInt64
  var type: UInt8
  var flags: UInt8
  var version: UInt16
  var previousHeaderCRC: UInt32
  var bodyCRC: UInt32
  var headerCRC: UInt32 = 0

  /// Bytes of payload and the zeros that fill it up to a multiple of 8.
  var paddedLength: Int { (Int(length) + 7) & ~7 }
  /// Bytes of the whole record.
  var recordBytes: Int { Self.byteCount + paddedLength }

  /// Where a record without payload starts its checksum: the log's id, so that a record of another
  /// log is not taken for one of this.
  static func seed(of log: UInt64) -> UInt32 {
    withUnsafeBytes(of: log.littleEndian) { CRC32C.of($0) }
  }

  /// Writes the header, its checksum included, to 40 bytes.
  mutating func write(to bytes: UnsafeMutableRawPointer, seed: UInt32) {
    bytes.storeBytes(of: Self.magic.littleEndian, as: UInt32.self)
    bytes.storeBytes(of: length.littleEndian, toByteOffset: 4, as: UInt32.self)
    bytes.storeBytes(of: sequence.littleEndian, toByteOffset: 8, as: UInt64.self)
    bytes.storeBytes(of: syncedSequence.littleEndian, toByteOffset: 16, as: UInt64.self)
    bytes.storeBytes(of: type, toByteOffset: 24, as: UInt8.self)
    bytes.storeBytes(of: flags, toByteOffset: 25, as: UInt8.self)
    bytes.storeBytes(of: version.littleEndian, toByteOffset: 26, as: UInt16.self)
    bytes.storeBytes(of: previousHeaderCRC.littleEndian, toByteOffset: 28, as: UInt32.self)
    bytes.storeBytes(of: bodyCRC.littleEndian, toByteOffset: 32, as: UInt32.self)
    headerCRC = CRC32C.of(UnsafeRawBufferPointer(start: bytes, count: 36), after: seed)
    bytes.storeBytes(of: headerCRC.littleEndian, toByteOffset: 36, as: UInt32.self)
  }

  /// Reads a header from 40 bytes.
  ///
  /// - Parameter seed: that of the log; a segment's first record, which names the log, has none and
  ///   is tried with 0 as well.
  /// - Returns: `nil` where the bytes are not a header of this log.
  init?(_ bytes: UnsafeRawPointer, seed: UInt32) {
    func load<T: FixedWidthInteger>(_ offset: Int, _: T.Type) -> T {
      T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
    guard load(0, UInt32.self) == Self.magic else { return nil }
    length = load(4, UInt32.self)
    sequence = load(8, UInt64.self)
    syncedSequence = load(16, UInt64.self)
    type = load(24, UInt8.self)
    flags = load(25, UInt8.self)
    version = load(26, UInt16.self)
    previousHeaderCRC = load(28, UInt32.self)
    bodyCRC = load(32, UInt32.self)
    headerCRC = load(36, UInt32.self)
    let start = type == RecordType.segmentHeader.rawValue ? 0 : seed
    guard CRC32C.of(UnsafeRawBufferPointer(start: bytes, count: 36), after: start) == headerCRC
    else { return nil }
  }

  init(
    type: RecordType, flags: UInt8, length: Int, sequence: UInt64, synced: UInt64,
    previousHeaderCRC: UInt32, bodyCRC: UInt32
  ) {
    self.type = type.rawValue
    self.flags = flags
    self.length = UInt32(length)
    self.sequence = sequence
    syncedSequence = synced
    version = Self.version
    self.previousHeaderCRC = previousHeaderCRC
    self.bodyCRC = bodyCRC
  }
}

/// A place in the chain of records: the number and the header's checksum of the last one.
struct ChainEnd: Hashable, Sendable {
  var sequence: UInt64 = 0
  var headerCRC: UInt32 = 0
}
