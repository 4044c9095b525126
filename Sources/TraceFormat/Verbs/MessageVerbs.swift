import RaftTypes
import YAMLTree

/// The keys that pick messages in flight.
private enum SelectorFields {
  static let from = Field<[NodeName]?>.optional(
    "from", Shape<NodeName>.server.oneOrMore, "the sender, or several")
  static let to = Field<[NodeName]?>.optional(
    "to", Shape<NodeName>.server.oneOrMore, "the receiver, or several")
  static let type = Field<MessageType?>.optional("type", .messageType, "the type of message")
  static let carries = Field<EntryReference?>.optional("carries", .entry(), "an entry it carries")
  static let entries = Field<Bool?>.optional(
    "entries", .boolean, "whether it carries entries at all")
  static let nth = Field<Int?>.optional(
    "nth", .count(1...TraceLimits.entries),
    "which of the matches, oldest first; the first when left out")
  static let all = Field<Bool>.standard(
    "all", .boolean, false, shown: "false", "every match in flight now, not the oldest alone")
  static let optional = Field<Bool>.standard(
    "optional", .boolean, false, shown: "false", "whether having no match is fine")
}

extension Shape where Value == Selector {
  /// Messages in flight, picked by what they are.
  static var inFlight: Shape {
    .record(
      "messages in flight", rules: RecordRules(atMostOne: [["nth", "all"]], fewest: 1),
      SelectorFields.from, SelectorFields.to, SelectorFields.type, SelectorFields.carries,
      SelectorFields.entries, SelectorFields.nth, SelectorFields.all, SelectorFields.optional
    ) { _, from, to, type, carries, entries, nth, all, optional in
      Selector(
        from: from ?? [], to: to ?? [], type: type, carries: carries, withEntries: entries,
        nth: nth ?? 1, all: all, optional: optional)
    }.named("selector")
  }

  /// Messages in flight, or a captured one.
  static var message: Shape {
    let captured = Shape<String>.distinctText(NameRule.capture)
      .noting { .captureUsed($0) }.map { Selector(captured: $0) }
    return .alternatives(captured, inFlight)
  }

  /// Messages by link and type, in flight now or later.
  static var link: Shape {
    .record(
      "messages", rules: RecordRules(fewest: 1), SelectorFields.from, SelectorFields.to,
      SelectorFields.type, SelectorFields.carries, SelectorFields.entries
    ) { _, from, to, type, carries, entries in
      Selector(
        from: from ?? [], to: to ?? [], type: type, carries: carries, withEntries: entries,
        all: true, optional: true)
    }.named("messages")
  }
}

extension Verbs {
  static let messageVerbs = [
    receive, answer, deliver, drop, duplicate, capture, exchange, settle,
  ]

  private static let receive = Verb(
    "receive", .messages, phase: 1, "A hand-written message arrives.", implies: [.messages],
    HandMessages.shape.map { .receive($0) },
    example: """
      nodes: { n1: { term: 3, log: [1, 1, 2, 3] } }
      peers: [n2, n3]
      steps:
        - receive: { AppendEntries: { from: n2, to: n1, term: 4, prev: 2@1, entries: [3@4], commit: 0 } }
          expect:
            n1: { role: follower, term: 4, leader: n2, log: [1, 1, 4] }
            sent: [ { AppendEntriesResponse: { to: n2, term: 4, success: true, match: 3 } } ]
      """)

  private static let answer = Verb(
    "answer", .messages, phase: 3, "A peer answers the oldest real request that fits.",
    implies: [.messages],
    .record(
      "an answer", .required("from", Shape<NodeName>.peer.oneOrMore, "the peer, or several"),
      .required("to", .realNode, "whose request is answered"),
      .required("with", .oneOf(answers), "what the answer is"),
      .optional(
        "through", .entry(),
        "with `ack`: answers the requests up to the one that carries this entry, up to it; with "
          + "`index`: the entry that must be applied before the read is served"),
      .optional(
        "next", .count(0...TraceLimits.snapshotBytes),
        "with `chunk`: the offset that is wanted next, if it is not the end of the piece"),
      .standard("all", .boolean, false, shown: "false", "answers every fitting request"),
      .optional(
        "term", .term, "with `deny` or `reject`: the answer's term, if it is not the node's")
    ) { place, from, to, with, through, next, all, term in
      if through != nil, with != .ack, with != .index {
        place.report("'through' needs 'with: ack' or 'with: index'", at: "through")
      }
      if through == nil, with == .index {
        place.report("'with: index' needs 'through'", at: "with")
      }
      if next != nil, with != .chunk { place.report("'next' needs 'with: chunk'", at: "next") }
      if term != nil, with != .deny, with != .reject {
        place.report("'term' needs 'with: deny' or 'with: reject'", at: "term")
      }
      return .answer(
        PeerAnswer(
          from: from, to: to, with: with, through: through, all: all, term: term, next: next))
    },
    example: """
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - campaign: n1
        - answer: { from: n2, to: n1, with: grant }
          expect: { n1: { role: leader, term: 2 } }
        - propose: { to: n1, as: e }
        - answer: { from: n3, to: n1, with: ack, through: e }
          expect: { n1: { commit: e } }
      """)

