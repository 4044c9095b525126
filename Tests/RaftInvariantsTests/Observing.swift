import RaftInvariants
import RaftTypes

let n1 = ServerID(0)
let n2 = ServerID(1)
let n3 = ServerID(2)

/// A violation in the words that a person reads, with servers called n1, n2, ...
struct Found: Hashable, CustomStringConvertible {
  var invariant: Invariant
  var message: String

  init(_ invariant: Invariant, _ message: String) {
    self.invariant = invariant
    self.message = message
  }

  init(_ violation: Violation) {
    self.init(violation.invariant, violation.message { "n\($0.rawValue + 1)" })
  }

  var description: String { "\(invariant.rawValue): \(message)" }
}

/// A checker that was fed, and what it found.
struct Watch {
  private(set) var checker: InvariantChecker

  init(
    trustsPeers: Bool = true, observing: Visibility = .all, _ observations: [Observation] = []
  ) {
    checker = InvariantChecker(servers: 3, trustsPeers: trustsPeers, observing: observing)
    for observation in observations { checker.observe(observation) }
  }

  /// Feeds more and tells what it violates.
  mutating func found(_ observations: Observation...) -> [Found] {
    for observation in observations { checker.observe(observation) }
    return checker.takeViolations().map(Found.init)
  }

  func stands(_ invariant: Invariant) -> Standing { checker.standing(of: invariant) }
}

/// What a sequence of observations violates.
func found(
  trustsPeers: Bool = true, observing: Visibility = .all, _ observations: Observation...
) -> [Found] {
  var watch = Watch(trustsPeers: trustsPeers, observing: observing, observations)
  return watch.found()
}

/// Entries of these terms; each holds its term's letter, so that equal terms mean equal entries.
func entries(_ terms: Int...) -> [ObservedEntry] {
  terms.map { entry($0, "t\($0)") }
}

func entry(_ term: Int, _ payload: String, _ kind: EntryKind = .command) -> ObservedEntry {
  ObservedEntry(term: Term(UInt64(term)), kind: kind, payload: Array(payload.utf8))
}

func at(_ index: Int, _ term: Int) -> LogPosition {
  LogPosition(index: LogIndex(UInt64(index)), term: Term(UInt64(term)))
}

extension Observation {
  /// A first life.
  static func boot(
    _ server: ServerID, term: Int, votedFor: ServerID? = nil, log: [ObservedEntry] = [],
    commit: Int = 0
  ) -> Observation {
    .booted(
      server, HardState(term: Term(UInt64(term)), votedFor: votedFor), log: log,
      commit: LogIndex(UInt64(commit)))
  }

  static func restart(
    _ server: ServerID, term: Int, votedFor: ServerID? = nil, log: [ObservedEntry] = []
  ) -> Observation {
    .restarted(server, HardState(term: Term(UInt64(term)), votedFor: votedFor), log: log)
  }

  static func term(_ server: ServerID, _ term: Int) -> Observation {
    .termChanged(server, Term(UInt64(term)))
  }

  static func vote(_ server: ServerID, for candidate: ServerID?, _ term: Int) -> Observation {
    .voted(server, for: candidate, term: Term(UInt64(term)))
  }

  static func role(_ server: ServerID, _ role: NodeRole, _ term: Int) -> Observation {
    .roleChanged(server, role, term: Term(UInt64(term)))
  }

  static func truncate(_ server: ServerID, from index: Int) -> Observation {
    .truncated(server, from: LogIndex(UInt64(index)))
  }

  static func append(
    _ server: ServerID, first: Int, _ entries: [ObservedEntry]
  ) -> Observation {
    .appended(server, first: LogIndex(UInt64(first)), entries: entries)
  }

  static func commit(_ server: ServerID, _ index: Int) -> Observation {
    .committed(server, LogIndex(UInt64(index)))
  }

  static func apply(_ server: ServerID, _ index: Int, _ entry: ObservedEntry) -> Observation {
    .applied(
      server, LogPosition(index: LogIndex(UInt64(index)), term: entry.term), entry)
  }
}

extension ObservedMessage {
  static func entries(
    term: Int, after prev: LogPosition, _ entries: [ObservedEntry] = [], commit: Int = 0
  ) -> ObservedMessage {
    .appendEntries(
      term: Term(UInt64(term)), prev: prev, entries: entries,
      leaderCommit: LogIndex(UInt64(commit)))
  }

  static func ack(term: Int, match: Int) -> ObservedMessage {
    .accepted(term: Term(UInt64(term)), match: LogIndex(UInt64(match)))
  }

  static func install(term: Int, _ snapshot: ObservedSnapshot) -> ObservedMessage {
    .installSnapshot(term: Term(UInt64(term)), snapshot)
  }

  static func grant(term: Int) -> ObservedMessage { .voteGranted(term: Term(UInt64(term))) }

  static func candidacy(term: Int) -> ObservedMessage { .voteRequested(term: Term(UInt64(term))) }
}
