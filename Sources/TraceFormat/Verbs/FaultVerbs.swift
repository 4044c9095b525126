import RaftTypes
import YAMLTree

extension Verbs {
  static let faultVerbs = [crash, restart, recover]

  private static let crash = Verb(
    "crash", .faults, phase: 1, "A node dies; what was durable stays, all else is gone.",
    implies: [.crash],
    .alternatives(
      Shape<NodeName>.realNode.map {
        .crash(Crash(node: $0, unsynced: .lost, wipesDisk: false, during: nil))
      },
      .record(
        "a crash",
        rules: RecordRules(
          needs: [(key: "during", others: ["at"]), (key: "at", others: ["during"])]),
        .required("node", .realNode, "who dies"),
        .standard(
          "unsynced", .oneOf(unsynced), .lost, shown: "lost",
          "what becomes of writes that were not synced"),
        .optional(
          "disk", .oneOf([(Disk.wiped, "nothing is left on it", .wipedDisk)]), "what the disk keeps"
        ),
        .optional("during", Steps.singleVerb, "the verb in the middle of which it dies"),
        .optional(
          "at", .oneOf([(Moment.everyWrite, "a run for each write that it makes", .crashPoints)]),
          "the moments at which it dies")
      ) { place, node, unsynced, disk, during, _ in
        if case .crash? = during {
          place.report("a crash can't be inside another one", at: "during")
          return nil
        }
        return .crash(
          Crash(node: node, unsynced: unsynced, wipesDisk: disk != nil, during: during))
      }),
    example: """
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - receive: { RequestVote: { from: n2, to: n1, term: 2, last: 1@1 } }
          expect: { vote: { by: n1, for: n2, term: 2, granted: true } }
        - crash: n1
          expect: { n1: { status: crashed } }
        - restart: n1
          expect: { n1: { status: running, role: follower, term: 2, votedFor: n2, log: [1] } }
      """)

  private static let unsynced: [(value: UnsyncedWrites, meaning: String, capability: Capability?)] =
    [
      (.lost, "they are gone", nil), (.kept, "they are there", nil),
      (.torn, "the first of them is half there", .tornCrash),
    ]

  private enum Disk: String {
    case wiped
  }

  private enum Moment: String {
    case everyWrite = "every-write"
  }

  private static let restart = Verb(
    "restart", .faults, phase: 1, "Nodes start again from what is on their disks.",
    implies: [.crash], Shape<[NodeName]>.someNodes.map { .restart($0) },
    example: """
      nodes: { n1: { term: 3, log: [1, 3] } }
      peers: [n2, n3]
      steps:
        - receive: { AppendEntries: { from: n2, to: n1, term: 4, prev: 1@1, entries: [2@4], commit: 0 } }
        - crash: n1
        - restart: n1
          expect: { n1: { role: follower, term: 4, log: [1, 4] } }
      """)

  private static let recover = Verb(
    "recover", .faults, phase: 3,
    "Links heal, nodes restart, somebody leads, and a probe is applied by all alike; else it fails.",
    implies: [.election, .propose, .beat],
    .alternatives(
      .empty(.recover(rounds: standardRounds)),
      .record(
        "the rounds",
        .standard(
          "rounds", .count(1...TraceLimits.rounds), standardRounds, shown: "\(standardRounds)",
          "the most rounds until somebody leads")
      ) { _, rounds in .recover(rounds: rounds) }),
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - isolate: n1
        - crash: n2
        - recover: { rounds: 30 }
          expect: { each: { status: running } }
      """)

  private static let standardRounds = 30
}
