import RaftTypes
import YAMLTree

extension Verbs {
  static let timeVerbs = [tick, timeout, lapse, beat, campaign, elect]

  private static let tick = Verb(
    "tick", .time, phase: 4, "Logical time passes for some nodes.", implies: [.clock],
    .alternatives(
      Shape<[NodeName]>.someNodes.map { .tick(Tick(nodes: $0, times: 1)) },
      .record(
        "ticks",
        rules: RecordRules(
          exactlyOne: [["node", "nodes"]], atMostOne: [["times", "until"]],
          needs: [
            (key: "until", others: ["at-most", "node"]), (key: "at-most", others: ["until"]),
            (key: "count", others: ["until"]),
          ]),
        .optional("node", .realNode, "whose time passes"),
        .optional("nodes", .someNodes, "several whose time passes"),
        .optional("times", .count(1...TraceLimits.ticks), "how many ticks; 1 when left out"),
        .optional(
          "until", NodeExpectations.shape, "ticks pass until this holds of the node, or it fails"),
        .optional("at-most", .count(1...TraceLimits.ticks), "the most ticks"),
        .optional("count", .newVariable, "the variable that receives the number of ticks")
      ) { _, node, nodes, times, until, atMost, count in
        .tick(
          Tick(
            nodes: node.map { [$0] } ?? nodes ?? [], times: atMost ?? times ?? 1, until: until,
            count: count))
      }),
    example: """
      config: { electionTicks: 10, heartbeatTicks: 1, preVote: false }
      nodes: { n1: { term: 1 } }
      peers: [n2, n3]
      steps:
        - tick: { node: n1, times: 9 }
          expect: { n1: { role: follower, term: 1 }, sent: none }
        - tick: { node: n1, until: { role: candidate }, at-most: 20 }
          expect: { n1: { term: 2 } }
      """)

  private static let timeout = Verb(
    "timeout", .time, phase: 3,
    "The node's election timer fires once, however it is randomised; other time stands still.",
    implies: [.timeout], Shape<NodeName>.realNode.map { .timeout($0) },
    example: """
      config: { preVote: false }
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect:
            n1: { role: candidate, term: 2, votedFor: n1 }
            sent: [ { RequestVote: { to: n2, term: 2, last: 1@1 } }, { RequestVote: { to: n3 } } ]
      """)

  private static let lapse = Verb(
    "lapse", .time, phase: 3,
    "The least election time-out passes for these nodes, and their own timers don't fire.",
    implies: [.lapse], Shape<[NodeName]>.someNodes.map { .lapse($0) },
    example: """
      nodes: { n1: { term: 1, log: [1], heard: { from: n2, term: 1, commit: 0 } } }
      peers: [n2, n3]
      steps:
        - lapse: n1
          expect: { n1: { role: follower, term: 1 } }
        - receive: { RequestVote: { from: n3, to: n1, term: 2, last: 1@1 } }
          expect: { vote: { by: n1, for: n3, term: 2, granted: true } }
      """)

  private static let beat = Verb(
    "beat", .time, phase: 4, "A leader's heartbeat is due.", implies: [.beat],
    Shape<NodeName>.realNode.map { .beat($0) },
    example: """
      nodes: { n1: {} }
      peers: [n2, n3]
      steps:
        - elect: { node: n1, by: [n2, n3], term: $T }
        - answer: { from: [n2, n3], to: n1, with: ack }
        - beat: n1
          expect: { sent: [ { Heartbeat: { to: n2, term: $T } }, { Heartbeat: { to: n3 } } ] }
      """)

  private static let campaign = Verb(
    "campaign", .time, phase: 3, "The node stands for election at once, without a pre-vote.",
    implies: [.campaign], Shape<NodeName>.realNode.map { .campaign($0) },
    example: """
      nodes: { n1: { term: 4, log: [2, 4] } }
      peers: [n2, n3]
      steps:
        - campaign: n1
          expect:
            n1: { role: candidate, term: 5 }
            sent: [ { RequestVote: { to: n2, term: 5, last: 2@4 } } ]
      """)

  private static let elect = Verb(
    "elect", .time, phase: 3,
    "The node is made leader by an election in which these voters take part; else it fails.",
    implies: [.election],
    .record(
      "an election", .required("node", .realNode, "who is to lead"),
      .optional(
        "by", Shape<NodeName>.server.list(0...TraceLimits.servers),
        "the other voters that take part; all when left out. A peer grants by a message"),
      .optional("term", .newVariable, "the variable that receives the term")
    ) { place, node, by, term in
      if by?.contains(node) == true { place.report("\(node) always takes part", at: "by") }
      let others = place.context.servers.filter { $0 != node }
      return .elect(
        Elect(
          node: node, by: by ?? others,
          term: term.map { .variable($0, offset: 0) }))
    },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1, by: [n2], term: $T }
          expect: { n1: { role: leader, term: $T }, n2: { role: follower, term: $T } }
        - lapse: [n2]
        - elect: { node: n3, by: [n2] }
          expect: { n3: { role: leader, term: { at-least: $T+1 } } }
      """)
}
