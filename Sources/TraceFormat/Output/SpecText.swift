/// The parts of the specification that are written from the declarations.
public enum SpecText {
  /// The text of `Spec/Capabilities.yaml`.
  public static func capabilities() -> String {
    let uses = CapabilityUses.all()
    let entries = Capability.allCases.map { capability in
      let brings = uses[capability] ?? []
      let list = brings.map { $0.contains(":") ? "\"\($0)\"" : $0 }.joined(separator: ", ")
      return """
        - name: \(capability.name)
          phase: \(capability.phase)
          meaning: \(capability.meaning)
          brings: [\(list)]
        """
    }
    return """
      # The capabilities that an adapter declares and a trace needs. Written from the declarations
      # in Sources/TraceFormat; don't edit it by hand.
      #
      # `phase` is the first that uses it; `brings` are the verbs, keys and words of the format that
      # need it. What none of them shows, a trace asks for with `requires`.

      \(entries.joined(separator: "\n\n"))

      """
  }

  /// The text of `Spec/TraceFormat.md`.
  public static func traceFormat() -> String {
    var pages = Pages()
    let verbs = Verb.Group.allCases.map { pages.section(of: $0) }.joined(separator: "\n")
    let topLevel = pages.table(TopLevel.fields)
    let boot = pages.table(of: BootStates.boot.description)
    let config = pages.table(of: BootStates.settings.description)
    let cases = pages.table(of: CaseTable.shape.description)
    let messages = pages.messages(HandMessages.shape.description)
    let expectations = pages.table(Expectations.keys)
    let state = pages.table(of: NodeExpectations.shape.description)
    let patterns = pages.messages(Patterns.shape.description)
    let parts = [
      SpecProse.introduction, "## The keys of a trace\n", topLevel,
      "### Boot states: `nodes`\n", boot, SpecProse.boot, "### Settings: `config`\n", config,
      "### Tables: `cases`\n", cases, SpecProse.cases, "## Values\n", SpecProse.values,
      pages.values(), "## Steps\n", SpecProse.steps, verbs, "## Messages written by hand\n",
      SpecProse.messages, messages, "## Expectations: `expect`\n", SpecProse.expectations,
      expectations, "### A node's state\n", state, "### Messages that were sent\n",
      SpecProse.patterns, patterns, "## What the check demands\n", SpecProse.check,
      "## Limits\n", limits(), "## Verbs of later phases\n", reserved(),
    ]
    return parts.joined(separator: "\n")
  }

  private static func limits() -> String {
    let rows: [(String, Int)] = [
      ("steps of a trace", TraceLimits.steps), ("servers of a trace", TraceLimits.servers),
      ("rows of `cases`", TraceLimits.cases), ("columns of `cases`", TraceLimits.columns),
      ("characters of a name", TraceLimits.nameLength),
      ("characters of an id", TraceLimits.idLength),
      ("characters of a title", TraceLimits.titleLength),
      ("characters of another text", TraceLimits.textLength),
      ("entries of a log, a message or a `times`", TraceLimits.entries),
      ("ticks of a step", TraceLimits.ticks),
      ("rounds of a step", TraceLimits.rounds),
      ("bytes of a payload", TraceLimits.payloadBytes),
    ]
    return Pages.markdown(["at most", "of"], rows.map { ["\($0.1)", $0.0] })
  }

  private static func reserved() -> String {
    let rows = Verbs.reserved.map { verb in
      let phase = Ladder.phase(verb.phase)
      let part = verb.word.part.map { ", with \($0)" } ?? ""
      return ["`\(verb.name)`", "\(verb.phase), \(phase?.name ?? "")\(part)"]
    }
    return Pages.markdown(["verb", "phase"], rows)
  }
}

/// Writes shapes as tables, and remembers the named values that it mentions.
private struct Pages {
  private var mentioned: [(name: String, shape: ShapeDescription)] = []
  /// Parts that have sections of their own.
  private let parts = [
    "message": "message", "expectation": "expectation", "alternative": "expectation",
    "node-state": "node's state", "pattern": "pattern", "verb": "verb", "boot": "boot state",
  ]

  mutating func section(of group: Verb.Group) -> String {
    let verbs = Verbs.all.filter { $0.group == group }.map { page(of: $0) }
    return "### \(Self.title(of: group))\n\n" + verbs.joined(separator: "\n")
  }

  private static func title(of group: Verb.Group) -> String {
    switch group {
    case .time: "Time"
    case .messages: "Messages"
    case .links: "Links"
    case .work: "Work"
    case .storage: "Storage"
    case .faults: "Faults"
    }
  }

  private mutating func page(of verb: Verb) -> String {
    let needs =
      verb.capabilities.isEmpty
      ? "" : " Needs \(verb.capabilities.map { "`\($0.name)`" }.joined(separator: ", "))."
    let forms = forms(of: verb.shape.description)
    let records = records(in: verb.shape.description).map { table($0.fields) }
    return """
      #### `\(verb.name)`

      \(verb.summary)

      From phase \(verb.phase). Written as \(forms).\(needs)

      \((records + ["```yaml\n\(verb.example)\n```\n"]).joined(separator: "\n"))
      """
  }

  /// The ways to write a shape, in words; the mappings among them have tables.
  private mutating func forms(of shape: ShapeDescription) -> String {
    switch shape {
    case .alternatives(let shapes):
      return ShapeDescription.either(Self.choices(shapes).map { forms(of: $0) })
    case .record: return "a mapping"
    case .named(let name, let inner):
      if !records(in: inner()).isEmpty, parts[name] == nil { return forms(of: inner()) }
      return notation(shape)
    case .text, .number, .boolean, .empty, .word, .words, .list, .dictionary, .openRecord,
      .substituted, .step, .anything:
      return notation(shape)
    }
  }

