import RaftTypes

/// What a trace can expect of a node's state.
enum NodeExpectations {
  static let shape = Shape<NodeExpectation>.settings(
    "a node's state", fewest: 1, settings
  ) { _ in NodeExpectation() }.named("node-state")

  private static let settings: [Setting<NodeExpectation>] = [
    Setting(
      "status", \.status, .choice("status", .oneOf(statuses)), "whether the node runs"),
    Setting("role", \.role, .choice("role", .oneOf(roles)), "its role"),
    Setting("term", \.term, .termBound, "its term"),
    Setting(
      "votedFor", \.votedFor, .choice("optional-server", .optionalServer),
      "whom it voted for in its term", implies: .readVote),
    Setting(
      "leader", \.leader, .choice("optional-server", .optionalServer),
      "whom it believes to lead its term"),
    Setting(
      "log", \.log, Shape<LogItem>.logItem.list(0...TraceLimits.entries),
      "its whole log, internal entries left out", implies: .readLog),
    Setting("last", \.last, .entry(isExpected: true), "its last entry"),
    Setting("commit", \.commit, .index, "its commit index"),
    Setting("applied", \.applied, applied, "how far it has applied, or what exactly"),
    Setting(
      "ledger", \.ledger, Shape<LogItem>.logItem.list(0...TraceLimits.entries),
      "the commands its state machine holds, in order", implies: .readLedger),
    Setting(
      "config", \.configuration, .expectedConfiguration, "the configuration in force",
      implies: .readConfiguration),
    Setting(
      "snapshot", \.snapshot, snapshot, "the last entry that its snapshot covers",
      implies: .snapshot),
    Setting(
      "first", \.first, .index, "the first index of its log, 1 where nothing was discarded",
      implies: .snapshot),
  ]

  private static let snapshot = Shape<SnapshotExpectation>.alternatives(
    .word("none", "it has none", .none),
    Shape<LogPosition>.position.map { .position($0) },
    Shape<Bound>.index.map { .index($0) })

  private static let applied: Shape<AppliedExpectation> = {
    let entries = Shape<LogItem>.logItem.list(0...TraceLimits.entries)
      .flatMap { items, _, context -> AppliedExpectation? in
        context.imply(.readLedger)
        return .entries(items)
      }
    return .alternatives(Shape<Bound>.index.map { .index($0) }, entries)
  }()

  private static let statuses: [(value: NodeStatus, meaning: String)] = [
    (.running, "it runs"), (.crashed, "it was crashed"),
    (.halted, "it stopped by itself, on purpose"),
  ]

  private static let roles: [(value: NodeRole, meaning: String)] = [
    (.follower, "follows, or waits"),
    (.preCandidate, "asks whether it could win, at its old term"),
    (.candidate, "stands for election"),
    (.leader, "leads its term"),
  ]
}
