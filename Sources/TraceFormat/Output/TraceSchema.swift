/// The JSON Schema of traces, for editors and validators.
public enum TraceSchema {
  /// The schema, in the 2020-12 dialect; the text of `Spec/schemas/trace.schema.json`.
  public static let text: String = SchemaWriter.schema().pretty() + "\n"

  /// Where the schema lies, as seen from a trace in the folder of its TODO.
  static let pathFromTrace = "../../../Spec/schemas/trace.schema.json"
}

/// Writes shapes as JSON Schema.
private struct SchemaWriter {
  /// The named shapes met so far, in the order they were met.
  private var definitions: [(name: String, schema: JSONText?)] = []
  /// Whether a column of `cases` can stand for a value here.
  private var hasColumns = false

  static func schema() -> JSONText {
    var writer = SchemaWriter()
    let body = writer.schema(of: TopLevel.shape.description)
    writer.hasColumns = true
    let step = writer.step()
    writer.definitions.append(("step", step))
    writer.definitions.append(("column", column))
    let sorted = writer.definitions.sorted { $0.name < $1.name }
    guard case .object(let members) = body else { return body }
    let definitions = sorted.map { ($0.name, $0.schema ?? JSONText.boolean(true)) }
    let head: [(String, JSONText)] = [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Raft trace")),
      ("description", .string("A trace of the Raft conformance ladder; see Spec/TraceFormat.md.")),
    ]
    return .object(
      head + members.filter { $0.0 != "title" } + [("$defs", JSONText.object(definitions))])
  }

  private static let column = JSONText.object([
    ("title", .string("a column of `cases`")), ("type", .string("string")),
    ("pattern", .string("^\\$[A-Za-z][A-Za-z0-9_]*$")),
  ])

  private mutating func schema(of shape: ShapeDescription) -> JSONText {
    switch shape {
    case .text(let rule): return text(rule)
    case .number(let range): return number(range)
    case .boolean: return typed("boolean")
    case .empty: return typed("null")
    case .word(let word):
      return .object([("const", .string(word.name)), ("description", .string(word.meaning))])
    case .words(let words):
      return .object([
        ("enum", .array(words.map { .string($0.name) })),
        ("enumDescriptions", .array(words.map { .string($0.meaning) })),
      ])
    case .list(let item, let count):
      return .object([
        ("type", .string("array")), ("minItems", .number("\(count.lowerBound)")),
        ("maxItems", .number("\(count.upperBound)")), ("items", value(item)),
      ])
    case .record(let record): return self.record(record, open: nil)
    case .dictionary(let key, let value):
      return .object([
        ("type", .string("object")), ("minProperties", .number("1")),
        ("propertyNames", text(key)), ("additionalProperties", self.value(value)),
      ])
    case .openRecord(let record, let key, let value):
      return self.record(record, open: (key, value))
    case .alternatives(let shapes):
      return .object([("anyOf", .array(shapes.map { schema(of: $0) }))])
    case .named(let name, let shape):
      define(name, shape)
      return reference(name)
    case .substituted(let shape): return substituted(shape)
    case .step: return reference("step")
    case .anything: return .object([])
    }
  }

  /// The schema of a value inside something, where a column may stand for it.
  private mutating func value(_ shape: ShapeDescription) -> JSONText {
    if case .substituted(let inner) = shape { return substituted(inner) }
    let schema = schema(of: shape)
    if case .step = shape { return schema }
    guard hasColumns else { return schema }
    if case .alternatives = shape, case .object(let members) = schema,
      case .array(let choices)? = members.first?.1
    {
      return .object([("anyOf", .array(choices + [reference("column")]))])
    }
    return .object([("anyOf", .array([schema, reference("column")]))])
  }

  private mutating func substituted(_ shape: ShapeDescription) -> JSONText {
    let before = hasColumns
    hasColumns = true
    defer { hasColumns = before }
    return value(shape)
  }

  private mutating func define(_ name: String, _ shape: () -> ShapeDescription) {
    guard !definitions.contains(where: { $0.name == name }) else { return }
    let place = definitions.count
    definitions.append((name, nil))
    let before = hasColumns
    hasColumns = true
    var body = shape()
    // A shape that was deferred can come with its name.
    while case .named(name, let inner) = body { body = inner() }
    definitions[place].schema = schema(of: body)
    hasColumns = before
  }

