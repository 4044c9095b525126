import RaftTypes
import YAMLTree

/// What nodes boot from, and the settings they are given.
enum BootStates {
  /// The nodes of a trace, in the order they are written.
  static let nodes = Shape<[NodeBoot]>(
    description: .dictionary(key: NameRule.node, value: boot.description),
    accepts: { !($0.entries ?? []).isEmpty }
  ) { node, context in
    (node.entries ?? []).compactMap { entry in
      guard NameRule.node.matches(entry.name) else {
        context.report(nameMistake(entry.name), at: entry.key.location)
        return nil
      }
      guard var boot = boot.decode(entry.value, context) else { return nil }
      boot.name = NodeName(entry.name)
      boot.location = entry.key.location
      check(boot, entry.value, context)
      return boot
    }
  }

  /// The peers of a trace, in the order they are written.
  static let peers = Shape<String>.text(NameRule.node).map { NodeName($0) }
    .list(0...TraceLimits.servers)

  /// The settings under `config`.
  static let settings = Shape<TraceSettings>.settings(
    "the settings",
    [
      Setting(
        "electionTicks", \.electionTicks, .count(1...TraceLimits.ticks),
        "the least election time-out, ticks; the greatest is below twice that"),
      Setting(
        "heartbeatTicks", \.heartbeatTicks, .count(1...TraceLimits.ticks),
        "ticks between a leader's heartbeats"),
      Setting(
        "preVote", \.preVote, .boolean, "whether elections start with a pre-vote",
        implies: .preVote, when: { $0 }),
      Setting(
        "checkQuorum", \.checkQuorum, .boolean,
        "whether a leader without contact to a quorum steps down", implies: .checkQuorum,
        when: { $0 }),
      Setting(
        "maxEntriesPerAppend", \.maxEntriesPerAppend, .count(1...TraceLimits.entries),
        "the most entries of one AppendEntries", implies: .appendLimit),
      Setting(
        "maxBytesPerAppend", \.maxBytesPerAppend, .count(1...TraceLimits.payloadBytes),
        "the most bytes of entries in one AppendEntries; one entry always fits",
        implies: .appendLimitBytes),
      Setting(
        "maxInflightAppends", \.maxInflightAppends, .count(1...TraceLimits.entries),
        "the most unanswered AppendEntries of one follower", implies: .inflightLimit),
      Setting(
        "maxBytesPerSnapshotChunk", \.maxBytesPerSnapshotChunk,
        .count(1...TraceLimits.payloadBytes), "the most bytes of one piece of a snapshot",
        implies: .snapshotChunks),
      Setting(
        "leaseReads", \.leaseReads, .boolean,
        "whether a leader serves reads by its lease, without a round", implies: .readLease,
        when: { $0 }),
    ]
  ) { _ in TraceSettings() }

  static let boot = Shape<NodeBoot>.record(
    "a boot state",
    .optional("term", .anyNumber, "its term; when left out, that of its last entry, or 0"),
    .optional("votedFor", .server, "whom it voted for in that term"),
    .standard(
      "log", BootEntry.shape.list(0...TraceLimits.entries), [], shown: "[]",
      "the terms of entries 1, 2, ..., or of those after the snapshot; each holds a command, its "
        + "position's text, or the configuration that stands beside its term"),
    .optional("snapshot", snapshot, "the snapshot that the log begins after", implies: .snapshot),
    .standard(
      "joins", .boolean, false, shown: "false",
      "whether it starts outside the configuration, to be added later",
      implies: .configurationSimple),
    .optional(
      "heard", heard, "a heartbeat that it received before the first step", implies: .messages)
  ) { place, term, votedFor, log, snapshot, joins, heard in
    let lastTerm = log.last?.term ?? snapshot?.position.term ?? .zero
    var boot = NodeBoot(
      name: NodeName(""), term: term.map { Term($0) } ?? lastTerm, votedFor: votedFor,
      log: log.map(\.term), heard: heard, location: place.location)
    for (place, entry) in log.enumerated() { boot.configurations[place] = entry.configuration }
    boot.snapshot = snapshot
    boot.joins = joins
    return boot
  }.named("boot")

  private static let snapshot = Shape<NodeBoot.Snapshot>.record(
    "a snapshot", .required("at", .position, "the last entry that it covers"),
    .standard(
      "ledger", .snapshotLedger, [], shown: "[]",
      "the commands that it holds, in order: positions, whose text they are, or names"),
    .optional(
      "config", .configuration,
      "the members as of that entry; when left out, those that the trace begins with")
  ) { place, position, ledger, configuration in
    if position == .zero { place.report("a snapshot covers at least one entry", at: "at") }
    return NodeBoot.Snapshot(
      position: position, ledger: ledger, configuration: configuration)
  }

  private static let heard = Shape<NodeBoot.Heard>.record(
    "a heartbeat", .required("from", .server, "the leader"),
    .required("term", .anyNumber, "the leader's term"),
    .required("commit", .anyNumber, "the leader's commit index")
  ) { _, from, term, commit in
    NodeBoot.Heard(from: from, term: Term(term), commit: LogIndex(commit))
  }

  private static func nameMistake(_ name: String) -> String {
    NameRule.reservedNodeNames.contains(name)
      ? "'\(name)' is a word of the format and can't be a node's name"
      : "'\(clipped(name))' can't be a node's name; expected a letter, then letters and digits, "
        + "all small"
  }

  private static func check(_ boot: NodeBoot, _ node: YAMLNode, _ context: DecodeContext) {
    let place = Place(node: node, context: context)
    if let votedFor = boot.votedFor, boot.term == .zero {
      place.report("a vote for \(votedFor) in term 0: nobody stands for it", at: "votedFor")
    }
    if boot.joins, context.learners.contains(boot.name) {
      place.report("\(boot.name) joins later, and is no learner yet", at: "joins")
    }
    guard let heard = boot.heard, let given = node["heard"] else { return }
    let inside = Place(node: given, context: context)
    if heard.from == boot.name { inside.report("\(boot.name) can't hear from itself", at: "from") }
    if heard.term < boot.term {
      inside.report(
        "a heartbeat of term \(heard.term.rawValue), below the node's term "
          + "\(boot.term.rawValue), would be ignored", at: "term")
    }
  }
}
