import RaftStorage
import RaftTypes

/// A request to a storage.
enum StorageRequest {
  case hardState(HardState)
  case append([Entry])
  case snapshot(Snapshot)
  case discard(upTo: LogIndex)
  case sync
}

/// What a storage has to be like, in the plainest way: a copy of everything after each write.
struct StorageModel {
  /// The contents after each write of this life; the first are those it was opened with.
  private(set) var history: [Contents]
  /// The entries of each write that wrote some, to cut them in the middle.
  private var written: [[Entry]] = []

  init(_ contents: Contents = Contents()) { history = [contents] }

  /// The contents that readers see.
  var current: Contents { history[history.count - 1] }
  /// The number of the last write.
  var lastSequence: WriteSequence { WriteSequence(UInt64(history.count - 1)) }

  /// The contents after the write of this number.
  func contents(after sequence: WriteSequence) -> Contents { history[Int(sequence.rawValue)] }

  /// Why a request has to be refused, if it has to.
  func refusal(of request: StorageRequest) -> StorageError? {
    let now = current
    switch request {
    case .hardState(let offered):
      let held = now.hardState
      if offered.term < held.term {
        return .termRegression(held: held.term, offered: offered.term)
      }
      guard offered.term == held.term, let vote = held.votedFor, vote != offered.votedFor else {
        return nil
      }
      return .voteChanged(term: held.term, held: vote, offered: offered.votedFor)
    case .append(let entries):
      let covered = now.snapshotPosition.index
      if entries[0].index <= covered {
        return .compacted(index: entries[0].index, first: covered.next)
      }
      if entries[0].index.rawValue > now.lastIndex + 1 {
        return .gap(expected: LogIndex(now.lastIndex + 1), found: entries[0].index)
      }
      for (entry, next) in zip(entries, entries.dropFirst()) where next.index != entry.index.next {
        return .gap(expected: entry.index.next, found: next.index)
      }
      return nil
    case .snapshot(let offered):
      let held = now.snapshotPosition
      return offered.position.index > held.index
        ? nil : .staleSnapshot(held: held, offered: offered.position)
    case .discard(let index):
      let covered = now.snapshotPosition.index
      return index > covered ? .notCovered(index: index, covered: covered) : nil
    case .sync:
      return nil
    }
  }

  /// Carries out a request that is not to be refused.
  mutating func perform(_ request: StorageRequest) {
    var next = current
    var entries: [Entry] = []
    switch request {
    case .hardState(let hardState): next.hardState = hardState
    case .append(let appended):
      entries = appended
      next = Self.appending(appended, to: next)
    case .snapshot(let snapshot):
      next.snapshot = snapshot
      if next.term(at: snapshot.position.index.rawValue) != snapshot.position.term {
        next.log = [:]
        next.base = snapshot.position
      }
    case .discard(let index):
      for gone in next.log.keys.sorted() where gone <= index.rawValue {
        if let entry = next.log.removeValue(forKey: gone) { next.base = entry.position }
      }
    case .sync: return
    }
    history.append(next)
    written.append(entries)
  }

  private static func appending(_ entries: [Entry], to contents: Contents) -> Contents {
    var next = contents
    next.log = next.log.filter { $0.key < entries[0].index.rawValue }
    for entry in entries { next.log[entry.index.rawValue] = entry }
    return next
  }

  /// The contents when of the write of this number only the first `count` entries arrived.
  func contents(tornAt sequence: WriteSequence, entries count: Int) -> Contents {
    let before = history[Int(sequence.rawValue) - 1]
    let entries = written[Int(sequence.rawValue) - 1].prefix(count)
    return entries.isEmpty ? before : Self.appending(Array(entries), to: before)
  }

  /// How many entries the write of this number wrote.
  func entryCount(of sequence: WriteSequence) -> Int { written[Int(sequence.rawValue) - 1].count }

  /// Everything that any storage may hold after a power cut: the durable writes, and of those
  /// behind them the first ones, the last of these perhaps in part.
  func survivors(durable: WriteSequence) -> Set<Contents> {
    var possible: Set = [contents(after: durable)]
    var sequence = durable
    while sequence < lastSequence {
      sequence = sequence.next
      for count in 0..<entryCount(of: sequence) {
        possible.insert(contents(tornAt: sequence, entries: count))
      }
      possible.insert(contents(after: sequence))
    }
    return possible
  }
}

extension StorageRequest {
  /// A request near what the storage holds: mostly one that fits, sometimes one to be refused.
  static func random(
    near contents: Contents, using random: inout SeededGenerator
  ) -> StorageRequest {
    let covered = contents.snapshotPosition.index.rawValue
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<4:
      let held = contents.hardState.term.rawValue
      let term = UInt64.random(in: (held > 0 ? held - 1 : 0)...held + 1, using: &random)
      let vote = UInt64.random(in: 0...3, using: &random)
      return .hardState(RaftStorageTests.hardState(term: term, votedFor: vote == 3 ? nil : vote))
    case 4..<12:
      let first = UInt64.random(in: max(covered, 1)...contents.lastIndex + 2, using: &random)
      let terms = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        UInt64.random(in: 1...4, using: &random)
      }
      var entries = RaftStorageTests.entries(from: first, terms: terms)
      if Int.random(in: 0..<10, using: &random) == 0 {
        entries[entries.count - 1].index = entries[entries.count - 1].index + 1
      }
      return .append(entries)
    case 12, 13:
      let index = UInt64.random(in: covered...contents.lastIndex + 2, using: &random)
      let term =
        Bool.random(using: &random)
        ? contents.term(at: index)?.rawValue ?? 4 : UInt64.random(in: 1...4, using: &random)
      return .snapshot(RaftStorageTests.snapshot(at: index, term: term))
    case 14, 15:
      return .discard(upTo: LogIndex(UInt64.random(in: 0...covered + 1, using: &random)))
    default:
      return .sync
    }
  }

  /// Makes the request.
  ///
  /// - Returns: the number of the write; `nil` for a sync.
  func perform(on store: inout some Storage) throws(StorageError) -> WriteSequence? {
    switch self {
    case .hardState(let hardState): return try store.write(hardState)
    case .append(let entries): return try store.append(entries)
    case .snapshot(let snapshot): return try store.write(snapshot)
    case .discard(let index): return try store.discard(upTo: index)
    case .sync:
      try store.sync()
      return nil
    }
  }
}
