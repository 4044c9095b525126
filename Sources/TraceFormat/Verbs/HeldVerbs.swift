import RaftTypes
import YAMLTree

extension Verbs {
  static let heldVerbs = [hold, release]

  private static let hold = Verb(
    "hold", .messages, phase: 1,
    "Messages, writes or the applying of entries wait until they are released.",
    .record(
      "what is held",
      rules: RecordRules(
        exactlyOne: [["messages", "storage", "apply"]],
        needs: [(key: "storage", others: ["what"]), (key: "what", others: ["storage"])]),
      .optional(
        "messages", .link, "messages in flight that match, and later ones",
        implies: .reorderedMessages),
      .optional("storage", .realNode, "the node whose writes are held"),
      .optional("what", .oneOf(writes), "which of its writes"),
      .optional("apply", .realNode, "the node that applies nothing", implies: .heldApply)
    ) { _, messages, storage, what, apply in
      if let messages { return .holdMessages(messages) }
      if let storage, let what { return .holdStorage(storage, what) }
      return apply.map { .holdApply($0) }
    },
    example: """
      nodes: { n1: { term: 1, log: [1, 1] } }
      peers: [n2, n3]
      steps:
        - hold: { storage: n1, what: entries }
        - receive: { AppendEntries: { from: n2, to: n1, term: 1, prev: 2@1, entries: [3@1], commit: 0 } }
          expect: { absent: [ { AppendEntriesResponse: { success: true, match: { at-least: 3 } } } ] }
        - complete: { storage: n1, all: true }
          expect: { sent: [ { AppendEntriesResponse: { to: n2, success: true, match: 3 } } ] }
      """)

  private static let writes: [(value: HeldWrites, meaning: String, capability: Capability?)] = [
    (.entries, "writes of entries, truncations included", .heldEntries),
    (.vote, "writes of term and vote", .heldVote),
    (.sync, "the syncs after writes", .heldSync),
    (.snapshot, "writes of snapshots, its own and those it receives", .heldSnapshot),
  ]

  private static let release = Verb(
    "release", .messages, phase: 1, "What was held goes on.",
    .alternatives(
      .word("all", "everything that is held", .releaseAll),
      .record(
        "what is released", rules: RecordRules(exactlyOne: [["messages", "storage", "apply"]]),
        .optional("messages", .link, "messages, as they were held"),
        .optional("storage", .realNode, "the node whose writes go on"),
        .optional("apply", .realNode, "the node that applies again", implies: .heldApply)
      ) { _, messages, storage, apply in
        if let messages { return .releaseMessages(messages) }
        if let storage { return .releaseStorage(storage) }
        return apply.map { .releaseApply($0) }
      }),
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - settle:
        - hold: { messages: { to: n3 } }
        - propose: { to: n1, as: e }
        - settle:
          expect: { n2: { log: [e], commit: e }, n3: { log: [] } }
        - release: { messages: { to: n3 } }
        - settle:
          expect: { n3: { log: [e], commit: e } }
      """)
}
