import RaftStorage
import RaftTypes

/// A segment's file that is open.
struct SegmentFile: Hashable, Sendable {
  var number: UInt64
  var path: String
  var file: FileHandle
  /// Bytes.
  var size: UInt64
}

/// How the last segment ends.
enum LogTail: Hashable {
  /// With a complete batch, and zeros behind it.
  case clean
  /// With a batch that was not completely written, so that no sync ever covered it. Complete records
  /// of it are kept, the bytes behind them, as many as given, are not.
  case torn(bytes: UInt64)
  /// With damage, and nothing tells whether a sync had covered it.
  case uncertain(bytes: UInt64, claim: LogClaim?)
}

/// What a reader of a log's files learns, without altering them.
///
/// The rules are those of `Spec/WALFormat.md`, Recovery. Everything that ever was durable is either
/// there or the scan fails with the first place that is damaged.
struct LogScan {
  let files: any FileSystem
  let directory: String

  private(set) var identity = LogIdentity(cluster: ClusterID(0), node: ServerID(0), log: 0)
  /// The segments that the log consists of, oldest first.
  private(set) var segments: [SegmentFile] = []
  /// Names of segments that are no longer part of the log.
  private(set) var leftovers: [String] = []
  private(set) var replay = Replay(Checkpoint())
  private(set) var chain = ChainEnd()
  /// The last record that a later one proves durable.
  private(set) var syncedSequence: UInt64 = 0
  /// Where in the last segment the batch begins that the last record belongs to.
  private(set) var batchStart: UInt64 = 0
  /// Where in the last segment the last record ends.
  private(set) var endOffset: UInt64 = 0
  /// The type of the last record.
  private(set) var lastType = RecordType.segmentHeader
  private(set) var tail = LogTail.clean
  /// Where in the segment before the last one its end is recorded; `nil` where there is none.
  private(set) var previousEnd: UInt64?
  private(set) var report = RecoveryReport()

  /// A scan of the log in a directory.
  init(_ files: any FileSystem, directory: String) {
    self.files = files
    self.directory = directory
  }

  var seed: UInt32 { RecordHeader.seed(of: identity.log) }

  private func path(_ name: String) -> String { directory + "/" + name }

  /// Reads the log.
  ///
  /// - Parameters:
  ///   - names: the names in the directory, at least one segment among them.
  ///   - mode: how the segments are opened; they stay open, in `segments`, also after an error.
  ///   - visit: is called for each record, with the reader standing on it.
  mutating func run(
    _ names: [String], mode: OpenMode, visit: ((SegmentReader) -> Void)? = nil
  ) throws(WALOpenError) {
    var numbers = names.compactMap(WALFormat.segmentNumber).sorted()
    var first = numbers.count - 1
    while first > 0, numbers[first - 1] + 1 == numbers[first] { first -= 1 }
    leftovers = numbers[..<first].map(WALFormat.segmentName)
    numbers.removeFirst(first)
    for number in numbers { try open(number, mode) }
    report.segments = segments.count

    var position = 0
    while position < segments.count {
      let reader = makeReader(segments[position])
      try readHead(reader, position: position, visit: visit)
      if try readRecords(reader, position: position, visit: visit) { break }
      position += 1
    }
    if replay.isIncomplete, let segment = segments.first {
      let missing = replay.checkpoint.base.index.next.rawValue
      throw damage(
        segment.path, 0, .missing, "entries from \(missing) on were in a segment before this one")
    }
  }

  /// Checks that the snapshot that the log goes on from is there and whole.
  func checkSnapshot() throws(WALOpenError) {
    let checkpoint = replay.checkpoint
    guard let marker = checkpoint.snapshot else {
      if checkpoint.base == .zero { return }
      throw damage(
        segments.first?.path ?? directory, 0, .missing,
        "the log begins behind \(checkpoint.base.index.rawValue) and names no snapshot")
    }
    let path = path(WALFormat.snapshotName(marker.position))
    let problem = try calling { () throws(FileSystemError) in
      try SnapshotFile.problem(files, path, marker)
    }
    if let problem {
      throw damage(path, 0, problem, "the log goes on from this snapshot")
    }
  }

  /// Closes the segments' files.
  func close() {
    for segment in segments { files.close(segment.file) }
  }

  private mutating func open(_ number: UInt64, _ mode: OpenMode) throws(WALOpenError) {
    let path = path(WALFormat.segmentName(number))
    let file = try calling { () throws(FileSystemError) in
      try files.retrying { () throws(FileSystemError) in try files.open(path, mode) }
    }
    segments.append(SegmentFile(number: number, path: path, file: file, size: 0))
    segments[segments.count - 1].size = try calling { () throws(FileSystemError) in
      try files.size(of: file)
    }
  }

  func makeReader(_ segment: SegmentFile) -> SegmentReader {
    SegmentReader(files, segment.file, path: segment.path, size: segment.size)
  }
}

// MARK: - Records

extension LogScan {
  /// Reads and checks the record that a segment begins with.
  private mutating func readHead(
    _ reader: SegmentReader, position: Int, visit: ((SegmentReader) -> Void)?
  ) throws(WALOpenError) {
    let segment = segments[position]
    let isFirst = position == 0
    let chain = isFirst ? nil : chain
    let step = try calling { () throws(FileSystemError) in try reader.next(after: chain, seed: 0) }
    if case .fault(.version(let version)) = step {
      throw .unsupportedVersion(path: reader.path, offset: 0, version: version)
    }
    guard step == .record, reader.type == .segmentHeader else {
      throw damage(
        reader.path, 0, Self.finding(step), "a segment is durable before it gets its name")
    }
    let head = SegmentHead(reader.fields, flags: reader.header.flags)
    if isFirst {
      identity = head.identity
      replay = Replay(head.checkpoint)
    } else if head.identity != identity || head.checkpoint != replay.checkpoint {
      throw damage(reader.path, 0, .foreign, "its head does not continue the segment before it")
    }
    if head.number != segment.number {
      throw damage(reader.path, 0, .foreign, "it is segment \(head.number) by its head")
    }
    if head.fileBytes != segment.size {
      throw damage(
        reader.path, min(head.fileBytes, segment.size), .missing,
        "the file was \(head.fileBytes) bytes long and is \(segment.size)")
    }
    note(reader, visit)
    batchStart = reader.offset
  }

