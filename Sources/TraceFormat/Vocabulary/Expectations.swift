import RaftTypes
import YAMLTree

/// What a trace can expect.
enum Expectations {
  /// A block under `expect`.
  static let shape = block(extra: [], named: "expectation").map(\.expectation)

  /// The same, for places that are themselves part of an expectation.
  static let deferred = Shape<Expectation>.deferred("expectation") { shape }

  /// The keys beside the names of nodes.
  static var keys: [FieldDescription] { settings.map(\.description) }

  /// The keys of later phases.
  static let reserved = [ReservedWord("history", phase: 12)]

  /// An expectation, and whether it is a weaker one.
  private struct Block {
    var expectation: Expectation
    var isNonStrict = false
  }

  private static let settings: [Setting<Block>] = [
    Setting("each", \.expectation.each, NodeExpectations.shape, "every real node that runs"),
    Setting(
      "sent", \.expectation.sent, sent,
      "messages emitted since the step before ended; each pattern takes a message of its own"),
    Setting("absent", absent.negated, "messages none of which was emitted") { block, items in
      for item in items {
        switch item {
        case .alone(let pattern): block.expectation.absent.append(pattern)
        case .together(let group): block.expectation.absentTogether.append(group)
        }
      }
    },
    Setting("count", count.oneOrMore, "how many of the messages match a pattern") {
      $0.expectation.counts = $1
    },
    Setting("vote", vote.oneOrMore, "what a voter answered") { $0.expectation.votes = $1 },
    Setting("append", append.oneOrMore, "what a follower answered to AppendEntries") {
      $0.expectation.appends = $1
    },
    Setting(
      "results", results, "what became of proposals, changes and reads", implies: .results
    ) {
      $0.expectation.results = $1
    },
    Setting("one-of", oneOf, "blocks of which one must hold") { $0.expectation.oneOf = $1 },
    Setting("observed", observed, "nodes, where the fields can be observed; skipped elsewhere") {
      $0.expectation.observed = $1
    },
  ]

  private static let nonStrict = Setting<Block>(
    "non-strict", .boolean, "whether a run that takes this block passes as non-strict"
  ) { $0.isNonStrict = $1 }

  private static func block(extra: [Setting<Block>], named name: String) -> Shape<Block> {
    let all = settings + extra
    let record = RecordDescription(
      title: "an expectation", fields: all.map(\.description), rules: RecordRules(fewest: 1),
      reserved: reserved)
    let description = ShapeDescription.openRecord(
      record, key: NameRule.node, value: NodeExpectations.shape.description)
    return Shape(description: description, accepts: { $0.entries != nil }) { node, context in
      read(node, context, all, record)
    }.named(name)
  }

  private static func read(
    _ node: YAMLNode, _ context: DecodeContext, _ settings: [Setting<Block>],
    _ record: RecordDescription
  ) -> Block? {
    let place = Place(node: node, context: context)
    var block = Block(expectation: Expectation(location: node.location))
    var fine = true
    for entry in node.entries ?? [] {
      if let setting = settings.first(where: { $0.description.name == entry.name }) {
        fine = setting.read(entry.value, place, &block) && fine
      } else if context.nodes.contains(NodeName(entry.name)) {
        guard let expectation = NodeExpectations.shape.decode(entry.value, context) else {
          fine = false
          continue
        }
        let expected = NodeExpectationFor(node: NodeName(entry.name), expectation: expectation)
        block.expectation.nodes.append(Located(expected, at: entry.key.location))
      } else {
        fine = false
        reportUnknown(entry.key, context, record)
      }
    }
    if node.entries?.isEmpty == true { place.report("an expectation of nothing can't fail") }
    return fine ? block : nil
  }

  private static func reportUnknown(
    _ key: YAMLNode, _ context: DecodeContext, _ record: RecordDescription
  ) {
    let name = key.text ?? ""
    if let word = record.reserved.first(where: { $0.name == name }) {
      context.report(word.message(as: "an expectation"), at: key.location)
    } else if context.peers.contains(NodeName(name)) {
      context.report(
        "'\(name)' is a peer: it has no state, and only messages to it can be expected",
        at: key.location)
    } else {
      let known = record.names + context.nodes.map(\.rawValue)
      let hint = NearestWord.hint(for: name, among: known)
      context.report(
        "unknown node or key '\(clipped(name))'\(hint)", at: key.location)
    }
  }

  private static let sent = Shape<SentExpectation>.alternatives(
    Shape<Bool>.word("none", "no message at all", true)
      .flatMap { _, node, _ in SentExpectation.none(node.location) },
    Patterns.shape.list().map { .all($0) })

  private enum AbsentItem {
    case alone(MessagePattern)
    case together([MessagePattern])
  }

  private static let absent: Shape<[AbsentItem]> = {
    let together = Shape<AbsentItem>.record(
      "messages that may not all occur",
      .required("all-of", Patterns.shape.list(2...20), "messages that may not occur together")
    ) { _, patterns in .together(patterns) }
    let group = Shape<AbsentItem>(
      description: together.description, accepts: { $0["all-of"] != nil }, read: together.read)
    return Shape<AbsentItem>.alternatives(group, Patterns.shape.map { .alone($0) }).list()
  }()

  private static let count = Shape<CountExpectation>.record(
    "a count", .required("of", Patterns.shape.negated, "the messages that are counted"),
    .required("is", .countBound, "how many there are")
  ) { _, pattern, bound in CountExpectation(pattern: pattern, bound: bound) }

