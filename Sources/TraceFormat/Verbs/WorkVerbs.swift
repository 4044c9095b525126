import RaftTypes
import YAMLTree

extension Verbs {
  static let workVerbs = [propose]

  private static let propose = Verb(
    "propose", .work, phase: 5, "A client's command, or several, each under a name.",
    implies: [.propose],
    .record(
      "a proposal", .required("to", .realNode, "who takes the command"),
      .required(
        "as", .text(NameRule.newEntry), "its name, by which the trace speaks of the entry"),
      .standard(
        "times", .count(1...TraceLimits.entries), 1, shown: "1",
        "how many; above 1 they are named `name.1`, `name.2`, ..."),
      .optional(
        "bytes", .count(1...TraceLimits.payloadBytes),
        "the least size of each payload; it is padded")
    ) { place, to, name, times, bytes in
      let propose = Propose(to: to, name: name, times: times, bytes: bytes)
      place.context.note(
        .entryNamed(name, each: propose.entryNames), at: place.location(of: "as"))
      return .propose(propose)
    },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - propose: { to: n2, as: refused }
          expect: { results: { refused: { not: committed } } }
          may: [refused]
        - propose: { to: n1, as: e, times: 2 }
        - settle:
          expect: { each: { log: [e.1, e.2] }, results: { e: committed } }
      """)
}
