import RaftTypes
import YAMLTree

extension Verbs {
  static let workVerbs = [propose, read]

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

  private static let read = Verb(
    "read", .work, phase: 10,
    "A client's linearizable read of the whole state machine, without an entry of the log.",
    implies: [.readIndex],
    .record(
      "a read", .required("at", .realNode, "who is asked"),
      .required(
        "as", Shape<String>.text(NameRule.newEntry).noting { .readNamed($0) },
        "its name, by which `results` speaks of it")
    ) { _, node, name in .read(Read(node: node, name: name)) },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - propose: { to: n1, as: e }
        - settle:
        - read: { at: n1, as: r }
          expect: { results: { r: pending } }
        - settle:
          expect: { results: { r: { sees: [e] } } }
      """)
}