  private func reference(_ name: String) -> JSONText {
    .object([("$ref", .string("#/$defs/\(name)"))])
  }

  private func typed(_ name: String) -> JSONText { .object([("type", .string(name))]) }

  private func text(_ rule: TextRule) -> JSONText {
    var members: [(String, JSONText)] = [
      ("title", .string(rule.words)), ("type", .string("string")),
      ("maxLength", .number("\(rule.longest)")),
    ]
    members.append(("pattern", .string(rule.pattern ?? "\\S")))
    return .object(members)
  }

  private func number(_ range: ClosedRange<UInt64>) -> JSONText {
    let plain = JSONText.object([
      ("type", .string("integer")), ("minimum", .number("\(range.lowerBound)")),
      ("maximum", .number("\(min(range.upperBound, TraceLimits.plainNumber))")),
    ])
    guard range.upperBound > TraceLimits.plainNumber else { return plain }
    let large = JSONText.object([
      ("title", .string("a number above 2^53, in quotes")), ("type", .string("string")),
      ("pattern", .string("^[1-9][0-9]{15,18}$")),
    ])
    return .object([("anyOf", .array([plain, large]))])
  }

  private mutating func record(
    _ record: RecordDescription, open: (key: TextRule, value: ShapeDescription)?
  ) -> JSONText {
    let required = record.fields.filter(\.isRequired).map(\.name)
    var members: [(String, JSONText)] = [
      ("title", .string(record.title)), ("type", .string("object")),
      ("properties", .object(record.fields.map { ($0.name, property($0)) })),
    ]
    if let open, let pattern = open.key.pattern {
      members.append(("patternProperties", .object([(pattern, value(open.value))])))
    }
    members.append(("additionalProperties", .boolean(false)))
    if !required.isEmpty { members.append(("required", .array(required.map { .string($0) }))) }
    return .object(members + rules(record.rules))
  }

  private mutating func property(_ field: FieldDescription) -> JSONText {
    let standard = field.standard.map { "; `\($0)` when left out" } ?? ""
    let description = ("description", JSONText.string(field.doc + standard))
    guard case .object(let members) = value(field.shape) else { return .object([description]) }
    return .object([description] + members.filter { $0.0 != "description" })
  }

  private func rules(_ rules: RecordRules) -> [(String, JSONText)] {
    var members: [(String, JSONText)] = []
    let exclusive = rules.exactlyOne.map { group in
      JSONText.object([("oneOf", .array(group.map { needed([$0]) }))])
    }
    let limited = rules.atMostOne.map { group in
      JSONText.object([("not", needed(group))])
    }
    if !(exclusive + limited).isEmpty { members.append(("allOf", .array(exclusive + limited))) }
    if !rules.needs.isEmpty {
      let needs = rules.needs.map { ($0.key, JSONText.array($0.others.map { .string($0) })) }
      members.append(("dependentRequired", .object(needs)))
    }
    if rules.fewest > 0 { members.append(("minProperties", .number("\(rules.fewest)"))) }
    return members
  }

  private func needed(_ names: [String]) -> JSONText {
    .object([("required", .array(names.map { .string($0) }))])
  }

  /// A step: a verb, an expectation or both.
  private mutating func step() -> JSONText {
    let verbs = Verbs.all.map { verb in
      FieldDescription(
        name: verb.name, doc: verb.summary, shape: verb.shape.description, isRequired: false,
        standard: nil, capability: nil)
    }
    let body = record(
      RecordDescription(title: "a step", fields: verbs + Steps.otherFields), open: nil)
    guard case .object(let members) = body else { return body }
    let names = Verbs.all.map(\.name)
    let withoutVerb = JSONText.object([
      ("required", .array([.string("expect")])),
      ("not", .object([("anyOf", .array(names.map { needed([$0]) }))])),
    ])
    return .object(
      members + [("oneOf", .array(names.map { needed([$0]) } + [withoutVerb]))])
  }
}
