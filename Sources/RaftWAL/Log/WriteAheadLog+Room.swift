import RaftStorage

/// Where batches go: the room in the last segment, and the segment after it.
extension WriteAheadLog {
  /// The last segment.
  var current: SegmentFile {
    guard let current = segments.last else { preconditionFailure("the log was closed") }
    return current
  }

  /// Whether a batch of so many bytes fits into the last segment, leaving so many free.
  func fits(_ bytes: Int, leaving reserve: Int) -> Bool {
    Int(endOffset) + bytes + WALFormat.segmentEndBytes + reserve <= Int(current.size)
  }

  /// Makes sure that there is room for one more write in the next batch.
  ///
  /// - Throws: `.full` where there is none; nothing has changed then.
  func makeRoom(
    for bytes: Int, as operation: StorageOperation, mayUseReserve: Bool
  ) throws(StorageError) {
    let batch = pendingBytes + bytes + BatchTrailer.recordBytes
    let reserve = options.reservedBytes
    if fits(batch, leaving: reserve) || spareFits(batch, leaving: reserve) { return }
    let needed =
      SegmentHead.recordBytes + batch + WALFormat.segmentEndBytes + reserve
    do {
      try prepareSpare(size: max(needed, options.segmentBytes))
    } catch {
      guard error.isOutOfRoom else {
        throw poison(error.storageError(operation, at: 0), error)
      }
      if mayUseReserve && (fits(batch, leaving: 0) || spareFits(batch, leaving: 0)) { return }
      throw .full(operation, at: .file(path: current.path, offset: endOffset))
    }
  }

  private func spareFits(_ bytes: Int, leaving reserve: Int) -> Bool {
    guard let spare else { return false }
    let taken = SegmentHead.recordBytes + WALFormat.segmentEndBytes + reserve
    return taken + bytes <= Int(spare.size)
  }

  /// Makes the next segment's file under a name of its own, its room claimed. A spare that is too
  /// small gives way.
  private func prepareSpare(size: Int) throws(FileSystemError) {
    let path = options.path("next" + WALFormat.temporarySuffix)
    if let spare {
      files.close(spare.file)
      self.spare = nil
    }
    try files.removeIfPresent(path)
    let file = try files.retrying { () throws(FileSystemError) in try files.open(path, .create) }
    do {
      try files.retrying { () throws(FileSystemError) in
        if options.preallocates {
          try files.allocate(file, size: UInt64(size))
        } else {
          try files.truncate(file, to: UInt64(size))
        }
      }
      try files.syncAllRetrying(file)
    } catch {
      files.close(file)
      try files.removeIfPresent(path)
      throw error
    }
    spare = SegmentFile(number: 0, path: path, file: file, size: UInt64(size))
  }

  /// Ends the last segment and starts the next one, if the batch has to go there.
  func rotateIfNeeded(for batch: Int) throws(FileSystemError) {
    if fits(batch, leaving: options.reservedBytes) { return }
    guard spareFits(batch, leaving: 0), let spare else {
      precondition(fits(batch, leaving: 0), "a batch was taken in without room for it")
      return
    }
    try rotate(to: spare)
  }

  /// The next segment is durable, head and name, before the last one's end says that it follows; and
  /// that end is durable before anything is written behind the head.
  private func rotate(to spare: SegmentFile) throws(FileSystemError) {
    let old = current
    let number = old.number + 1
    var end = RecordWriter(after: chain, log: identity.log, synced: syncedRecord)
    end.append(segmentEndBefore: number)
    var head = RecordWriter(after: end.chain, log: identity.log, synced: end.chain.sequence)
    head.append(
      SegmentHead(number: number, fileBytes: spare.size, identity: identity, checkpoint: logged))
    try files.writeAll(head.bytes, to: spare.file, at: 0, path: spare.path)
    try files.syncDataRetrying(spare.file)
    let path = options.path(WALFormat.segmentName(number))
    try files.retrying { () throws(FileSystemError) in try files.rename(spare.path, to: path) }
    try files.syncDirectoryRetrying(options.directory)
    try files.writeAll(end.bytes, to: old.file, at: endOffset, path: old.path)
    try files.syncDataRetrying(old.file)
    segments.append(SegmentFile(number: number, path: path, file: spare.file, size: spare.size))
    self.spare = nil
    chain = head.chain
    syncedRecord = head.chain.sequence
    endOffset = UInt64(head.bytes.count)
    isSealed = false
  }

  /// What a node does when nothing has been written for some milliseconds: a seal closes the last
  /// batch, so that damage to it can be told from a write that was never completed, and the next
  /// segment's file is made while nobody waits for it. Without anything to do it does nothing.
  ///
  /// - Throws: `.poisoned`, `.ioFailed`; the log is then poisoned.
  public func idle() throws(StorageError) {
    try checkUsable()
    guard pending.isEmpty, !isBatchTaken else { return }
    try seal()
    guard spare == nil, Int(endOffset) > Int(current.size) / 2 else { return }
    do {
      try prepareSpare(size: options.segmentBytes)
    } catch {
      // A full disk shows when there is something to write.
      if !error.isOutOfRoom { throw poison(error.storageError(.write, at: 0), error) }
    }
  }

  /// Writes a seal, unless there is one or no room for it.
  func seal() throws(StorageError) {
    let place = WALFormat.sectorBoundary(from: endOffset)
    let bytes = Int(place - endOffset) + WALFormat.sectorBytes
    guard !isSealed, fits(bytes, leaving: options.reservedBytes) else { return }
    var writer = RecordWriter(after: chain, log: identity.log, synced: syncedRecord)
    writer.appendSeal()
    do {
      try files.writeAll(writer.bytes, to: current.file, at: place, path: current.path)
      try files.syncDataRetrying(current.file)
    } catch {
      throw poison(error.storageError(.sync, at: place), error)
    }
    chain = writer.chain
    syncedRecord = chain.sequence
    endOffset = place + UInt64(WALFormat.sectorBytes)
    isSealed = true
  }
}
