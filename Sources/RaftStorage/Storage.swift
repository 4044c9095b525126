import RaftTypes

/// Where a node's durable state lives: hard state, log and snapshot.
///
/// Writes take effect for readers at once and become durable in the order they were made. `sync`
/// asks for everything written so far to become durable; `durableSequence` tells how far that has
/// come, so a storage may complete a sync later. After a crash everything up to `durableSequence`
/// is there; of what was written behind it nothing is promised.
///
/// A storage that failed a write or a sync is poisoned, since what it holds is no longer known:
/// every method throws `.poisoned` until the storage is opened again, and the properties go on
/// telling what they told before. A refusal (any other error) changes nothing.
///
/// A storage knows no rule of Raft beyond one vote a term: which entry may follow which is decided
/// before it is written.
///
/// - Clause: storage.decoupled, storage.typed-errors, storage.poisoned.
public protocol Storage {
  /// The hard state as written last.
  var hardState: HardState { get }
  /// The last entry that the snapshot covers; `zero` without one.
  var snapshotPosition: LogPosition { get }
  /// The position of the first entry held: one after the snapshot, unless more was kept.
  var firstIndex: LogIndex { get }
  /// The position of the last entry, or of the snapshot when none follows it.
  var lastIndex: LogIndex { get }
  /// The number of the last write that is durable; writes are counted from 1 in each life.
  var durableSequence: WriteSequence { get }
  /// What poisoned this storage, if anything did; the only news of a sync that fails late.
  var failure: StorageError? { get }

  /// The terms of the entries from `firstIndex` on, for building a node without reading payloads.
  ///
  /// - Returns: runs in the log's order, neighbours of one term joined; empty for an empty log.
  /// - Throws: `.poisoned`, `.ioFailed`.
  func terms() throws(StorageError) -> [TermRun]

  /// The term of the entry at `index`; the one before `firstIndex` included, where the snapshot's
  /// last entry or the beginning of the log (index 0, term 0) stands.
  ///
  /// - Throws: `.compacted` below that, `.unavailable` above the last entry, `.poisoned`.
  func term(at index: LogIndex) throws(StorageError) -> Term

  /// The entries of `range`, cut short so that their payloads stay within `maxBytes`; at least one
  /// entry where the range is not empty. An empty range gives none, wherever it stands.
  ///
  /// - Throws: `.compacted` and `.unavailable` where `range` leaves the log, `.poisoned`,
  ///   `.ioFailed`.
  func entries(_ range: LogRange, maxBytes: Int) throws(StorageError) -> [Entry]

  /// The snapshot written last, with its data; `nil` before the first.
  ///
  /// - Throws: `.poisoned`, `.ioFailed`.
  func snapshot() throws(StorageError) -> Snapshot?

  /// Writes the hard state.
  ///
  /// - Returns: the number of this write.
  /// - Throws: `.termRegression` for a lower term, `.voteChanged` for a second vote in one term or
  ///   for taking one back, `.poisoned`, `.ioFailed`, `.full`.
  mutating func write(_ hardState: HardState) throws(StorageError) -> WriteSequence

  /// Cuts the log at the first entry's position and writes the entries there.
  ///
  /// - Parameter entries: one or more, of consecutive positions. None traps.
  /// - Returns: the number of this write.
  /// - Throws: `.gap` where the entries do not follow the log or each other, `.compacted` at or
  ///   below the snapshot, `.poisoned`, `.ioFailed`, `.full`.
  mutating func append(_ entries: [Entry]) throws(StorageError) -> WriteSequence

  /// Writes a snapshot. Where the log holds the snapshot's last entry the log stays as it is, to be
  /// cut by `discard(upTo:)`; otherwise the snapshot replaces all of it.
  ///
  /// - Source: Raft paper, Figure 13 (rules 5 to 7).
  /// - Returns: the number of this write.
  /// - Throws: `.staleSnapshot` unless it covers more than the one held, `.poisoned`, `.ioFailed`,
  ///   `.full`.
  mutating func write(_ snapshot: Snapshot) throws(StorageError) -> WriteSequence

  /// Drops the entries up to `index`, which the snapshot covers; none where they are gone already.
  ///
  /// - Returns: the number of this write.
  /// - Throws: `.notCovered` above the snapshot, `.poisoned`, `.ioFailed`.
  mutating func discard(upTo index: LogIndex) throws(StorageError) -> WriteSequence

  /// Asks for all writes so far to become durable.
  ///
  /// - Throws: `.poisoned`, `.ioFailed`.
  mutating func sync() throws(StorageError)
}

/// Counts the writes of one life of a storage, from 1; 0 is before the first.
public struct WriteSequence: RawRepresentable, Hashable, Comparable, Sendable {
  /// How many writes there were, this one included.
  public var rawValue: UInt64

  /// The number of the write that is the `rawValue`th.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// The number of the write that is the `rawValue`th.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// Before the first write.
  public static var zero: WriteSequence { WriteSequence(0) }

  /// The number of the write after this one.
  public var next: WriteSequence { WriteSequence(rawValue + 1) }

  /// Whether write `a` was made before write `b`.
  public static func < (a: WriteSequence, b: WriteSequence) -> Bool { a.rawValue < b.rawValue }
}
