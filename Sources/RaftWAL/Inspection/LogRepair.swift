import RaftTypes

/// Repairs that lose something that was acknowledged, or may. Nothing does them unasked.
public enum LogRepair {
  /// What a forced repair did.
  public struct Outcome: Hashable, Sendable {
    /// Copies of the files as they were.
    public var backups: [String]
    /// Where the log ends now.
    public var last: LogPosition
  }

  /// Cuts a log at its first damaged place: what is behind it, in that segment and in all later
  /// ones, is lost. The log is uncertain afterwards, without a claim.
  ///
  /// Copies are made first, and that the log is uncertain is durable before anything is cut, so that
  /// a repair that was interrupted can be done again.
  ///
  /// - Returns: `nil` where the damage is not inside a segment, so that there is nothing to cut.
  /// - Throws: `.corrupt` where the log can't be opened even then, and any other case as it says.
  public static func cut(
    at damage: LogDamage, _ inspection: LogInspection, directory: String,
    files: any FileSystem = RealFileSystem()
  ) throws(WALOpenError) -> Outcome? {
    guard let cluster = inspection.cluster, let node = inspection.node,
      let name = damage.path.split(separator: "/").last,
      let number = WALFormat.segmentNumber(String(name)), damage.offset > 0
    else { return nil }
    var backups: [String] = []
    try calling { () throws(FileSystemError) in
      let names = try files.list(directory)
      let later = names.compactMap(WALFormat.segmentNumber).filter { $0 > number }.sorted()
      for segment in [number] + later {
        let path = directory + "/" + WALFormat.segmentName(segment)
        try copy(path, to: path + ".bak", directory, files)
        backups.append(path + ".bak")
      }
      let note = ClaimNote(claim: nil).bytes(log: 0)
      try files.put([note], at: directory + "/" + WALFormat.claimName, in: directory)
      for segment in later.reversed() {
        try files.remove(directory + "/" + WALFormat.segmentName(segment))
      }
      try files.syncDirectoryRetrying(directory)
      try clear(damage.path, from: damage.offset, files)
    }
    var options = WALOptions(directory: directory, cluster: cluster, node: node)
    options.creation = .never
    let log = try WriteAheadLog.open(options, files: files)
    defer { log.close() }
    let last = log.lastIndex
    let term = (try? log.term(at: last)) ?? .zero
    return Outcome(backups: backups, last: LogPosition(index: last, term: term))
  }

  private static func copy(
    _ path: String, to copy: String, _ directory: String, _ files: any FileSystem
  ) throws(FileSystemError) {
    let file = try files.open(path, .read)
    defer { files.close(file) }
    let bytes = try files.readAll(file, at: 0, count: Int(try files.size(of: file)))
    try files.put([bytes], at: copy, in: directory)
  }

  /// Turns a segment to zeros from a place on, and gives it its length back.
  private static func clear(
    _ path: String, from offset: UInt64, _ files: any FileSystem
  ) throws(FileSystemError) {
    let file = try files.open(path, .update)
    defer { files.close(file) }
    let reader = SegmentReader(files, file, path: path, size: try files.size(of: file))
    var size = reader.size
    if try reader.next(after: nil, seed: 0) == .record, reader.type == .segmentHeader {
      size = max(size, SegmentHead(reader.fields, flags: reader.header.flags).fileBytes)
    }
    try files.truncate(file, to: offset)
    try files.truncate(file, to: size)
    try files.syncAllRetrying(file)
  }
}
