import RaftTypes

/// The reference storage: in memory, and able to behave like a disk on a bad day.
///
/// What is durable and what is not are kept apart: readers see `visible`, a crash leaves `durable`
/// and as much of the queue of writes between the two as is asked for. Each write is carried out
/// once on either side, so its cost is its own size, never the log's.
///
/// Besides `Storage` it can hold completions back (`MemoryStorageHolds.swift`), fail operations and
/// crash (`MemoryStorageFaults.swift`).
public struct MemoryStorage: Storage, Sendable {
  /// What readers see: all writes.
  var visible: StoredState
  /// What is certain to survive a crash: the writes up to `durableSequence`.
  var durable: StoredState
  /// The writes that are not durable, oldest first.
  var queue: [QueuedWrite] = []
  /// The number of the last write.
  var lastSequence: WriteSequence = .zero
  /// How many syncs were asked for.
  var syncCount = 0
  /// What is held back now.
  var holds: HoldSet = []
  /// The failures to come.
  var scheduledFaults: [ScheduledFault] = []

  /// The number of the last write that is durable, counted from 1 in each life.
  public internal(set) var durableSequence: WriteSequence = .zero
  /// What poisoned this storage, if anything did.
  public internal(set) var failure: StorageError?

  /// An empty storage, as of a server that has never run.
  public init() {
    self.init(contents: StoredState())
  }

  /// A storage that holds what is given, durably.
  ///
  /// - Parameter entries: those after the snapshot, or from position 1 on without one.
  /// - Throws: `.gap` where the entries do not follow the snapshot or each other, `.compacted`
  ///   where they begin at or below it, `.staleSnapshot` for a snapshot at position 0.
  public init(
    hardState: HardState, snapshot: Snapshot? = nil, entries: [Entry] = []
  ) throws(StorageError) {
    var contents = StoredState(hardState: hardState)
    if let snapshot {
      try contents.check(snapshot)
      contents.apply(.snapshot(snapshot))
    }
    if !entries.isEmpty {
      let previous = try contents.check(entries)
      contents.apply(.entries(entries, previous: previous))
    }
    self.init(contents: contents)
  }

  init(contents: StoredState) {
    visible = contents
    durable = contents
  }
}

// MARK: - Reading, as `Storage` documents it

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension MemoryStorage {
  public var hardState: HardState { visible.hardState }
  public var snapshotPosition: LogPosition { visible.snapshotPosition }
  public var firstIndex: LogIndex { visible.firstIndex }
  public var lastIndex: LogIndex { visible.lastIndex }

  public func terms() throws(StorageError) -> [TermRun] {
    try checkUsable()
    var runs: [TermRun] = []
    for entry in visible.entries {
      if let last = runs.last, last.term == entry.term {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(TermRun(term: entry.term, count: 1))
      }
    }
    return runs
  }

  public func term(at index: LogIndex) throws(StorageError) -> Term {
    try checkUsable()
    if let term = visible.term(at: index) { return term }
    throw index > lastIndex
      ? .unavailable(index: index, last: lastIndex)
      : .compacted(index: index, first: visible.base.index)
  }

  public func entries(_ range: LogRange, maxBytes: Int) throws(StorageError) -> [Entry] {
    try checkUsable()
    if range.isEmpty { return [] }
    if range.first < firstIndex { throw .compacted(index: range.first, first: firstIndex) }
    if range.last > lastIndex { throw .unavailable(index: range.last, last: lastIndex) }
    let start = range.first - firstIndex
    let wanted = visible.entries[start..<start + range.count]
    var room = max(maxBytes, 0)
    var taken = 0
    for entry in wanted {
      if taken > 0 && entry.payload.count > room { break }
      room -= entry.payload.count
      taken += 1
    }
    return Array(wanted.prefix(taken))
  }

  public func snapshot() throws(StorageError) -> Snapshot? {
    try checkUsable()
    return visible.snapshot
  }

  func checkUsable() throws(StorageError) {
    if let failure { throw .poisoned(by: failure) }
  }
}

// MARK: - Writing, as `Storage` documents it

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension MemoryStorage {
  public mutating func write(_ hardState: HardState) throws(StorageError) -> WriteSequence {
    try checkUsable()
    try visible.check(hardState)
    return try enqueue(.hardState(hardState), as: .write)
  }

  public mutating func append(_ entries: [Entry]) throws(StorageError) -> WriteSequence {
    try checkUsable()
    let previous = try visible.check(entries)
    return try enqueue(.entries(entries, previous: previous), as: .append)
  }

  public mutating func write(_ snapshot: Snapshot) throws(StorageError) -> WriteSequence {
    try checkUsable()
    try visible.check(snapshot)
    return try enqueue(.snapshot(snapshot), as: .snapshot)
  }

  public mutating func discard(upTo index: LogIndex) throws(StorageError) -> WriteSequence {
    try checkUsable()
    try visible.check(discardUpTo: index)
    return try enqueue(.discard(upTo: index), as: .discard)
  }

  public mutating func sync() throws(StorageError) {
    try checkUsable()
    try begin(.sync)
    syncCount += 1
    for position in queue.indices.reversed() {
      // The writes before one that was asked for already were asked for with it.
      if queue[position].sync != nil { break }
      queue[position].sync = syncCount
    }
    drain()
  }

  private mutating func enqueue(
    _ change: StoredChange, as operation: StorageOperation
  ) throws(StorageError) -> WriteSequence {
    try begin(operation)
    visible.apply(change)
    lastSequence = lastSequence.next
    queue.append(QueuedWrite(sequence: lastSequence, change: change))
    return lastSequence
  }
}