  /// The alternatives, those inside alternatives among them.
  private static func choices(_ shapes: [ShapeDescription]) -> [ShapeDescription] {
    shapes.flatMap { shape in
      if case .alternatives(let inner) = shape { choices(inner) } else { [shape] }
    }
  }

  private func records(in shape: ShapeDescription) -> [RecordDescription] {
    switch shape {
    case .record(let record): [record]
    case .alternatives(let shapes): shapes.flatMap { records(in: $0) }
    case .named(let name, let inner): parts[name] == nil ? records(in: inner()) : []
    case .text, .number, .boolean, .empty, .word, .words, .list, .dictionary, .openRecord,
      .substituted, .step, .anything:
      []
    }
  }

  /// The keys of a record, where the shape is one.
  mutating func table(of shape: ShapeDescription) -> String {
    switch shape {
    case .record(let record): return table(record.fields)
    case .openRecord(let record, _, _): return table(record.fields)
    case .named(_, let inner): return table(of: inner())
    case .text, .number, .boolean, .empty, .word, .words, .list, .dictionary, .alternatives,
      .substituted, .step, .anything:
      return ""
    }
  }

  mutating func table(_ fields: [FieldDescription]) -> String {
    let rows = fields.map { field in
      [
        "`\(field.name)`" + (field.isRequired ? "" : "?"), notation(field.shape),
        field.standard.map { "`\($0)`" } ?? "",
        field.doc + Self.meanings(of: field.shape)
          + (field.capability.map { "; needs `\($0.name)`" } ?? ""),
      ]
    }
    return Self.markdown(["key", "value", "left out", "meaning"], rows)
  }

  /// What the words of a key mean, each with what it needs.
  private static func meanings(of shape: ShapeDescription) -> String {
    guard case .words(let words) = shape else { return "" }
    let meanings = words.map { word in
      "\(word.code): \(word.meaning)"
        + (word.capability.map { ", which needs `\($0.name)`" } ?? "")
    }
    return ". " + meanings.joined(separator: "; ")
  }

  /// The types of message, each with its fields.
  mutating func messages(_ shape: ShapeDescription) -> String {
    guard case .named(_, let inner) = shape, case .record(let record) = inner() else { return "" }
    let rows = record.fields.map { field in
      let fields = records(in: field.shape).flatMap(\.fields).map {
        "`\($0.name)`\($0.isRequired ? "" : "?")"
      }
      return [
        "`\(field.name)`", fields.joined(separator: " "),
        field.doc + (field.capability.map { " Needs `\($0.name)`." } ?? ""),
      ]
    }
    return Self.markdown(["type", "fields", "meaning"], rows)
  }

  /// The named values that the tables mention.
  mutating func values() -> String {
    var rows: [[String]] = []
    var done: Set<String> = []
    // A value's own notation can mention further ones.
    while let next = mentioned.first(where: { !done.contains($0.name) }) {
      done.insert(next.name)
      rows.append(["*\(next.name)*", inside(next.shape)])
    }
    return Self.markdown(["value", "written as"], rows.sorted { $0[0] < $1[0] })
  }

  private mutating func inside(_ shape: ShapeDescription) -> String {
    switch shape {
    case .text(let rule): return rule.words
    case .record(let record):
      if record.rules.exactlyOne.first?.count == record.fields.count {
        let ways = record.fields.map { "`\($0.name)`, \($0.doc)" }
        return "a mapping with one of " + ways.joined(separator: "; ")
      }
      let fields = record.fields.map { "`\($0.name)`: \(notation($0.shape)), \($0.doc)" }
      return "a mapping: " + fields.joined(separator: "; ")
    case .alternatives(let shapes):
      return ShapeDescription.either(Self.choices(shapes).map { inside($0) })
    case .words(let words):
      if Set(words.map(\.meaning)).count == 1 { return words.map(\.code).joined(separator: ", ") }
      return words.map { "\($0.code) (\($0.meaning))" }.joined(separator: ", ")
    case .number, .boolean, .empty, .word, .list, .dictionary, .openRecord, .named, .substituted,
      .step, .anything:
      return notation(shape)
    }
  }

  private mutating func notation(_ shape: ShapeDescription) -> String {
    switch shape {
    case .text(let rule): return rule.pattern == nil ? "text" : rule.words
    case .number: return shape.words
    case .boolean: return "`true` or `false`"
    case .empty: return "nothing"
    case .word(let word): return "`\(word.name)`"
    case .words(let words):
      return words.count > 8 ? "a word" : ShapeDescription.either(words.map { "`\($0.name)`" })
    case .list(let item, _): return "[" + notation(item) + ", ...]"
    case .record(let record):
      return "{ " + record.fields.map { "`\($0.name)`" }.joined(separator: ", ") + " }"
    case .dictionary(let key, let value): return "{ \(key.words): \(notation(value)), ... }"
    case .openRecord(let record, _, _): return record.title
    case .alternatives(let shapes):
      return ShapeDescription.either(Self.choices(shapes).map { notation($0) })
    case .named(let name, let inner):
      if let part = parts[name] { return "*\(part)*" }
      if !mentioned.contains(where: { $0.name == name }) { mentioned.append((name, inner())) }
      return "*\(name)*"
    case .substituted(let inner): return notation(inner)
    case .step: return "a step"
    case .anything: return "any value"
    }
  }

  static func markdown(_ head: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
      "| "
        + cells.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ")
        + " |"
    }
    let rule = "|" + head.map { _ in " --- |" }.joined()
    return ([line(head), rule] + rows.map(line)).joined(separator: "\n") + "\n"
  }
}

extension Word {
  /// The word as code.
  fileprivate var code: String { "`\(name)`" }
}
