import RaftStorage
import RaftTypes

/// A storage in files: a log of checked records in segments, and snapshots beside it.
///
/// Writes are kept in memory until `sync`, which writes all of them with one call and makes them
/// durable with another. `sync(through:)` takes a part of them. A shell that has a thread to wait on
/// takes the batch away with `takeBatch()`, carries it out there, and hands it back to `complete`;
/// what is written meanwhile becomes the next batch.
///
/// One process has a log open at a time, and one thread uses it. A failed write or sync poisons it:
/// nothing is tried again, the node stops and opens the log anew, which reads what is really there.
/// When idle, `idle()` seals the end and prepares the next segment.
///
/// The format and the rules of recovery are in `Spec/WALFormat.md`.
///
/// - Clause: storage.decoupled, storage.typed-errors, storage.poisoned.
public final class WriteAheadLog: Storage {
  /// What opening the log found.
  public internal(set) var recovery: RecoveryReport
  /// What poisoned this storage, if anything did.
  public internal(set) var failure: StorageError?
  /// The failed call behind `failure`, if there was one.
  public internal(set) var failedCall: FileSystemError?
  /// The hard state as written last.
  public internal(set) var hardState: HardState
  /// The number of the last write that is durable; writes are counted from 1 in each life.
  public internal(set) var durableSequence = WriteSequence.zero

  let options: WALOptions
  let files: any FileSystem
  let identity: LogIdentity

  // What readers see.
  var table: EntryTable
  var snapshotMarker: SnapshotMarker?
  /// The positions from here on have their payloads in memory.
  var cachedFrom: LogIndex
  var cachedBytes = 0

  // What is on its way to the files.
  var pending: [PendingWrite] = []
  /// Bytes that the records of `pending` will take up.
  var pendingBytes = 0
  var lastSequence = WriteSequence.zero
  var isBatchTaken = false

  // What is in the files.
  var segments: [SegmentFile]
  /// Where the next batch begins in the last segment.
  var endOffset: UInt64
  /// The last record written.
  var chain: ChainEnd
  /// The last record that is durable.
  var syncedRecord: UInt64
  /// The state after the last record written.
  var logged: Checkpoint
  var isSealed = false
  /// A segment's file that is ready but for its head and its name.
  var spare: SegmentFile?
  /// The positions of the snapshots' files, oldest first.
  var snapshotFiles: [LogPosition] = []
  private var lock: FileHandle?

  init(
    _ opened: OpenedLog, options: WALOptions, files: any FileSystem, lock: FileHandle
  ) {
    self.options = options
    self.files = files
    self.lock = lock
    recovery = opened.report
    identity = opened.identity
    segments = opened.segments
    endOffset = opened.endOffset
    chain = opened.chain
    syncedRecord = opened.chain.sequence
    logged = opened.checkpoint
    hardState = opened.checkpoint.hardState
    snapshotMarker = opened.checkpoint.snapshot
    table = opened.table
    cachedFrom = opened.table.lastIndex.next
    snapshotFiles = opened.snapshotFiles
  }

  deinit { closeFiles() }

  /// Ends this life: seals the log where it is healthy and has nothing pending, and closes its files.
  /// Whatever was not synced is gone. The log must not be used afterwards.
  public func close() {
    if failure == nil && pending.isEmpty && !isBatchTaken { try? seal() }
    closeFiles()
  }

  /// Counts the writes of this life from here on.
  func restartCounting() {
    lastSequence = .zero
    durableSequence = .zero
  }

  /// Closes the files as they are, and gives up the lock.
  func closeFiles() {
    for segment in segments { files.close(segment.file) }
    if let spare { files.close(spare.file) }
    if let lock { files.close(lock) }
    segments = []
    spare = nil
    lock = nil
    if failure == nil {
      let place = StoragePlace.file(path: options.directory, offset: 0)
      failure = .ioFailed(.read, at: place, reason: .device)
    }
  }
}