  /// Reads the records behind a segment's head.
  ///
  /// - Returns: whether the log ends here.
  private mutating func readRecords(
    _ reader: SegmentReader, position: Int, visit: ((SegmentReader) -> Void)?
  ) throws(WALOpenError) -> Bool {
    let isLast = position == segments.count - 1
    let number = segments[position].number
    while true {
      let chain = chain, seed = seed
      let step = try calling { () throws(FileSystemError) in
        try reader.next(after: chain, seed: seed)
      }
      if case .fault(.version(let version)) = step {
        throw .unsupportedVersion(path: reader.path, offset: reader.offset, version: version)
      }
      guard step == .record else {
        if isLast {
          try findTail(reader, step)
          return true
        }
        if try dropUnfinishedRotation(position) { return true }
        throw damage(
          reader.path, reader.offset, Self.finding(step),
          "segment \(number + 1) follows, so that all of this one was durable")
      }
      if [.trailer, .seal, .segmentHeader].contains(lastType) { batchStart = reader.recordOffset }
      guard replay.apply(reader, segment: number) else {
        throw damage(
          reader.path, reader.recordOffset, .foreign, "the record does not fit those before it")
      }
      note(reader, visit)
      if reader.type == .segmentEnd {
        previousEnd = reader.recordOffset
        if !isLast { return false }
        throw damage(
          path(WALFormat.segmentName(number + 1)), 0, .missing,
          "segment \(number) ends where segment \(number + 1) follows")
      }
    }
  }

  /// Keeps what is known after a record.
  private mutating func note(_ reader: SegmentReader, _ visit: ((SegmentReader) -> Void)?) {
    chain = ChainEnd(sequence: reader.header.sequence, headerCRC: reader.header.headerCRC)
    syncedSequence = max(syncedSequence, reader.header.syncedSequence)
    endOffset = reader.offset
    lastType = reader.type ?? lastType
    report.records += 1
    report.bytes += UInt64(reader.header.recordBytes)
    visit?(reader)
  }

  /// Leaves out the last segment where it holds nothing but its head and the one before it lacks no
  /// record but its end: the power failed between making the one and ending the other.
  private mutating func dropUnfinishedRotation(_ position: Int) throws(WALOpenError) -> Bool {
    guard position == segments.count - 2 else { return false }
    let next = segments[position + 1]
    let reader = makeReader(next)
    let step = try calling { () throws(FileSystemError) in try reader.next(after: nil, seed: 0) }
    guard step == .record, reader.type == .segmentHeader,
      SegmentHead(reader.fields, flags: reader.header.flags).identity == identity,
      reader.header.sequence == chain.sequence + 2
    else { return false }
    let rest = try calling { () throws(FileSystemError) in
      try TailBytes.lastWritten(files, next, from: reader.offset)
    }
    if rest != nil { return false }
    files.close(next.file)
    segments.removeLast()
    leftovers.append(WALFormat.segmentName(next.number))
    // That head proves every record before it, so that what is left of the end can go.
    let current = segments[position], start = endOffset
    let last = try calling { () throws(FileSystemError) in
      try TailBytes.lastWritten(files, current, from: start)
    }
    tail = .torn(bytes: last.map { $0 - start + 1 } ?? 0)
    return true
  }

  func damage(
    _ path: String, _ offset: UInt64, _ finding: CorruptionFinding, _ detail: String
  ) -> WALOpenError {
    .corrupt(LogDamage(path: path, offset: offset, finding: finding, detail: detail))
  }

  private static func finding(_ step: ReadStep) -> CorruptionFinding {
    switch step {
    case .blank: .missing
    case .fault(.foreign): .foreign
    case .record, .fault(.header), .fault(.body), .fault(.version): .checksum
    }
  }

  /// Decides what the bytes behind the last record of the last segment are.
  private mutating func findTail(
    _ reader: SegmentReader, _ step: ReadStep
  ) throws(WALOpenError) {
    let start = endOffset
    guard let segment = segments.last else { return }
    let bytes = try calling { () throws(FileSystemError) -> TailBytes? in
      guard let last = try TailBytes.lastWritten(files, segment, from: start) else { return nil }
      return try TailBytes(files, segment, from: start, through: last)
    }
    guard let bytes else {
      let isClosed = [.trailer, .seal, .segmentHeader].contains(lastType)
      tail = isClosed ? .clean : .torn(bytes: 0)
      return
    }
    let evidence = bytes.evidence(after: chain.sequence, seed: seed)
    if let proof = evidence.proof {
      throw damage(
        reader.path, start, Self.finding(step),
        "record \(proof.sequence) at byte \(proof.offset) was written after record "
          + "\(chain.sequence + 1), which belongs here, was durable")
    }
    if let trailer = evidence.trailer {
      let claim = LogClaim(last: trailer.last, hardState: trailer.hardState)
      tail = .uncertain(bytes: bytes.count, claim: claim)
    } else if bytes.looksTorn(seed: seed) {
      tail = .torn(bytes: bytes.count)
    } else {
      tail = .uncertain(bytes: bytes.count, claim: nil)
    }
  }
}
