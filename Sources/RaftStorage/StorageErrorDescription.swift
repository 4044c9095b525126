import RaftTypes

extension StorageError: CustomStringConvertible {
  /// A stable name of the kind of error.
  public var code: String {
    switch self {
    case .compacted: "storage.compacted"
    case .unavailable: "storage.unavailable"
    case .gap: "storage.gap"
    case .termRegression: "storage.term-regression"
    case .voteChanged: "storage.vote-changed"
    case .staleSnapshot: "storage.stale-snapshot"
    case .notCovered: "storage.not-covered"
    case .poisoned: "storage.poisoned"
    case .ioFailed: "storage.io-failed"
    case .full: "storage.full"
    case .corrupt: "storage.corrupt"
    }
  }

  /// The code, then the place and what was found there, then what to do.
  public var description: String { "\(code): \(finding); \(remedy)" }

  /// What was found, and where.
  private var finding: String {
    switch self {
    case .compacted(let index, let first):
      "entry \(index.rawValue) is compacted, the first position open is \(first.rawValue)"
    case .unavailable(let index, let last):
      "entry \(index.rawValue) is above the last one, \(last.rawValue)"
    case .gap(let expected, let found):
      "entry \(found.rawValue) does not follow, \(expected.rawValue) was expected"
    case .termRegression(let held, let offered):
      "term \(offered.rawValue) is below the hard state's term \(held.rawValue)"
    case .voteChanged(let term, let held, let offered):
      "in term \(term.rawValue) the vote is server \(held.rawValue)'s and "
        + (offered.map { "was to become server \($0.rawValue)'s" } ?? "was to be taken back")
    case .staleSnapshot(let held, let offered):
      "a snapshot at \(Self.text(offered)) covers no more than the one at \(Self.text(held))"
    case .notCovered(let index, let covered):
      "entry \(index.rawValue) is not in the snapshot, which ends at \(covered.rawValue)"
    case .poisoned(let cause):
      "an earlier failure left the contents unknown (\(cause.code): \(cause.finding))"
    case .ioFailed(let operation, let place, let reason):
      "\(operation.rawValue) failed in \(place): \(reason)"
    case .full(let operation, let place):
      "no room for \(operation.rawValue) in \(place)"
    case .corrupt(let place, let finding):
      "\(place): \(finding.rawValue)"
    }
  }

  /// What whoever meets the error should do.
  public var remedy: String {
    switch self {
    case .compacted: "use the snapshot, which covers it"
    case .unavailable: "read no further than the last entry"
    case .gap: "write the entries between first"
    case .termRegression: "keep the higher term"
    case .voteChanged: "keep the vote until the term rises"
    case .staleSnapshot: "keep the one held"
    case .notCovered: "write a snapshot that covers it first"
    case .poisoned, .ioFailed: "stop the node and open the storage again, never retry"
    case .full: "make room, then write again; what was held before is intact"
    case .corrupt: "alter nothing, and restore the node from its peers"
    }
  }

  /// A position as traces write it: `3@2`.
  private static func text(_ position: LogPosition) -> String {
    "\(position.index.rawValue)@\(position.term.rawValue)"
  }
}