// MARK: - Reading, as `Storage` documents it

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension WriteAheadLog {
  public var snapshotPosition: LogPosition { snapshotMarker?.position ?? .zero }
  public var firstIndex: LogIndex { table.firstIndex }
  public var lastIndex: LogIndex { table.lastIndex }

  public func terms() throws(StorageError) -> [TermRun] {
    try checkUsable()
    return table.runs
  }

  public func term(at index: LogIndex) throws(StorageError) -> Term {
    try checkUsable()
    if let term = table.term(at: index) { return term }
    throw index > lastIndex
      ? .unavailable(index: index, last: lastIndex)
      : .compacted(index: index, first: table.base.index)
  }

  public func entries(_ range: LogRange, maxBytes: Int) throws(StorageError) -> [Entry] {
    try checkUsable()
    if range.isEmpty { return [] }
    if range.first < firstIndex { throw .compacted(index: range.first, first: firstIndex) }
    if range.last > lastIndex { throw .unavailable(index: range.last, last: lastIndex) }
    var room = max(maxBytes, 0)
    var entries: [Entry] = []
    for offset in 0..<range.count {
      let index = range.first + offset
      let slot = table[index]
      if offset > 0 && Int(slot.size) > room { break }
      room -= Int(slot.size)
      var entry = Entry(index: index, term: slot.term, kind: slot.kind)
      if let payload = slot.payload {
        entry.payload = payload
      } else {
        entry.payload = try readPayload(index, slot)
      }
      entries.append(entry)
    }
    return entries
  }

  public func snapshot() throws(StorageError) -> Snapshot? {
    try checkUsable()
    guard let marker = snapshotMarker else { return nil }
    let path = options.path(WALFormat.snapshotName(marker.position))
    let place = StoragePlace.file(path: path, offset: 0)
    do {
      if let snapshot = try SnapshotFile.read(files, path, marker) { return snapshot }
    } catch {
      throw poison(error.storageError(.read, at: 0), error)
    }
    throw poison(.corrupt(at: place, finding: .checksum))
  }

  func checkUsable() throws(StorageError) {
    if let failure { throw .poisoned(by: failure) }
  }

  /// Poisons the log.
  ///
  /// - Returns: the failure, to be thrown.
  func poison(_ error: StorageError, _ call: FileSystemError? = nil) -> StorageError {
    failure = error
    failedCall = call
    return error
  }

  /// Reads an entry's record, and checks that it is the entry asked for.
  private func readPayload(_ index: LogIndex, _ slot: EntrySlot) throws(StorageError) -> [UInt8] {
    guard let segment = segments.first(where: { $0.number == slot.place.segment }) else {
      preconditionFailure("an entry lies in a segment that is not open")
    }
    let place = StoragePlace.file(path: segment.path, offset: slot.place.offset)
    let record: [UInt8]
    do {
      record = try files.readAll(
        segment.file, at: slot.place.offset,
        count: RecordWriter.byteCount(fields: 2, data: Int(slot.size)))
    } catch {
      throw poison(error.storageError(.read, at: slot.place.offset), error)
    }
    let seed = RecordHeader.seed(of: identity.log)
    let payload = record.withUnsafeBytes { bytes -> [UInt8]? in
      guard let base = bytes.baseAddress, bytes.count >= RecordHeader.byteCount + 16,
        let header = RecordHeader(base, seed: seed), header.recordBytes == bytes.count,
        header.type == RecordType.entry.rawValue
      else { return nil }
      let body = UnsafeRawBufferPointer(rebasing: bytes[RecordHeader.byteCount...])
      guard CRC32C.of(body) == header.bodyCRC,
        body.load(as: UInt64.self).littleEndian == index.rawValue,
        body.load(fromByteOffset: 8, as: UInt64.self).littleEndian == slot.term.rawValue
      else { return nil }
      return [UInt8](body[16..<16 + Int(slot.size)])
    }
    guard let payload else { throw poison(.corrupt(at: place, finding: .checksum)) }
    return payload
  }
}
