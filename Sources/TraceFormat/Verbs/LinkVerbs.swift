import RaftTypes
import YAMLTree

extension Verbs {
  static let linkVerbs = [partition, isolate, cut, heal]

  private static let partition = Verb(
    "partition", .links, phase: 6, "Servers of different groups lose their links.",
    Shape<NodeName>.server.list(1...TraceLimits.servers).list(2...TraceLimits.servers)
      .flatMap { groups, node, context in
        for server in context.servers {
          let times = groups.joined().count { $0 == server }
          guard times != 1 else { continue }
          context.report(
            times == 0
              ? "\(server) is in no group of the partition"
              : "\(server) is in \(times) groups of the partition", at: node.location)
        }
        return .partition(groups)
      },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - settle:
        - partition: [[n1], [n2, n3]]
        - propose: { to: n1, as: lost }
        - settle:
          expect: { n1: { log: [lost] }, n2: { log: [] } }
        - elect: { node: n2, by: [n3] }
        - propose: { to: n2, as: e }
        - settle:
          expect: { n3: { log: [e], commit: e } }
      """)

  private static let isolate = Verb(
    "isolate", .links, phase: 6, "A node loses its links to all others.",
    Shape<NodeName>.realNode.map { .isolate($0) },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - settle:
        - isolate: n3
        - propose: { to: n1, as: e }
        - settle:
          expect: { n2: { log: [e], commit: e }, n3: { log: [] } }
      """)

  private static let cut = Verb(
    "cut", .links, phase: 6, "The link from one server to another loses all messages, one way.",
    .record(
      "a link", .required("from", .server, "whose messages are lost"),
      .required("to", .server, "on their way to this server")
    ) { place, from, to in
      guard from != to else {
        place.report("\(from) has no link to itself", at: "to")
        return nil
      }
      return .cut(from: from, to: to)
    },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - settle:
        - cut: { from: n1, to: n2 }
        - propose: { to: n1, as: e }
        - settle:
          expect: { n2: { log: [] }, n3: { log: [e], commit: e } }
      """)

  private static let heal = Verb(
    "heal", .links, phase: 6, "Links work again.",
    .alternatives(
      .empty(.heal(between: nil)),
      .record(
        "links",
        .required("between", Shape<NodeName>.server.list(2...2), "the two ends; both ways heal")
      ) { _, between in .heal(between: between) }),
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - settle:
        - isolate: n3
        - propose: { to: n1, as: e }
        - settle:
          expect: { n3: { log: [] } }
        - heal:
        - settle:
          expect: { each: { log: [e], commit: e } }
      """)
}
