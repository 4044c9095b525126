import RaftStorage
import RaftTypes

/// What a log goes on from once it is open.
struct OpenedLog {
  var identity: LogIdentity
  var segments: [SegmentFile]
  var endOffset: UInt64
  var chain: ChainEnd
  var checkpoint: Checkpoint
  var table: EntryTable
  var snapshotFiles: [LogPosition]
  var report: RecoveryReport
}

extension WriteAheadLog {
  /// Opens a log: makes one where there is none, otherwise reads it, cuts off what a crash left of a
  /// batch that was never synced, and makes sure that what it read is durable.
  ///
  /// - Throws: `.corrupt` where something durable is damaged or missing, and any other case as it
  ///   says. The log was not altered then, unless it is `.fileSystem`, after which opening again
  ///   goes on where this one stopped.
  /// - Clause: durability.recovery.
  public static func open(
    _ options: WALOptions, files: any FileSystem = RealFileSystem()
  ) throws(WALOpenError) -> WriteAheadLog {
    precondition(
      options.segmentBytes >= options.minimumSegmentBytes,
      "a segment of \(options.segmentBytes) bytes has no room for a record")
    let opening = Opening(options: options, files: files)
    let lock = try opening.lock()
    do {
      let log = WriteAheadLog(
        try opening.run(), options: options, files: files, lock: lock)
      try opening.adoptClaim(log)
      return log
    } catch {
      files.close(lock)
      throw error
    }
  }

  /// Says that peers have given back what the claim of an uncertain log may stand for: the log is
  /// certain from now on.
  ///
  /// - Throws: `.poisoned`, `.ioFailed`; the log is then poisoned.
  public func confirmRepair() throws(StorageError) {
    try checkUsable()
    guard recovery.standing != .certain else { return }
    try sync()
    do {
      try files.removeIfPresent(options.path(WALFormat.claimName))
      try files.syncDirectoryRetrying(options.directory)
    } catch {
      throw poison(error.storageError(.sync, at: 0), error)
    }
    recovery.standing = .certain
  }
}

/// The steps of opening a log.
private struct Opening {
  let options: WALOptions
  let files: any FileSystem

  /// Makes the directory if need be, and takes the lock.
  func lock() throws(WALOpenError) -> FileHandle {
    try calling { () throws(FileSystemError) in
      if options.creation == .ifMissing,
        try files.retrying({ () throws(FileSystemError) in
          try files.makeDirectory(options.directory)
        })
      {
        try files.syncDirectoryRetrying(parent)
      }
    }
    let path = options.path(WALFormat.lockName)
    let file: FileHandle
    do {
      file = try files.retrying { () throws(FileSystemError) in
        try files.open(path, .createOrUpdate)
      }
    } catch {
      if error.isMissing { throw .missing(directory: options.directory) }
      throw .fileSystem(error)
    }
    do {
      if try files.retrying({ () throws(FileSystemError) in try files.lock(file) }) { return file }
    } catch {
      files.close(file)
      throw .fileSystem(error)
    }
    files.close(file)
    throw .locked(path: path)
  }

  private var parent: String {
    guard let slash = options.directory.lastIndex(of: "/") else { return "." }
    return slash == options.directory.startIndex ? "/" : String(options.directory[..<slash])
  }

  func run() throws(WALOpenError) -> OpenedLog {
    let names = try calling { () throws(FileSystemError) in
      try files.retrying { () throws(FileSystemError) in try files.list(options.directory) }
    }
    guard names.contains(where: { WALFormat.segmentNumber($0) != nil }) else {
      if let rest = names.sorted().first(where: isRemains) {
        throw .corrupt(
          LogDamage(
            path: options.path(rest), offset: 0, finding: .missing,
            detail: "it belongs to a log whose segments are gone"))
      }
      if options.creation == .never { throw .missing(directory: options.directory) }
      return try calling { () throws(FileSystemError) in try create() }
    }
    var scan = LogScan(files, directory: options.directory)
    do {
      try scan.run(names, mode: .update)
      try check(scan)
      return try finish(scan, names)
    } catch {
      scan.close()
      throw error
    }
  }

  /// Whether a file is what only a log that once was leaves.
  private func isRemains(_ name: String) -> Bool {
    name == WALFormat.claimName || WALFormat.snapshotPosition(name) != nil
  }

