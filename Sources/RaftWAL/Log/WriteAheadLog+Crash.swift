import RaftStorage
import RaftTypes

/// Crashes on demand, for those who test what runs on a log.
extension WriteAheadLog {
  /// Ends this life as a crash would: nothing is synced, and of the pending writes the files hold
  /// what `unsynced` says. The log is to be opened again; this one must not be used any more.
  ///
  /// `.torn` writes the last pending write up to its middle, as `UnsyncedFate` tells, and
  /// `.keeping` keeps the writes up to the first that is not named, since a log has no holes. On a
  /// file system that loses what is not synced, crash that one as well.
  ///
  /// - Throws: `.poisoned`, `.ioFailed` where what is to be kept can't be written.
  public func crash(leaving unsynced: UnsyncedFate) throws(StorageError) {
    defer { closeFiles() }
    var kept = lastSequence
    switch unsynced {
    case .lost: return
    case .kept, .torn: break
    case .keeping(let writes):
      kept = pending.prefix { writes.contains($0.sequence) }.last?.sequence ?? durableSequence
    }
    guard let last = pending.last(where: { $0.sequence <= kept }),
      let batch = try takeBatch(through: kept)
    else { return }
    var bytes = batch.bytes[...]
    if unsynced == .torn {
      bytes = bytes.prefix(bytes.count - BatchTrailer.recordBytes - last.bytes + last.bytesWhenTorn)
    }
    do {
      try files.writeAll(
        Array(bytes), to: batch.segment.file, at: batch.offset, path: batch.segment.path)
    } catch {
      throw poison(error.storageError(.sync, at: batch.offset), error)
    }
  }
}

extension PendingWrite {
  /// Bytes that are written of it when it is cut in the middle: of entries the first half and a part
  /// of the next one, of anything else a part.
  fileprivate var bytesWhenTorn: Int {
    let part = RecordHeader.byteCount / 2
    guard case .entries(let entries, let cut) = change, entries.count > 1 else { return part }
    let half = PendingWrite(
      sequence: sequence,
      change: .entries(Array(entries.prefix(entries.count / 2)), cutAfter: cut))
    return half.bytes + part
  }
}
