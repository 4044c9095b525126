import RaftStorage
import RaftTypes

/// A batch on its way to the disk: one write and one sync, which any thread can carry out.
public struct SyncBatch: Sendable {
  /// The last write of the batch.
  public let through: WriteSequence
  /// Bytes that it writes.
  public var byteCount: Int { bytes.count }

  let files: any FileSystem
  let segment: SegmentFile
  let offset: UInt64
  let bytes: [UInt8]
  /// The last record of the batch.
  let lastRecord: UInt64
  /// The oldest segment that the log needs after the batch; 0 where that is not known.
  let neededSegment: UInt64
  /// The snapshot that is the newest after the batch.
  let snapshot: LogPosition?

  /// Writes the batch and makes it durable. It is run once, whatever comes of it.
  public func run() -> Result<Void, FileSystemError> {
    do {
      try files.writeAll(bytes, to: segment.file, at: offset, path: segment.path)
      try files.syncDataRetrying(segment.file)
      return .success(())
    } catch {
      return .failure(error)
    }
  }
}

extension WriteAheadLog {
  /// Makes all writes so far durable.
  ///
  /// - Throws: `.poisoned`, `.ioFailed`; the log is then poisoned.
  public func sync() throws(StorageError) {
    try sync(through: lastSequence)
  }

  /// Makes the writes up to one durable; those behind it wait for another sync.
  ///
  /// - Throws: `.poisoned`, `.ioFailed`; the log is then poisoned.
  public func sync(through sequence: WriteSequence) throws(StorageError) {
    guard let batch = try takeBatch(through: sequence) else { return }
    try complete(batch, batch.run())
  }

  /// Takes the writes so far away as a batch for another thread. Until it is handed to `complete`,
  /// writes are kept for the next one, and there is no other batch and no sync.
  ///
  /// - Returns: `nil` where nothing is pending.
  /// - Throws: `.poisoned`, `.ioFailed`; the log is then poisoned.
  public func takeBatch() throws(StorageError) -> SyncBatch? {
    try takeBatch(through: lastSequence)
  }

  /// Takes a batch back that was carried out: its writes are durable from now on.
  ///
  /// - Throws: `.ioFailed` where it failed; the log is then poisoned.
  public func complete(
    _ batch: SyncBatch, _ result: Result<Void, FileSystemError>
  ) throws(StorageError) {
    precondition(isBatchTaken, "a batch is completed that was not taken")
    isBatchTaken = false
    try checkUsable()
    if case .failure(let error) = result {
      throw poison(error.storageError(.sync, at: batch.offset), error)
    }
    durableSequence = batch.through
    syncedRecord = batch.lastRecord
    trimCache()
    removeSegments(below: batch.neededSegment)
    removeSnapshots(before: batch.snapshot)
  }

  func takeBatch(through sequence: WriteSequence) throws(StorageError) -> SyncBatch? {
    try checkUsable()
    precondition(!isBatchTaken, "a batch is taken while another one is on its way")
    let count = pending.prefix { $0.sequence <= sequence }.count
    guard count > 0 else { return nil }
    let writes = Array(pending[..<count])
    let bytes = writes.reduce(0) { $0 + $1.bytes }
    do {
      try rotateIfNeeded(for: bytes + BatchTrailer.recordBytes)
    } catch {
      throw poison(error.storageError(.sync, at: endOffset), error)
    }
    pending.removeFirst(count)
    pendingBytes -= bytes
    let encoded = encode(writes, bytes: bytes)
    let isAll = pending.isEmpty
    let batch = SyncBatch(
      through: writes[count - 1].sequence, files: files, segment: current, offset: endOffset,
      bytes: encoded, lastRecord: chain.sequence,
      neededSegment: isAll ? table.first?.place.segment ?? current.number : 0,
      snapshot: logged.snapshot?.position)
    endOffset += UInt64(encoded.count)
    isSealed = false
    isBatchTaken = true
    return batch
  }

  /// Turns writes into records, with the trailer behind them.
  private func encode(_ writes: [PendingWrite], bytes: Int) -> [UInt8] {
    var writer = RecordWriter(after: chain, log: identity.log, synced: syncedRecord)
    writer.reserve(bytes + BatchTrailer.recordBytes)
    let firstSequence = chain.sequence + 1
    var firstIndex = LogIndex.zero
    for write in writes {
      encode(write, &writer)
      if case .entries(let entries, _) = write.change, firstIndex == .zero {
        firstIndex = entries[0].index
      }
    }
    writer.append(
      BatchTrailer(
        firstSequence: firstSequence, firstIndex: firstIndex, last: logged.last,
        hardState: logged.hardState, bytes: UInt64(bytes)))
    chain = writer.chain
    return writer.bytes
  }

  private func encode(_ write: PendingWrite, _ writer: inout RecordWriter) {
    switch write.change {
    case .hardState(let hardState):
      writer.append(hardState)
      logged.hardState = hardState
    case .entries(let entries, let cut):
      if let cut { writer.append(truncationAfter: cut) }
      for entry in entries {
        let place = EntryPlace(
          segment: current.number, offset: endOffset + UInt64(writer.bytes.count))
        writer.append(entry)
        // A later write may have cut the entry off again.
        if table.contains(entry.index), table[entry.index].place == .pending(write.sequence) {
          table[entry.index].place = place
        }
        logged.last = entry.position
      }
    case .snapshot(let marker, let replacesLog):
      writer.append(marker, replacesLog: replacesLog)
      logged.snapshot = marker
      if replacesLog {
        logged.base = marker.position
        logged.last = marker.position
      }
    case .discard(let base):
      writer.append(discardUpTo: base)
      logged.base = base
    }
  }

  /// Removes the segments before one, oldest first. A file that can't be removed now is tried again
  /// with the next batch.
  private func removeSegments(below number: UInt64) {
    while segments.count > 1, let oldest = segments.first, oldest.number < number {
      guard (try? files.removeIfPresent(oldest.path)) != nil else { return }
      files.close(oldest.file)
      segments.removeFirst()
    }
  }

  /// Removes the files of snapshots that are no longer kept: all but the newest ones up to the one
  /// that the log names.
  private func removeSnapshots(before position: LogPosition?) {
    guard let position else { return }
    while let kept = snapshotFiles.firstIndex(of: position), kept >= max(options.snapshotsKept, 1) {
      let path = options.path(WALFormat.snapshotName(snapshotFiles[0]))
      guard (try? files.removeIfPresent(path)) != nil else { return }
      snapshotFiles.removeFirst()
    }
  }
}