  private static let answers: [(value: PeerAnswer.Kind, meaning: String, capability: Capability?)] =
    [
      (.grant, "the vote, or pre-vote, is granted", nil),
      (.deny, "the vote, or pre-vote, is denied", nil),
      (
        .ack,
        "what was sent matches: the entries, or where none are on the way the oldest heartbeat",
        nil
      ),
      (
        .reject, "the entry before those sent does not match, or the forwarded read is refused", nil
      ),
      (.beat, "a heartbeat was heard", nil),
      (.chunk, "a piece of a snapshot has come, and the next is wanted", .snapshotChunks),
      (.install, "the snapshot is installed", .snapshot),
      (.index, "a forwarded read can be served at this index", .readForward),
    ]

  private static let deliver = Verb(
    "deliver", .messages, phase: 3, "Messages in flight arrive.",
    Shape<Selector>.message.map { .deliver($0) },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - campaign: n1
        - deliver: { from: n1, to: n2, type: RequestVote }
          expect: { vote: { by: n2, for: n1, term: 1, granted: true }, n3: { term: 0 } }
        - deliver: { from: n2, to: n1 }
          expect: { n1: { role: leader } }
      """)

  private static let drop = Verb(
    "drop", .messages, phase: 3, "Messages in flight are lost.",
    Shape<Selector>.message.map { .drop($0) },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - campaign: n1
        - drop: { from: n1, to: n2, type: RequestVote }
        - deliver: { from: n1, to: n3, type: RequestVote }
        - deliver: { from: n3, to: n1 }
          expect: { n1: { role: leader, term: 1 }, n2: { term: 0 } }
      """)

  private static let duplicate = Verb(
    "duplicate", .messages, phase: 6, "Messages in flight are copied to the end of their links.",
    implies: [.duplicatedMessages], Shape<Selector>.message.map { .duplicate($0) },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - settle:
        - propose: { to: n1, as: e }
        - duplicate: { from: n1, to: n2, carries: e }
        - settle:
          expect: { each: { log: [e], commit: e, applied: [e] } }
      """)

  private static let capture = Verb(
    "capture", .messages, phase: 6,
    "The oldest match is taken off its link, or copied, to be delivered later by its name.",
    implies: [.reorderedMessages],
    .record(
      "a capture", SelectorFields.from, SelectorFields.to, SelectorFields.type,
      SelectorFields.carries, SelectorFields.entries,
      .required(
        "as", Shape<String>.text(NameRule.capture).noting { .captureNamed($0) }, "its name"),
      .standard(
        "copy", .boolean, false, shown: "false", "whether the message stays on its link too",
        implies: .duplicatedMessages)
    ) { _, from, to, type, carries, entries, name, copy in
      let selector = Selector(
        from: from ?? [], to: to ?? [], type: type, carries: carries, withEntries: entries)
      return .capture(selector, name: name, copy: copy)
    },
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - settle:
        - propose: { to: n1, as: a }
        - capture: { from: n1, to: n2, carries: a, as: late, copy: true }
        - propose: { to: n1, as: b }
        - settle:
        - deliver: late
          expect: { n2: { log: [a, b], commit: b } }
      """)

  private static let exchange = Verb(
    "exchange", .messages, phase: 6,
    "Two nodes talk, a message and its answers at a time, until something holds; else it fails.",
    .record(
      "an exchange",
      .required("between", Shape<NodeName>.realNode.list(2...2), "who sends first, and the other"),
      .required("until", Expectations.deferred, "what must come to hold"),
      .standard(
        "rounds", .count(1...TraceLimits.rounds), 20, shown: "20", "the most messages of the first")
    ) { place, between, until, rounds in
      guard between[0] != between[1] else {
        place.report("expected two different nodes", at: "between")
        return nil
      }
      return .exchange(
        Exchange(first: between[0], second: between[1], until: until, rounds: rounds))
    },
    example: """
      nodes: { n1: { term: 2, log: [1, 2] }, n2: { term: 1, log: [1] }, n3: { term: 2, log: [1] } }
      steps:
        - elect: { node: n1, by: [n3] }
        - propose: { to: n1, as: e }
        - exchange: { between: [n1, n2], until: { n2: { log: [1, 2, e] } } }
          expect: { n1: { role: leader }, n3: { log: [1] } }
      """)

  private static let settleRounds = Shape<Int>.record(
    "the rounds", .required("rounds", .count(1...TraceLimits.rounds), "the most rounds")
  ) { _, rounds in rounds }

  private static let settle = Verb(
    "settle", .messages, phase: 6,
    "Messages are delivered, oldest first, and leaders beat, until nothing changes any more.",
    implies: [.beat],
    .alternatives(
      .empty(.settle(.quiescent)),
      .record(
        "how far to settle", rules: RecordRules(exactlyOne: [["beats", "within"]]),
        .optional("beats", .count(0...0), "0: only deliver"),
        .optional(
          "within", settleRounds,
          "where nobody leads, time nodes out until a leader is settled on", implies: .election)
      ) { _, _, within in
        .settle(within.map { .within(rounds: $0) } ?? .deliveriesOnly)
      }),
    example: """
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - elect: { node: n1 }
        - propose: { to: n1, as: e }
        - settle:
          expect: { each: { log: [e], commit: e, leader: n1 } }
      """)
}
