import RaftTypes
import YAMLTree

extension Verbs {
  static let memberVerbs = [configure, leave, transfer]

  private static let members = Shape<TraceConfiguration>.record(
    "the members", .required("voters", .servers(), "the voters"),
    .standard("learners", .servers(), [], shown: "[]", "servers without a vote")
  ) { place, voters, learners in
    if !learners.isEmpty { place.context.imply(.learners) }
    return TraceConfiguration(voters: voters, learners: learners)
  }

  private static let jointUses:
    [(value: Configure.JointUse, meaning: String, capability: Capability?)] = [
      (.automatic, "where more than one voter changes; left by itself", nil),
      (.always, "in any case; left by itself", .configurationJoint),
      (.never, "never: what needs one is refused", .configurationSimple),
      (.explicit, "in any case; left by `leave` alone", .configurationJoint),
    ]

  private static let configure = Verb(
    "configure", .work, phase: 9,
    "A leader is asked to change the members to these, under a name for the change.",
    .record(
      "a change of the members", .required("at", .realNode, "who is asked"),
      .required("to", members, "who is to be a member"),
      .standard(
        "joint", .oneOf(jointUses), .automatic, shown: "auto",
        "when it goes through a joint configuration"),
      .required("as", .text(NameRule.newEntry), "its name, and that of its first entry")
    ) { place, node, to, joint, name in
      place.context.note(.entryNamed(name, each: [name]), at: place.location(of: "as"))
      if joint == .automatic { place.context.imply(.configurationSimple) }
      return .configure(
        Configure(
          node: node, name: name,
          change: .to(voters: to.voters, learners: to.learners, joint)))
    },
    example: """
      nodes: { n1: {}, n2: {}, n3: {}, n4: { joins: true } }
      steps:
        - elect: { node: n1, by: [n2, n3] }
        - propose: { to: n1, as: e }
        - settle:
        - configure: { at: n1, to: { voters: [n1, n2, n3, n4] }, as: c }
        - settle:
          expect:
            results: { c: committed }
            n4: { config: { voters: [n1, n2, n3, n4], outgoing: [] }, log: [e] }
      """)

  private static let leave = Verb(
    "leave", .work, phase: 9,
    "A leader is asked to leave a joint configuration that is left by this alone.",
    implies: [.configurationJoint],
    .record(
      "the end of a joint configuration", .required("at", .realNode, "who is asked"),
      .required("as", .text(NameRule.newEntry), "its name, and that of its entry")
    ) { place, node, name in
      place.context.note(.entryNamed(name, each: [name]), at: place.location(of: "as"))
      return .configure(Configure(node: node, name: name, change: .leave))
    },
    example: """
      nodes: { n1: {}, n2: {}, n3: {}, n4: { joins: true } }
      steps:
        - elect: { node: n1, by: [n2, n3] }
        - propose: { to: n1, as: e }
        - settle:
        - configure: { at: n1, to: { voters: [n1, n2, n4] }, joint: explicit, as: c }
        - settle:
          expect: { n1: { config: { voters: [n1, n2, n4], outgoing: [n1, n2, n3] } } }
        - leave: { at: n1, as: d }
        - settle:
          expect: { results: { d: committed }, n4: { config: { outgoing: [] } } }
      """)

  private static let transfer = Verb(
    "transfer", .work, phase: 9, "A leader is asked to hand its leadership over to a server.",
    implies: [.transfer],
    .record(
      "a transfer", .required("from", .realNode, "who is asked"),
      .required("to", .server, "who is to lead")
    ) { place, from, to in .transfer(from: from, to: to) },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1, term: $T }
        - propose: { to: n1, as: e }
        - settle:
        - transfer: { from: n1, to: n2 }
        - settle:
          expect: { n2: { role: leader, term: { at-least: $T+1 } }, n1: { role: follower } }
      """)
}
