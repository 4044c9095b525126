import RaftStorage
import RaftTypes

/// The file that remembers, from the moment damage is found until it is repaired, that acknowledged
/// entries may be missing. It is durable before the log's end is touched, so that a crash in between
/// does not turn an uncertain log into a certain one.
struct ClaimNote: Hashable {
  var claim: LogClaim?

  /// The file's bytes: one record.
  func bytes(log: UInt64) -> [UInt8] {
    var writer = RecordWriter(after: ChainEnd(), log: log, synced: 0)
    let hardState = claim?.hardState
    writer.append(
      .claim, flags: (claim == nil ? 0 : 2) | (hardState?.votedFor == nil ? 0 : 1),
      fields: [
        claim?.last.index.rawValue ?? 0, claim?.last.term.rawValue ?? 0,
        hardState?.term.rawValue ?? 0, hardState?.votedFor?.rawValue ?? 0, endMark,
      ])
    return writer.bytes
  }

  /// Reads the note of a log; what can't be read says at least that there was a claim.
  init(_ files: any FileSystem, _ path: String, log: UInt64) throws(FileSystemError) {
    let file = try files.retrying { () throws(FileSystemError) in try files.open(path, .read) }
    defer { files.close(file) }
    let size = try files.size(of: file)
    let reader = SegmentReader(files, file, path: path, size: size)
    let step = try reader.next(after: nil, seed: RecordHeader.seed(of: log))
    guard step == .record, reader.type == .claim, reader.header.flags & 2 == 2 else { return }
    claim = LogClaim(
      last: LogPosition(index: LogIndex(reader.field(0)), term: Term(reader.field(1))),
      hardState: HardState(
        term: Term(reader.field(2)),
        votedFor: reader.header.flags & 1 == 1 ? ServerID(reader.field(3)) : nil))
  }

  init(claim: LogClaim?) { self.claim = claim }
}

extension FileSystem {
  /// Puts a file there so that it is durable as a whole or not at all: written beside, synced,
  /// renamed, its directory synced.
  func put(_ parts: [[UInt8]], at path: String, in directory: String) throws(FileSystemError) {
    let temporary = path + WALFormat.temporarySuffix
    try removeIfPresent(temporary)
    let file = try retrying { () throws(FileSystemError) in try open(temporary, .create) }
    do {
      defer { close(file) }
      var offset: UInt64 = 0
      for part in parts {
        try writeAll(part, to: file, at: offset, path: temporary)
        offset += UInt64(part.count)
      }
      try syncAllRetrying(file)
    } catch {
      // What is left of it is removed when the log is opened, if not now.
      try? removeIfPresent(temporary)
      throw error
    }
    try retrying { () throws(FileSystemError) in try rename(temporary, to: path) }
    try syncDirectoryRetrying(directory)
  }
}
