import RaftStorage
import RaftTypes

/// A write that is not in the files yet.
struct PendingWrite: Sendable {
  var sequence: WriteSequence
  var change: Change

  enum Change: Sendable {
    case hardState(HardState)
    /// Entries, one or more, and where the log was cut for them.
    case entries([Entry], cutAfter: LogPosition?)
    case snapshot(SnapshotMarker, replacesLog: Bool)
    case discard(upTo: LogPosition)
  }

  /// Bytes that the records will take up.
  var bytes: Int {
    switch change {
    case .hardState, .discard: RecordWriter.byteCount(fields: 2)
    case .entries(let entries, let cut):
      entries.reduce(cut == nil ? 0 : RecordWriter.byteCount(fields: 2)) {
        $0 + RecordWriter.byteCount(fields: 2, data: $1.payload.count)
      }
    case .snapshot: RecordWriter.byteCount(fields: 4)
    }
  }
}

// MARK: - Writing, as `Storage` documents it

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension WriteAheadLog {
  public func write(_ hardState: HardState) throws(StorageError) -> WriteSequence {
    try checkUsable()
    let held = self.hardState
    if hardState.term < held.term {
      throw .termRegression(held: held.term, offered: hardState.term)
    }
    if hardState.term == held.term, let vote = held.votedFor, hardState.votedFor != vote {
      throw .voteChanged(term: held.term, held: vote, offered: hardState.votedFor)
    }
    let sequence = try enqueue(.hardState(hardState), as: .write, mayUseReserve: true)
    self.hardState = hardState
    return sequence
  }

  public func append(_ entries: [Entry]) throws(StorageError) -> WriteSequence {
    try checkUsable()
    guard let first = entries.first else { preconditionFailure("an append without entries") }
    if first.index <= snapshotPosition.index {
      throw .compacted(index: first.index, first: snapshotPosition.index.next)
    }
    var expected = min(first.index, lastIndex.next)
    for entry in entries {
      if entry.index != expected { throw .gap(expected: expected, found: entry.index) }
      expected = expected.next
    }
    let previous = first.index.previous
    guard let term = table.term(at: previous) else {
      preconditionFailure("the log begins above its snapshot")
    }
    let cut = first.index <= lastIndex ? LogPosition(index: previous, term: term) : nil
    let sequence = try enqueue(.entries(entries, cutAfter: cut), as: .append, mayUseReserve: false)
    if cut != nil { truncate(after: previous) }
    for entry in entries {
      table.append(
        EntrySlot(
          term: entry.term, place: .pending(sequence), size: UInt32(entry.payload.count),
          kind: entry.kind, payload: entry.payload))
      cachedBytes += entry.payload.count
    }
    return sequence
  }

  public func write(_ snapshot: Snapshot) throws(StorageError) -> WriteSequence {
    try checkUsable()
    let position = snapshot.position
    if position.index <= snapshotPosition.index {
      throw .staleSnapshot(held: snapshotPosition, offered: position)
    }
    let marker = try store(snapshot)
    let replacesLog = table.term(at: position.index) != position.term
    let sequence = try enqueue(
      .snapshot(marker, replacesLog: replacesLog), as: .snapshot, mayUseReserve: true)
    snapshotMarker = marker
    if replacesLog {
      table = EntryTable(base: position)
      cachedFrom = position.index.next
      cachedBytes = 0
    }
    return sequence
  }

  public func discard(upTo index: LogIndex) throws(StorageError) -> WriteSequence {
    try checkUsable()
    if index > snapshotPosition.index {
      throw .notCovered(index: index, covered: snapshotPosition.index)
    }
    var base = table.base
    if table.contains(index) { base = LogPosition(index: index, term: table[index].term) }
    let sequence = try enqueue(.discard(upTo: base), as: .discard, mayUseReserve: true)
    while cachedFrom <= base.index {
      if table.contains(cachedFrom) { uncount(table[cachedFrom]) }
      cachedFrom = cachedFrom.next
    }
    table.discard(upTo: base.index)
    return sequence
  }

  /// Adds a write to the next batch, once there is room for it.
  private func enqueue(
    _ change: PendingWrite.Change, as operation: StorageOperation, mayUseReserve: Bool
  ) throws(StorageError) -> WriteSequence {
    let write = PendingWrite(sequence: lastSequence.next, change: change)
    try makeRoom(for: write.bytes, as: operation, mayUseReserve: mayUseReserve)
    lastSequence = write.sequence
    pendingBytes += write.bytes
    pending.append(write)
    return write.sequence
  }

  private func truncate(after index: LogIndex) {
    var dropped = max(index.next, cachedFrom)
    while dropped <= lastIndex {
      uncount(table[dropped])
      dropped = dropped.next
    }
    table.truncate(after: index)
    cachedFrom = min(cachedFrom, index.next)
  }

  private func uncount(_ slot: EntrySlot) { cachedBytes -= slot.payload?.count ?? 0 }

  /// Leaves the oldest payloads to the disk as long as there are too many in memory.
  func trimCache() {
    while cachedBytes > options.cachedBytes, cachedFrom <= lastIndex,
      table[cachedFrom].place.segment != 0
    {
      uncount(table[cachedFrom])
      table[cachedFrom].payload = nil
      cachedFrom = cachedFrom.next
    }
  }

  /// Writes a snapshot's file, so that the log names only what is durable.
  private func store(_ snapshot: Snapshot) throws(StorageError) -> SnapshotMarker {
    let head = SnapshotFile.head(of: snapshot, identity)
    let end = SnapshotFile.end(
      checksum: CRC32C.of(snapshot.data, after: CRC32C.of(head)))
    let path = options.path(WALFormat.snapshotName(snapshot.position))
    do {
      try files.put([head, snapshot.data, end], at: path, in: options.directory)
    } catch {
      if error.isOutOfRoom { throw .full(.snapshot, at: .file(path: path, offset: 0)) }
      throw poison(error.storageError(.snapshot, at: 0), error)
    }
    snapshotFiles.append(snapshot.position)
    return SnapshotMarker(
      position: snapshot.position,
      fileCRC: CRC32C.of(end, after: CRC32C.of(snapshot.data, after: CRC32C.of(head))),
      fileBytes: UInt64(head.count + snapshot.data.count + end.count))
  }
}
