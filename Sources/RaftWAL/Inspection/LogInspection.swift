import RaftStorage
import RaftTypes

/// A record of a log, for people who look into one.
public struct InspectedRecord: Hashable, Sendable {
  /// The segment's file.
  public var path: String
  /// Where the record begins, bytes.
  public var offset: UInt64
  /// The record's number in the life of the log.
  public var sequence: UInt64
  /// The last record that was known to be durable when it was written.
  public var syncedSequence: UInt64
  /// What the record is.
  public var type: RecordType
  /// Bytes of the whole record.
  public var byteCount: Int
  /// What the record says: names and numbers, in the order of the format.
  public var fields: [(name: String, value: UInt64)] {
    zip(names, values).map { (name: $0, value: $1) }
  }
  /// An entry's payload; empty for other records.
  public var payload: [UInt8] = []
  /// An entry's kind; `nil` for other records.
  public var kind: EntryKind?

  private var names: [String]
  private var values: [UInt64]

  init(_ reader: SegmentReader, _ type: RecordType) {
    path = reader.path
    offset = reader.recordOffset
    sequence = reader.header.sequence
    syncedSequence = reader.header.syncedSequence
    self.type = type
    byteCount = reader.header.recordBytes
    names = type.fieldNames
    values = reader.fields
    if reader.header.flags & 1 == 0, let vote = names.firstIndex(of: "votedFor") {
      names.remove(at: vote)
      values.remove(at: vote)
    }
    if type == .entry {
      payload = reader.data
      kind = EntryKind(rawValue: reader.header.flags)
    }
  }
}

/// What a log is like, found out without altering it.
public struct LogInspection: Sendable {
  /// What is to be said of the log as a whole.
  public enum Verdict: Hashable, Sendable {
    /// Everything is there.
    case healthy
    /// The last batch was not completely written; opening the log cuts it off.
    case torn(CutTail)
    /// The end is damaged, and acknowledged entries may be missing.
    case uncertain(LogClaim?)
    /// Something durable is damaged or missing.
    case corrupt(LogDamage)
  }

  /// The verdict.
  public var verdict: Verdict
  /// The cluster that the log belongs to; `nil` where that could not be read.
  public var cluster: ClusterID?
  /// The server that the log belongs to; `nil` where that could not be read.
  public var node: ServerID?
  /// Segments, records and bytes that were read.
  public var report: RecoveryReport
  /// The last entry, as far as the log was read.
  public var last: LogPosition
  /// The term and the vote, as far as the log was read.
  public var hardState: HardState

  /// Reads a log.
  ///
  /// - Parameter visit: is called for each record, in order, up to the first bad place.
  /// - Throws: any case but `.corrupt`, which is a verdict.
  public static func run(
    directory: String, files: any FileSystem = RealFileSystem(),
    visit: ((InspectedRecord) -> Void)? = nil
  ) throws(WALOpenError) -> LogInspection {
    let names = try calling { () throws(FileSystemError) in
      try files.retrying { () throws(FileSystemError) in try files.list(directory) }
    }
    let lock = try takeLock(directory, names, files)
    defer { if let lock { files.close(lock) } }
    guard names.contains(where: { WALFormat.segmentNumber($0) != nil }) else {
      throw .missing(directory: directory)
    }
    var scan = LogScan(files, directory: directory)
    defer { scan.close() }
    var verdict = Verdict.healthy
    do {
      try scan.run(names, mode: .read) { reader in
        if let visit, let type = reader.type { visit(InspectedRecord(reader, type)) }
      }
      try scan.checkSnapshot()
      verdict = try conclude(scan, names, files)
    } catch {
      guard case .corrupt(let damage) = error else { throw error }
      verdict = .corrupt(damage)
    }
    let isKnown = scan.report.records > 0
    return LogInspection(
      verdict: verdict, cluster: isKnown ? scan.identity.cluster : nil,
      node: isKnown ? scan.identity.node : nil, report: scan.report,
      last: scan.replay.checkpoint.last, hardState: scan.replay.checkpoint.hardState)
  }

  private static func takeLock(
    _ directory: String, _ names: [String], _ files: any FileSystem
  ) throws(WALOpenError) -> FileHandle? {
    guard names.contains(WALFormat.lockName) else { return nil }
    let path = directory + "/" + WALFormat.lockName
    let file = try calling { () throws(FileSystemError) in
      try files.retrying { () throws(FileSystemError) in try files.open(path, .read) }
    }
    let isFree = try calling { () throws(FileSystemError) in try files.lock(file) }
    if isFree { return file }
    files.close(file)
    throw .locked(path: path)
  }

  private static func conclude(
    _ scan: LogScan, _ names: [String], _ files: any FileSystem
  ) throws(WALOpenError) -> Verdict {
    if names.contains(WALFormat.claimName) {
      let path = scan.directory + "/" + WALFormat.claimName
      let note = try calling { () throws(FileSystemError) in
        try ClaimNote(files, path, log: scan.identity.log)
      }
      return .uncertain(note.claim)
    }
    switch scan.tail {
    case .clean: return .healthy
    case .torn(let bytes):
      let path = scan.segments.last?.path ?? scan.directory
      return .torn(CutTail(path: path, offset: scan.endOffset, bytes: bytes, copy: nil))
    case .uncertain(_, let claim): return .uncertain(claim)
    }
  }
}

extension RecordType {
  /// The names of the payload's fields, in order, as `Spec/WALFormat.md` has them.
  var fieldNames: [String] {
    switch self {
    case .segmentHeader:
      [
        "formatVersion", "segment", "fileBytes", "cluster", "node", "log", "term", "votedFor",
        "baseIndex", "baseTerm", "lastIndex", "lastTerm", "snapshotIndex", "snapshotTerm",
        "snapshotCRC", "snapshotBytes", "reserved", "endMark",
      ]
    case .entry: ["index", "term"]
    case .hardState: ["term", "votedFor"]
    case .truncation: ["keptIndex", "keptTerm"]
    case .snapshot: ["index", "term", "fileCRC", "fileBytes"]
    case .discard: ["baseIndex", "baseTerm"]
    case .claim: ["lastIndex", "lastTerm", "term", "votedFor", "endMark"]
    case .trailer:
      [
        "firstSequence", "firstIndex", "lastIndex", "lastTerm", "term", "votedFor", "batchBytes",
        "endMark",
      ]
    case .seal: ["lastSequence", "endMark"]
    case .segmentEnd: ["nextSegment", "endMark"]
    }
  }

  /// The name of the type, for people and in JSON.
  public var name: String {
    switch self {
    case .segmentHeader: "segment-header"
    case .entry: "entry"
    case .hardState: "hard-state"
    case .truncation: "truncation"
    case .snapshot: "snapshot"
    case .discard: "discard"
    case .claim: "claim"
    case .trailer: "trailer"
    case .seal: "seal"
    case .segmentEnd: "segment-end"
    }
  }
}
