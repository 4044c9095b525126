import RaftTypes
import YAMLTree

extension Verbs {
  static let storageVerbs = [complete, storage, corrupt]

  private static let complete = Verb(
    "complete", .storage, phase: 1, "Held writes are done, oldest first.",
    .record(
      "what is completed", rules: RecordRules(exactlyOne: [["next", "through", "all"]]),
      .required("storage", .realNode, "the node whose writes are held"),
      .optional("next", .count(1...TraceLimits.entries), "this many writes"),
      .optional("through", .entry(), "writes up to the one that contains this entry"),
      .optional("all", .boolean, "`true`: every write that is held"),
      .optional(
        "error", .oneOf([(HeldError.io, "an input or output error")]),
        "how the writes fail, instead of being done", implies: .storageFault)
    ) { place, node, next, through, all, error in
      if all == false { place.report("'all' can only be true", at: "all") }
      let extent: Complete.Extent =
        through.map { .through($0) } ?? next.map { .next($0) } ?? .all
      return .complete(Complete(node: node, extent: extent, fails: error != nil))
    },
    example: """
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - hold: { storage: n1, what: entries }
        - receive: { AppendEntries: { from: n2, to: n1, term: 1, prev: 1@1, entries: [2@1], commit: 0 } }
          expect: { append: { by: n1, to: n2, accepted: false } }
        - complete: { storage: n1, through: 2@1 }
          expect: { append: { by: n1, to: n2, accepted: true, match: 2 } }
      """)

  /// How a held write can fail.
  private enum HeldError: String {
    case io
  }

  private static let storage = Verb(
    "storage", .storage, phase: 1, "A coming storage operation fails.", implies: [.storageFault],
    .record(
      "a storage fault", .required("node", .realNode, "whose storage"),
      .required("fail", .oneOf(operations), "the operation"),
      .standard(
        "nth", .count(1...TraceLimits.entries), 1, shown: "1",
        "which of the coming operations of this kind"),
      .standard("error", .oneOf(errors), .io, shown: "io", "how it fails")
    ) { _, node, operation, nth, error in
      .failStorage(StorageFailure(node: node, operation: operation, nth: nth, error: error))
    },
    example: """
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - storage: { node: n1, fail: sync }
        - receive: { AppendEntries: { from: n2, to: n1, term: 1, prev: 1@1, entries: [2@1], commit: 0 } }
          expect: { append: { by: n1, to: n2, accepted: false } }
        - crash: n1
        - restart: n1
        - receive: { AppendEntries: { from: n2, to: n1, term: 1, prev: 1@1, entries: [2@1], commit: 0 } }
          expect: { append: { by: n1, to: n2, accepted: true, match: 2 } }
      """)

  private static let operations: [(value: StorageFailure.Operation, meaning: String)] = [
    (.append, "a write of entries"), (.sync, "a sync"), (.vote, "a write of term and vote"),
    (.snapshot, "a write of a snapshot"),
  ]

  private static let errors: [(value: StorageFailure.Kind, meaning: String)] = [
    (.io, "an input or output error"), (.full, "no room on the disk"),
  ]

  private static let corrupt = Verb(
    "corrupt", .storage, phase: 1,
    "What a dead node's disk holds of an entry is damaged; the node may then refuse to start.",
    implies: [.corruptStorage],
    .record(
      "damage", .required("storage", .realNode, "whose disk; the node is down"),
      .required("what", .oneOf(damages), "what happens to the bytes"),
      .required("at", .entry(), "the entry whose bytes they are")
    ) { _, node, damage, entry in
      .corrupt(Corrupt(node: node, damage: damage, entry: entry))
    },
    example: """
      liveness: { none: n1 may stay down for good. }
      nodes: { n1: { term: 1, log: [1, 1, 1] }, n2: { term: 1, log: [1, 1, 1] } }
      peers: [n3]
      steps:
        - elect: { node: n2, by: [n1] }
        - crash: n1
        - corrupt: { storage: n1, what: flip, at: 2@1 }
        - restart: n1
          expect:
            one-of:
              - { n1: { status: { not: running } } }
              - { n1: { log: [1, 1, 1] } }
        - propose: { to: n2, as: e }
        - answer: { from: n3, to: n2, with: ack, through: e, all: true }
          expect: { n2: { commit: e } }
      """)

  private static let damages: [(value: Corrupt.Damage, meaning: String)] = [
    (.flip, "one bit in the middle of the entry's record is another"),
    (.cut, "the file ends in the middle of the record"), (.zero, "the record reads as zeros"),
  ]
}