  /// Makes the first segment.
  private func create() throws(FileSystemError) -> OpenedLog {
    let identity = LogIdentity(
      cluster: options.cluster, node: options.node,
      log: options.newLogID ?? UInt64.random(in: 1...UInt64.max))
    let size = UInt64(options.segmentBytes)
    var writer = RecordWriter(after: ChainEnd(), log: identity.log, synced: 0)
    writer.append(
      SegmentHead(number: 1, fileBytes: size, identity: identity, checkpoint: Checkpoint()))
    let path = options.path(WALFormat.segmentName(1))
    let temporary = path + WALFormat.temporarySuffix
    try files.removeIfPresent(temporary)
    let file = try files.retrying { () throws(FileSystemError) in
      try files.open(temporary, .create)
    }
    do {
      try files.retrying { () throws(FileSystemError) in
        if options.preallocates {
          try files.allocate(file, size: size)
        } else {
          try files.truncate(file, to: size)
        }
      }
      try files.writeAll(writer.bytes, to: file, at: 0, path: temporary)
      try files.syncAllRetrying(file)
      try files.retrying { () throws(FileSystemError) in try files.rename(temporary, to: path) }
      try files.syncDirectoryRetrying(options.directory)
    } catch {
      files.close(file)
      throw error
    }
    return OpenedLog(
      identity: identity, segments: [SegmentFile(number: 1, path: path, file: file, size: size)],
      endOffset: UInt64(writer.bytes.count), chain: writer.chain, checkpoint: Checkpoint(),
      table: EntryTable(), snapshotFiles: [],
      report: RecoveryReport(
        isNew: true, segments: 1, records: 1, bytes: UInt64(writer.bytes.count)))
  }

  /// Checks what goes beyond the records: whose log it is, and the snapshot's file.
  private func check(_ scan: LogScan) throws(WALOpenError) {
    let path = scan.segments.first?.path ?? options.directory
    if scan.identity.cluster != options.cluster {
      throw .wrongIdentity(
        path: path, field: "cluster", expected: options.cluster.rawValue,
        found: scan.identity.cluster.rawValue)
    }
    if scan.identity.node != options.node {
      throw .wrongIdentity(
        path: path, field: "node", expected: options.node.rawValue,
        found: scan.identity.node.rawValue)
    }
    try scan.checkSnapshot()
  }

  /// Brings the files in order.
  private func finish(_ scan: LogScan, _ names: [String]) throws(WALOpenError) -> OpenedLog {
    var report = scan.report
    var repair = TailRepair(scan)
    let snapshot = scan.replay.checkpoint.snapshot?.position
    var kept: [LogPosition] = []
    try calling { () throws(FileSystemError) in
      report.cut = try repair.run()
      // A snapshot behind the one that the log names was never promised to anybody.
      let snapshots = names.compactMap(WALFormat.snapshotPosition).sorted { $0.index < $1.index }
      let current = snapshot.map { [$0] } ?? []
      kept = snapshots.filter { $0.index < snapshot?.index ?? .zero } + current
      kept.removeFirst(max(0, kept.count - max(options.snapshotsKept, 1)))
      let gone =
        names.filter { $0.hasSuffix(WALFormat.temporarySuffix) } + scan.leftovers
        + snapshots.filter { !kept.contains($0) }.map(WALFormat.snapshotName)
      for name in gone { try files.removeIfPresent(options.path(name)) }
      // Also makes durable what an earlier life could not: the name of the last segment.
      try files.syncDirectoryRetrying(options.directory)
      if names.contains(WALFormat.claimName) || repair.isUncertain {
        let path = options.path(WALFormat.claimName)
        let note = try ClaimNote(files, path, log: scan.identity.log)
        report.standing = .uncertain(claimed: note.claim)
      }
    }
    return OpenedLog(
      identity: scan.identity, segments: scan.segments, endOffset: repair.endOffset,
      chain: repair.chain, checkpoint: scan.replay.checkpoint, table: scan.replay.table,
      snapshotFiles: kept, report: report)
  }

  /// Takes over the term and vote that the damaged batch had claimed.
  func adoptClaim(_ log: WriteAheadLog) throws(WALOpenError) {
    guard case .uncertain(let claim?) = log.recovery.standing else { return }
    let claimed = claim.hardState, held = log.hardState
    let isNewer =
      claimed.term > held.term
      || claimed.term == held.term && held.votedFor == nil && claimed.votedFor != nil
    guard isNewer else { return }
    do {
      _ = try log.write(claimed)
      try log.sync()
      log.restartCounting()
    } catch {
      throw .fileSystem(
        log.failedCall ?? FileSystemError(.write, options.directory, code: WALOpenError.noRoom))
    }
  }
}
