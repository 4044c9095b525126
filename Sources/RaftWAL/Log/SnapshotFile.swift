import RaftStorage
import RaftTypes

/// A snapshot's file: fields of 8 bytes, the configuration, the state machine's bytes, and the
/// checksum of it all.
enum SnapshotFile {
  /// The first field: `RAFTSNAP`.
  private static let magic: UInt64 = 0x5041_4E53_5446_4152
  private static let fieldCount = 9

  /// What a file begins with; the state machine's bytes and the checksum follow.
  static func head(of snapshot: Snapshot, _ identity: LogIdentity) -> [UInt8] {
    let configuration = snapshot.configuration
    var lists: [UInt64] = []
    for list in [
      configuration.voters, configuration.outgoing, configuration.learners,
      configuration.learnersNext,
    ] {
      lists.append(UInt64(list.count))
      lists += list.map(\.rawValue)
    }
    let fields =
      [
        magic, UInt64(WALFormat.version), identity.cluster.rawValue, identity.node.rawValue,
        identity.log, snapshot.position.index.rawValue, snapshot.position.term.rawValue,
        UInt64(lists.count), UInt64(snapshot.data.count),
      ] + lists
    return bytes(fields)
  }

  /// What a file ends with.
  static func end(checksum: UInt32) -> [UInt8] { bytes([UInt64(checksum)]) }

  private static func bytes(_ fields: [UInt64]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(fields.count * 8)
    for field in fields {
      withUnsafeBytes(of: field.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// Checks that a file is the one that the log names.
  ///
  /// - Returns: what is wrong with it, if anything is.
  static func problem(
    _ files: any FileSystem, _ path: String, _ marker: SnapshotMarker
  ) throws(FileSystemError) -> CorruptionFinding? {
    let file: FileHandle
    do {
      file = try files.retrying { () throws(FileSystemError) in try files.open(path, .read) }
    } catch  where error.isMissing {
      return .missing
    }
    defer { files.close(file) }
    if try files.size(of: file) != marker.fileBytes { return .missing }
    var checksum: UInt32 = 0
    var offset: UInt64 = 0
    while offset < marker.fileBytes {
      let wanted = Int(min(marker.fileBytes - offset, 256 << 10))
      let bytes = try files.readAll(file, at: offset, count: wanted)
      if bytes.count < wanted { return .missing }
      checksum = CRC32C.of(bytes, after: checksum)
      offset += UInt64(wanted)
    }
    return checksum == marker.fileCRC ? nil : .checksum
  }

  /// Reads a file.
  ///
  /// - Returns: `nil` where it is not the one that the log names.
  static func read(
    _ files: any FileSystem, _ path: String, _ marker: SnapshotMarker
  ) throws(FileSystemError) -> Snapshot? {
    let file = try files.retrying { () throws(FileSystemError) in try files.open(path, .read) }
    defer { files.close(file) }
    let bytes = try files.readAll(file, at: 0, count: Int(marker.fileBytes))
    guard bytes.count == Int(marker.fileBytes), CRC32C.of(bytes) == marker.fileCRC else {
      return nil
    }
    return decode(bytes)
  }

  private static func decode(_ bytes: [UInt8]) -> Snapshot? {
    func field(_ index: Int) -> UInt64 {
      bytes.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
      }
    }
    guard bytes.count >= (fieldCount + 1) * 8, field(0) == magic else { return nil }
    let listFields = field(7), dataBytes = field(8)
    let room = UInt64(bytes.count) - UInt64(fieldCount + 1) * 8
    guard listFields <= room / 8, dataBytes == room - listFields * 8 else { return nil }
    var lists: [[ServerID]] = []
    var next = fieldCount
    let end = fieldCount + Int(listFields)
    while next < end {
      let count = field(next)
      guard count <= UInt64(end - next - 1) else { return nil }
      lists.append((0..<Int(count)).map { ServerID(field(next + 1 + $0)) })
      next += 1 + Int(count)
    }
    guard lists.count == 4 else { return nil }
    return Snapshot(
      position: LogPosition(index: LogIndex(field(5)), term: Term(field(6))),
      configuration: Configuration(
        voters: lists[0], outgoing: lists[1], learners: lists[2], learnersNext: lists[3]),
      data: Array(bytes[(end * 8)..<(bytes.count - 8)]))
  }
}
