import RaftTypes

/// Brings the end of a log in order that was read without finding corruption.
///
/// Every step can be cut off by a crash and is then done again: what is cut is copied first, what
/// makes the log uncertain is noted first, and bytes are turned to zeros before the batch is closed.
struct TailRepair {
  let files: any FileSystem
  let directory: String
  var scan: LogScan
  var chain: ChainEnd
  var endOffset: UInt64

  init(_ scan: LogScan) {
    files = scan.files
    directory = scan.directory
    self.scan = scan
    chain = scan.chain
    endOffset = scan.endOffset
  }

  /// Whether damage was found that may have been durable.
  var isUncertain: Bool {
    if case .uncertain = scan.tail { true } else { false }
  }

  /// Carries the repair out.
  ///
  /// - Returns: the cut, if there was one.
  mutating func run() throws(FileSystemError) -> CutTail? {
    guard let segment = scan.segments.last else { return nil }
    var cut: CutTail?
    switch scan.tail {
    case .clean: break
    case .torn(let bytes): cut = try keepCopy(of: segment, bytes: bytes)
    case .uncertain(let bytes, let claim):
      cut = try keepCopy(of: segment, bytes: bytes)
      try note(claim)
    }
    if let cut, cut.bytes > 0 { try zero(segment, count: cut.bytes) }
    try secure(segment, isCut: cut != nil)
    return cut
  }

  /// Notes that the log is uncertain. Of two claims the one that reaches further stands.
  private func note(_ claim: LogClaim?) throws(FileSystemError) {
    let path = directory + "/" + WALFormat.claimName
    var claim = claim
    do {
      let earlier = try ClaimNote(files, path, log: scan.identity.log).claim
      if let new = claim, let earlier {
        let isFurther =
          (earlier.last.term, earlier.last.index) > (new.last.term, new.last.index)
        if isFurther { claim = LogClaim(last: earlier.last, hardState: new.hardState) }
      } else {
        claim = nil
      }
    } catch  where error.isMissing {
      // The first one.
    }
    try files.put([ClaimNote(claim: claim).bytes(log: scan.identity.log)], at: path, in: directory)
  }

  /// Copies what will be cut off. A copy that finds no room is left out: the log must open.
  private func keepCopy(
    of segment: SegmentFile, bytes: UInt64
  ) throws(FileSystemError) -> CutTail {
    var cut = CutTail(path: segment.path, offset: scan.endOffset, bytes: bytes, copy: nil)
    if bytes == 0 { return cut }
    let name = WALFormat.tornName(segment: segment.number, offset: scan.endOffset)
    let copied = try files.readAll(segment.file, at: scan.endOffset, count: Int(bytes))
    do {
      try files.put([copied], at: directory + "/" + name, in: directory)
      cut.copy = directory + "/" + name
    } catch  where error.isOutOfRoom {
      cut.copy = nil
    }
    return cut
  }

  private func zero(_ segment: SegmentFile, count: UInt64) throws(FileSystemError) {
    let chunk = [UInt8](repeating: 0, count: Int(min(count, 1 << 20)))
    var done: UInt64 = 0
    while done < count {
      let part = Array(chunk.prefix(Int(min(count - done, UInt64(chunk.count)))))
      try files.writeAll(part, to: segment.file, at: scan.endOffset + done, path: segment.path)
      done += UInt64(part.count)
    }
    try files.syncDataRetrying(segment.file)
  }

  /// Writes the last batch once more, closes it, and syncs. Records that no later record proves
  /// durable may be in the system's cache and nowhere else, even where it holds them for durable
  /// after a sync that failed (Rebello et al., ATC 2020).
  private mutating func secure(_ segment: SegmentFile, isCut: Bool) throws(FileSystemError) {
    if scan.lastType == .segmentHeader {
      try secureRotation()
      return
    }
    let start = scan.batchStart
    let count = Int(scan.endOffset - start)
    var bytes = try files.readAll(segment.file, at: start, count: count)
    if scan.lastType != .trailer && scan.lastType != .seal {
      let checkpoint = scan.replay.checkpoint
      var writer = RecordWriter(
        after: chain, log: scan.identity.log, synced: scan.syncedSequence)
      writer.append(
        BatchTrailer(
          firstSequence: 0, firstIndex: .zero, last: checkpoint.last,
          hardState: checkpoint.hardState, bytes: UInt64(count)))
      bytes += writer.bytes
      chain = writer.chain
      endOffset += UInt64(writer.bytes.count)
    }
    try files.writeAll(bytes, to: segment.file, at: start, path: segment.path)
    try files.syncDataRetrying(segment.file)
  }

  /// Writes the end of the segment before once more: without it, what follows can't be found.
  private func secureRotation() throws(FileSystemError) {
    guard scan.segments.count > 1 else { return }
    let previous = scan.segments[scan.segments.count - 2]
    guard let end = scan.previousEnd else { return }
    let bytes = try files.readAll(
      previous.file, at: end, count: WALFormat.segmentEndBytes)
    try files.writeAll(bytes, to: previous.file, at: end, path: previous.path)
    try files.syncDataRetrying(previous.file)
  }
}
