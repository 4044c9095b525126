import RaftStorage
import RaftTypes

/// Everything that a storage's readers can see.
public struct LogContents: Hashable, Sendable {
  /// The term and the vote.
  public var hardState = HardState()
  /// The newest snapshot.
  public var snapshot: Snapshot?
  /// The position before the first entry.
  public var base: LogPosition = .zero
  /// The entries held.
  public var entries: [Entry] = []

  /// What a storage holds that was never used.
  public init() {}

  /// Reads all of a storage.
  ///
  /// - Throws: what its readers throw.
  public init(of storage: some Storage) throws(StorageError) {
    let first = storage.firstIndex
    hardState = storage.hardState
    snapshot = try storage.snapshot()
    base = LogPosition(index: first.previous, term: try storage.term(at: first.previous))
    entries = try storage.entries(
      LogRange(first: first, count: storage.lastIndex.next - first), maxBytes: .max)
  }

  /// The last entry that the snapshot covers.
  var snapshotIndex: LogIndex { snapshot?.position.index ?? .zero }
  var lastIndex: LogIndex { base.index + entries.count }

  func term(at index: LogIndex) -> Term? {
    if index == base.index { return base.term }
    guard index > base.index, index <= lastIndex else { return nil }
    return entries[index - base.index - 1].term
  }

  mutating func append(_ new: some Collection<Entry>) {
    guard let first = new.first else { return }
    entries.removeLast(lastIndex.next - first.index)
    entries.append(contentsOf: new)
  }

  mutating func take(_ new: Snapshot) {
    let isHeld = term(at: new.position.index) == new.position.term
    snapshot = new
    if !isHeld {
      base = new.position
      entries = []
    }
  }

  mutating func discard(upTo index: LogIndex) {
    guard index > base.index, let term = term(at: index) else { return }
    entries.removeFirst(index - base.index)
    base = LogPosition(index: index, term: term)
  }
}

/// A request to a log, for campaigns.
enum LogRequest: Sendable {
  case hardState(HardState)
  case append([Entry])
  case snapshot(Snapshot)
  case discard(upTo: LogIndex)
  case sync
  case partialSync
  case idle

  /// A request that a log with these contents takes.
  static func random(near contents: LogContents, using random: inout SeededSource) -> LogRequest {
    let last = contents.lastIndex.rawValue, covered = contents.snapshotIndex.rawValue
    switch UInt64.random(in: 0..<32, using: &random) {
    case 0..<4:
      let term = contents.hardState.term.rawValue + 1
      let vote = UInt64.random(in: 0...2, using: &random)
      return .hardState(
        HardState(term: Term(term), votedFor: vote == 0 ? nil : ServerID(vote)))
    case 4..<16:
      // Mostly behind the last entry, sometimes over entries that are there.
      let isOverwrite = last > covered && UInt64.random(in: 0..<4, using: &random) == 0
      let first = isOverwrite ? UInt64.random(in: covered + 1...last, using: &random) : last + 1
      let term = Term(contents.hardState.term.rawValue + 1)
      let count = UInt64.random(in: 1...4, using: &random)
      return .append(
        (0..<count).map {
          let most = [8, 60, 700].randomElement(using: &random) ?? 8
          let size = Int.random(in: 0...most, using: &random)
          return Entry(
            index: LogIndex(first + $0), term: term,
            payload: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ Int(first)) })
        })
    case 16, 17:
      let index = UInt64.random(in: covered + 1...max(last, covered) + 1, using: &random)
      let term = contents.term(at: LogIndex(index)) ?? Term(contents.hardState.term.rawValue + 1)
      return .snapshot(
        Snapshot(
          position: LogPosition(index: LogIndex(index), term: term),
          configuration: Configuration(voters: [ServerID(1), ServerID(2)]),
          data: Array(repeating: UInt8(index % 256), count: Int(index % 40))))
    case 18..<20: return .discard(upTo: LogIndex(covered))
    case 20, 21: return .idle
    case 22: return .partialSync
    default: return .sync
    }
  }
}
