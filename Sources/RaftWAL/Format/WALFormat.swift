import RaftTypes

/// The sizes and names of the format, as `Spec/WALFormat.md` states them.
public enum WALFormat {
  /// The version that is written. A log of a higher one is refused.
  public static let version: UInt16 = RecordHeader.version
  /// The unit that a disk writes as a whole, bytes.
  public static let sectorBytes = 512
  /// The file that keeps a second process out.
  public static let lockName = "lock"
  /// The file that keeps what the log claimed before damage to its end.
  static let claimName = "claim.wal"
  /// What ends the names of files that are not finished.
  static let temporarySuffix = ".tmp"

  /// The end of a segment that only its last record may take up.
  static var segmentEndBytes: Int { RecordWriter.byteCount(fields: 2) }

  /// The name of a segment's file.
  public static func segmentName(_ number: UInt64) -> String {
    "segment-\(padded(number)).wal"
  }

  /// The number in the name of a segment's file; `nil` for another file.
  public static func segmentNumber(_ name: String) -> UInt64? {
    number(in: name, prefix: "segment-", suffix: ".wal")
  }

  /// The name of a snapshot's file.
  static func snapshotName(_ position: LogPosition) -> String {
    "snapshot-\(padded(position.index.rawValue))-\(padded(position.term.rawValue)).snap"
  }

  /// The position in the name of a snapshot's file; `nil` for another file.
  static func snapshotPosition(_ name: String) -> LogPosition? {
    guard name.hasPrefix("snapshot-"), name.hasSuffix(".snap") else { return nil }
    let parts = name.dropFirst(9).dropLast(5).split(separator: "-")
    guard parts.count == 2, let index = UInt64(parts[0]), let term = UInt64(parts[1]) else {
      return nil
    }
    let position = LogPosition(index: LogIndex(index), term: Term(term))
    return snapshotName(position) == name ? position : nil
  }

  /// The name of the copy of a tail that was cut off.
  static func tornName(segment: UInt64, offset: UInt64) -> String {
    "torn-\(padded(segment))-\(offset).bin"
  }

  private static func padded(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 20 - digits.count) + digits
  }

  private static func number(in name: String, prefix: String, suffix: String) -> UInt64? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
    return digits.count == 20 ? UInt64(digits) : nil
  }

  /// The place of the next sector that begins at `offset` or behind it.
  static func sectorBoundary(from offset: UInt64) -> UInt64 {
    let size = UInt64(sectorBytes)
    return (offset + size - 1) / size * size
  }
}
