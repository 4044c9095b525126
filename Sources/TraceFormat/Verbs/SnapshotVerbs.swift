import RaftTypes
import YAMLTree

extension Verbs {
  static let snapshotVerbs = [snapshot, compact]

  private static let snapshot = Verb(
    "snapshot", .work, phase: 8,
    "A node's state machine makes a snapshot of all that it has applied, and writes it durably.",
    implies: [.snapshot], Shape<NodeName>.realNode.map { .snapshot($0) },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - propose: { to: n1, as: e }
        - settle:
        - snapshot: n2
          expect: { n2: { snapshot: e } }
        - crash: n2
        - restart: n2
          expect: { n2: { snapshot: e, ledger: [e] } }
      """)

  private static let compact = Verb(
    "compact", .work, phase: 8,
    "A node discards the beginning of its log; what no durable snapshot covers it must keep.",
    implies: [.snapshot],
    .record(
      "a compaction", rules: RecordRules(exactlyOne: [["to", "keep"]]),
      .required("node", .realNode, "whose log"),
      .optional("to", .entry(), "the last entry that is discarded"),
      .optional(
        "keep", .count(0...TraceLimits.entries),
        "how many entries stay before and with the last one that its snapshot covers")
    ) { _, node, to, keep in
      .compact(
        Compact(node: node, extent: to.map { .through($0) } ?? .keeping(keep ?? 0)))
    },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - isolate: n3
        - propose: { to: n1, as: e, times: 3 }
        - settle:
        - snapshot: n1
        - compact: { node: n1, to: e.2 }
          expect: { n1: { snapshot: e.3, first: { not: 1 }, log: [e.3] } }
        - heal:
        - settle:
          expect: { n3: { ledger: [e.1, e.2, e.3] } }
      """)
}
