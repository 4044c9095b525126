import RaftTypes

/// What a storage holds at one moment: the outcome of a sequence of changes.
struct StoredState: Hashable, Sendable {
  var hardState = HardState()
  var snapshot: Snapshot?
  /// The position before the first entry held.
  var base: LogPosition = .zero
  var entries: [Entry] = []

  /// The last entry that the snapshot covers; `zero` without one.
  var snapshotPosition: LogPosition { snapshot?.position ?? .zero }
  var firstIndex: LogIndex { base.index.next }
  var lastIndex: LogIndex { base.index + entries.count }

  /// The term at `index`, from `base` to the last entry; `nil` outside.
  func term(at index: LogIndex) -> Term? {
    if index == base.index { return base.term }
    guard index > base.index, index <= lastIndex else { return nil }
    return entries[index - firstIndex].term
  }

  mutating func apply(_ change: StoredChange) {
    switch change {
    case .hardState(let hardState):
      self.hardState = hardState
    case .entries(let written, let previous):
      entries.removeLast(lastIndex - previous.index)
      entries.append(contentsOf: written)
    case .snapshot(let snapshot):
      self.snapshot = snapshot
      // Figure 13, rules 6 and 7: a log that holds the snapshot's last entry is kept.
      if term(at: snapshot.position.index) != snapshot.position.term {
        base = snapshot.position
        entries.removeAll()
      }
    case .discard(let index):
      guard index > base.index, let term = term(at: index) else { return }
      entries.removeFirst(index - base.index)
      base = LogPosition(index: index, term: term)
    }
  }

  /// Whether `change`, made for another state, fits this one: false for what a lost change before
  /// it has left without ground.
  func fits(_ change: StoredChange) -> Bool {
    switch change {
    case .hardState, .snapshot: true
    case .entries(_, let previous):
      previous.index >= snapshotPosition.index && term(at: previous.index) == previous.term
    case .discard(let index): index <= snapshotPosition.index
    }
  }
}

/// One write, with its bytes.
enum StoredChange: Hashable, Sendable {
  case hardState(HardState)
  /// Entries, one or more, and the position that they follow; what was behind it is cut.
  case entries([Entry], previous: LogPosition)
  case snapshot(Snapshot)
  case discard(upTo: LogIndex)

  /// What of the change is there when its writing was cut in the middle, if anything: entries are
  /// written one after the other, and the cut before them takes effect with the first. All else is
  /// written as a whole or not at all.
  var torn: StoredChange? {
    switch self {
    case .entries(let entries, let previous):
      entries.count < 2
        ? nil : .entries(Array(entries.prefix(entries.count / 2)), previous: previous)
    case .hardState, .snapshot, .discard: nil
    }
  }
}

extension StoredState {
  /// Whether the hard state may be replaced by `offered`.
  func check(_ offered: HardState) throws(StorageError) {
    if offered.term < hardState.term {
      throw .termRegression(held: hardState.term, offered: offered.term)
    }
    if offered.term == hardState.term, let held = hardState.votedFor, offered.votedFor != held {
      throw .voteChanged(term: offered.term, held: held, offered: offered.votedFor)
    }
  }

  /// Whether `written` may be put into the log.
  ///
  /// - Returns: the position that they follow.
  func check(_ written: [Entry]) throws(StorageError) -> LogPosition {
    guard let first = written.first else { preconditionFailure("an append without entries") }
    if first.index <= snapshotPosition.index {
      throw .compacted(index: first.index, first: snapshotPosition.index.next)
    }
    var expected = min(first.index, lastIndex.next)
    for entry in written {
      if entry.index != expected { throw .gap(expected: expected, found: entry.index) }
      expected = expected.next
    }
    let previous = first.index.previous
    guard let term = term(at: previous) else {
      preconditionFailure("the log begins above its snapshot")
    }
    return LogPosition(index: previous, term: term)
  }

  /// Whether the snapshot may be replaced by `offered`.
  func check(_ offered: Snapshot) throws(StorageError) {
    if offered.position.index <= snapshotPosition.index {
      throw .staleSnapshot(held: snapshotPosition, offered: offered.position)
    }
  }

  /// Whether the entries up to `index` may go.
  func check(discardUpTo index: LogIndex) throws(StorageError) {
    if index > snapshotPosition.index {
      throw .notCovered(index: index, covered: snapshotPosition.index)
    }
  }
}
