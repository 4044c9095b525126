import RaftTypes
import YAMLTree

/// The top-level keys of a trace.
enum TopLevel {
  /// What the keys around the steps say. The parts that columns of `cases` reach stay trees.
  struct Header {
    var id: String
    var title: String
    var todo: String
    var level: Trace.Level
    var clauses: [String]
    var requires: [String]
    var source: String
    var hint: String
    var conclusion: String
    var livenessWaiver: String?
    var impossible: String?
    var config: YAMLNode?
    var nodes: YAMLNode
    var peers: YAMLNode?
    var strangers: YAMLNode?
    var learners: YAMLNode?
    var seeds: ClosedRange<UInt64>?
    var cases: CaseTable?
    var steps: YAMLNode
  }

  /// The keys, in the order of the specification.
  static var fields: [FieldDescription] {
    if case .record(let record) = shape.description { record.fields } else { [] }
  }

  static let reserved = [ReservedWord("servers", phase: 12)]

  static let shape = Shape<Header>.record(
    "a trace", reserved: reserved, format, id, title, todoField, level, clauses, requires, source,
    hint, conclusion, livenessField, impossible, config, nodes, peers, strangers, learners, cases,
    seeds, stepsField
  ) {
    _, _, id, title, todo, level, clauses, requires, source, hint, conclusion, liveness,
    impossible, config, nodes, peers, strangers, learners, cases, seeds, steps in
    Header(
      id: id, title: title, todo: todo, level: level, clauses: clauses, requires: requires,
      source: source, hint: hint, conclusion: conclusion, livenessWaiver: liveness,
      impossible: impossible, config: config, nodes: nodes, peers: peers,
      strangers: strangers, learners: learners, seeds: seeds, cases: cases, steps: steps)
  }

  private static let format = Field<UInt64>.required(
    "format", .number(1...1), "the version of the format: 1")
  private static let id = Field<String>.required(
    "id", .text(NameRule.id), "its name for ever; the file may move")
  private static let title = Field<String>.required(
    "title", .prose("a title", longest: TraceLimits.titleLength), "one line: what must happen")
  private static let todoField = Field<String>.required(
    "todo", todo, "the rung of the ladder it belongs to, in quotes")
  private static let level = Field<Trace.Level>.required(
    "level", levelShape, "how binding it is")
  private static let clauses = Field<[String]>.required(
    "clauses", Shape<String>.text(NameRule.clause).list(1...20),
    "the clauses of Spec/Clauses.yaml that it tests")
  private static let requires = Field<[String]>.standard(
    "requires", requirement.list(0...20), [], shown: "[]",
    "capabilities that its verbs and keys don't show")
  private static let source = Field<String>.required(
    "source", .prose("a source"), "a paper's section, or the URL of the bug it comes from")
  private static let hint = Field<String>.required(
    "hint", .prose("a hint"), "what probably went wrong where it fails")
  private static let conclusion = Field<String>.required(
    "conclusion", .prose("a conclusion"), "what its runs have shown")
  private static let livenessField = Field<String?>.standard(
    "liveness", liveness, nil, shown: "required",
    "a trace of several nodes ends with an unasked `recover`, unless a reason is given")
  private static let impossible = Field<String?>.optional(
    "impossible", .prose("a reason"),
    "why hand-written messages contradict each other on purpose")
  private static let config = Field<YAMLNode?>.optional(
    "config", .tree(BootStates.settings), "settings of every node; free when left out")
  private static let nodes = Field<YAMLNode>.required(
    "nodes", .tree(BootStates.nodes), "the real nodes and what they boot from")
  private static let peers = Field<YAMLNode?>.optional(
    "peers", .tree(BootStates.peers), "servers that exist only as ends of messages")
  private static let strangers = Field<YAMLNode?>.optional(
    "strangers", .tree(BootStates.peers), "senders of messages that are in no configuration")
  private static let learners = Field<YAMLNode?>.optional(
    "learners", .tree(BootStates.peers), "nodes and peers that start without a vote",
    implies: .learners)
  private static let seeds = Field<ClosedRange<UInt64>?>.optional(
    "seeds", seedRange, "the seeds of a `chaos`: the trace runs once a seed")
  private static let cases = Field<CaseTable?>.optional(
    "cases", CaseTable.shape, "a table: the trace runs once a row")
  private static let stepsField = Field<YAMLNode>.required(
    "steps", .tree(steps), "what happens, and what must hold")

  static let levelShape = Shape<Trace.Level>.oneOf(levels)

  private static let levels: [(value: Trace.Level, meaning: String)] = [
    (.must, "breaking it can lose or change what was promised, or stop progress for good"),
    (.should, "safe, if slower, without it"),
    (.may, "where an implementation does it, it is done like this"),
  ]

  private static let todo: Shape<String> = {
    let ids = Ladder.todos.map(\.id)
    let rule = TextRule(
      pattern: "^(?:" + ids.map { $0.replacingDots }.joined(separator: "|") + ")$",
      words: "a TODO of the ladder like \"3.2\"", longest: 4, matches: { ids.contains($0) })
    return Shape<String>.text(rule).flatMap { id, node, context in
      if node.scalar?.isPlain == true {
        context.report(
          "write \"\(id)\" in quotes; editors read a plain \(id) as a number", at: node.location)
      } else if let phase = Ladder.todo(id).flatMap({ Ladder.phase($0.phase) }), !phase.isBuilt {
        context.report(
          "TODO \(id) belongs to phase \(phase.number) (\(phase.name)), which is not built yet",
          at: node.location)
      }
      return id
    }
  }()

  private static let requirement: Shape<String> = {
    let names = Capability.allCases.map { ($0, $0.meaning) }
    return Shape<Capability>.oneOf(names).flatMap { capability, node, context in
      if !Ladder.builtPhases.contains(capability.phase) {
        let word = ReservedWord(capability.name, phase: capability.phase)
        context.report(word.message(as: "a capability"), at: node.location)
      }
      return capability.name
    }
  }()

  private static let seed = Shape<UInt64>.number(1...TraceLimits.plainNumber)
  private static let seedRange = Shape<ClosedRange<UInt64>>.record(
    "a range of seeds", .required("from", seed, "the first"), .required("to", seed, "the last")
  ) { place, from, to in
    guard from <= to, to - from < UInt64(TraceLimits.cases) else {
      place.report(
        from > to
          ? "the first seed is above the last"
          : "\(to - from + 1) seeds, and at most \(TraceLimits.cases) are allowed")
      return nil
    }
    return from...to
  }

  private static let liveness = Shape<String?>.alternatives(
    .word("required", "it ends with a recovery", nil),
    .record(
      "{ none: a reason }", .required("none", .prose("a reason"), "why it does not end with one")
    ) {
      _, reason in reason
    })

  /// The form of the steps, for the schema; the steps are read one by one.
  private static let steps = Shape<YAMLNode>(
    description: .list(.step, count: 1...TraceLimits.steps), accepts: { $0.items != nil },
    read: { node, _ in node })
}

extension Shape where Value == YAMLNode {
  /// A part that is read later, when the columns of a case are put in.
  fileprivate static func tree<Item>(_ shape: Shape<Item>) -> Shape {
    Shape(
      description: .substituted(shape.description), accepts: { _ in true },
      read: { node, _ in node })
  }
}

extension String {
  /// The text with its dots escaped, for a regular expression.
  fileprivate var replacingDots: String {
    split(separator: ".", omittingEmptySubsequences: false).joined(separator: #"\."#)
  }
}