  private static let vote = Shape<VoteExpectation>.record(
    "a vote", .required("by", .realNode, "the voter"),
    .required("for", .server, "the candidate"),
    .required("term", .term, "the term of the answer"),
    .required("granted", .boolean, "false stands for a denial and for silence")
  ) { place, voter, candidate, term, granted in
    VoteExpectation(
      by: voter, candidate: candidate, term: term, granted: granted, location: place.location)
  }

  private static let append = Shape<AppendExpectation>.record(
    "an answer to AppendEntries", .required("by", .realNode, "the follower"),
    .required("to", .server, "the leader"),
    .required("accepted", .boolean, "false stands for a rejection and for silence"),
    .optional("match", .index, "when accepted: the last index acknowledged")
  ) { place, follower, leader, accepted, match in
    if match != nil, !accepted { place.report("'match' needs 'accepted: true'", at: "match") }
    return AppendExpectation(
      by: follower, to: leader, accepted: accepted, match: match, location: place.location)
  }

  private static let results: Shape<[ResultExpectation]> = {
    let outcome = Shape<Outcome>.alternatives(
      sight, Shape<Choice<ProposalOutcome>>.choice("outcome", .oneOf(outcomes)).map { ($0, nil) })
    return Shape(
      description: .dictionary(key: NameRule.entry, value: outcome.description),
      accepts: { !($0.entries ?? []).isEmpty }
    ) { node, context in
      let entries = node.entries ?? []
      let decoded = entries.compactMap { entry -> ResultExpectation? in
        guard NameRule.entry.matches(entry.name) else {
          context.reportMismatch(entry.key, expected: NameRule.entry.words)
          return nil
        }
        context.note(.workUsed(entry.name), at: entry.key.location)
        return outcome.decode(entry.value, context).map {
          ResultExpectation(
            name: entry.name, outcome: $0.choice, sight: $0.sight, location: entry.key.location)
        }
      }
      return decoded.count == entries.count ? decoded : nil
    }
  }()

  private typealias Outcome = (choice: Choice<ProposalOutcome>, sight: ReadSight?)

  private static let sight: Shape<Outcome> = {
    let items = Shape<LogItem>.logItem.list(0...TraceLimits.entries)
    let keys = ["sees", "includes", "served-at"]
    let shape = Shape<Outcome>.record(
      "what a read has seen", rules: RecordRules(exactlyOne: [keys]),
      reserved: [ReservedWord("value", phase: 12)],
      .optional("sees", items, "exactly these commands, in order", implies: .readLedger),
      .optional("includes", items, "at least these commands", implies: .readLedger),
      .optional("served-at", .index, "the index that was applied when it was served")
    ) { _, sees, includes, servedAt in
      let sight =
        sees.map { ReadSight.exactly($0) } ?? includes.map { .including($0) }
        ?? servedAt.map { .at($0) }
      return (.equals(.done), sight)
    }
    // The other mappings say what became of it.
    return Shape(
      description: shape.description,
      accepts: { node in (keys + ["value"]).contains { node[$0] != nil } }, read: shape.read)
  }()

  private static let outcomes: [(value: ProposalOutcome, meaning: String)] = [
    (.committed, "committed, and the client was told so"),
    (.done, "of a read: served"),
    (.pending, "neither refused nor decided yet"),
    (.refused, "not taken at all"),
    (.lost, "taken, and then replaced by another entry; of a read: given up"),
    (.unknown, "the client was told that the outcome is unknown"),
  ]

  private static let oneOf = Shape<[Expectation.Alternative]>.deferredList("alternative") {
    block(extra: [nonStrict], named: "alternative").map {
      Expectation.Alternative(expectation: $0.expectation, isNonStrict: $0.isNonStrict)
    }
  }

  private static let observed: Shape<[Located<NodeExpectationFor>]> = {
    let dictionary = Shape<[Located<NodeExpectationFor>]>(
      description: .dictionary(key: NameRule.node, value: NodeExpectations.shape.description),
      accepts: { !($0.entries ?? []).isEmpty }
    ) { node, context in
      let entries = node.entries ?? []
      let decoded = entries.compactMap { entry -> Located<NodeExpectationFor>? in
        let name = NodeName(entry.name)
        context.note(.realNode(name), at: entry.key.location)
        return NodeExpectations.shape.decode(entry.value, context).map {
          Located(NodeExpectationFor(node: name, expectation: $0), at: entry.key.location)
        }
      }
      return decoded.count == entries.count ? decoded : nil
    }
    return dictionary.with(\.isObservedOnly)
  }()
}

extension Shape {
  /// The same, where it states what must not happen.
  var negated: Shape { with(\.isNegated) }

  /// The same, with a switch of the context on while it is read.
  func with(_ flag: ReferenceWritableKeyPath<DecodeContext, Bool> & Sendable) -> Shape {
    Shape(description: description, accepts: accepts) { node, context in
      let before = context[keyPath: flag]
      context[keyPath: flag] = true
      defer { context[keyPath: flag] = before }
      return read(node, context)
    }
  }

  /// A list of two or more of a shape that contains this one.
  fileprivate static func deferredList<Item>(
    _ name: String, _ item: @escaping @Sendable () -> Shape<Item>
  ) -> Shape where Value == [Item] {
    Shape<Item>.deferred(name, item).list(2...20)
  }
}
