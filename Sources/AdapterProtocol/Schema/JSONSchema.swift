/// A JSON Schema (draft 2020-12), as far as the schemas in `Spec/schemas` go.
///
/// A keyword that is not known here is refused when the schema is read, so none is ever passed over
/// in silence. One thing differs from the draft, as the protocol has it: a member that is null
/// counts as left out, unless its schema asks for null.
public struct JSONSchema: Sendable {
  let rules: [SchemaRule]

  /// Reads a schema.
  ///
  /// - Throws: where the text is no JSON, or uses what is not known here.
  public init(parsing text: [UInt8]) throws(ProtocolProblem) {
    var reader = SchemaReader()
    rules = try reader.read(try JSONParser.parse(text).root)
  }

  /// Everything that is wrong with a line, and the fields in it that nobody reads.
  ///
  /// - Throws: where the line is no JSON.
  public func findings(in line: [UInt8]) throws(ProtocolProblem) -> Findings {
    var findings = Findings()
    check(try JSONParser.parse(line).root, by: 0, &findings)
    return findings
  }

  /// What a line holds beside what it should.
  public struct Findings: Sendable {
    /// The mistakes, in the order of the schema.
    public var problems: [ProtocolProblem] = []
    /// Fields that the schema does not know, which the suite ignores.
    public var unknownFields: [UnknownField] = []
  }

  /// A field that the schema does not know.
  public struct UnknownField: Hashable, Sendable {
    /// The object that has it, as `ok.state`; empty for the line itself.
    public var path: String
    /// Its name.
    public var name: String
    /// The fields that the object can have and does not.
    public var missing: [String]

    /// Makes an unknown field; nothing is checked.
    public init(path: String, name: String, missing: [String]) {
      self.path = path
      self.name = name
      self.missing = missing
    }
  }
}

/// One schema of a document. Other schemas are named by their place in the table of all.
struct SchemaRule: Sendable {
  var description: String?
  var type: String?
  var reference: Int?
  var required: [String] = []
  var properties: [(name: String, rule: Int)] = []
  var additionalProperties: Int?
  var propertyNames: Int?
  var dependentRequired: [(field: String, others: [String])] = []
  var items: Int?
  /// The least and the greatest count: of elements, characters, or the number itself.
  var itemCount: ClosedRange<Int>?
  var length: ClosedRange<Int>?
  var range: ClosedRange<UInt64>?
  var pattern: String?
  /// The values allowed (`enum`, `const`), as JSON texts.
  var words: [String]?
  var anyOf: [Int] = []
  var oneOf: [Int] = []
  var allOf: [Int] = []
  var condition: Int?
  var consequence: Int?
}

/// Reads a schema into a table of rules; the first is the schema itself.
struct SchemaReader {
  private var rules: [SchemaRule] = []
  private var named: [String: Int] = [:]
  private var definitions: [String: JSONValue] = [:]

  mutating func read(_ root: JSONValue) throws(ProtocolProblem) -> [SchemaRule] {
    for (name, value) in try root.member("$defs")?.members(limit: ProtocolLimits.names) ?? [] {
      definitions[name] = value
    }
    _ = try rule(root)
    return rules
  }

  /// Reads a schema and those inside it.
  ///
  /// - Returns: its place in the table.
  private mutating func rule(_ value: JSONValue) throws(ProtocolProblem) -> Int {
    let place = rules.count
    rules.append(SchemaRule())
    var rule = SchemaRule()
    for (keyword, value) in try value.members(limit: ProtocolLimits.names) {
      switch keyword {
      case "$schema", "$id", "$defs", "title": break
      case "description": rule.description = try value.text(limit: ProtocolLimits.textBytes)
      case "type": rule.type = try value.text()
      case "$ref": rule.reference = try reference(value)
      case "pattern": rule.pattern = try value.text()
      case "const": rule.words = [value.written]
      case "enum": rule.words = try value.elements(limit: ProtocolLimits.names) { $0.written }
      case "anyOf": rule.anyOf = try list(value)
      case "oneOf": rule.oneOf = try list(value)
      case "allOf": rule.allOf = try list(value)
      case "if": rule.condition = try self.rule(value)
      case "then": rule.consequence = try self.rule(value)
      default:
        if try readObject(keyword, value, &rule) { break }
        if try readBound(keyword, value, &rule) { break }
        throw value.problem("a keyword that this suite knows", found: keyword)
      }
    }
    rules[place] = rule
    return place
  }

  private mutating func readObject(
    _ keyword: String, _ value: JSONValue, _ rule: inout SchemaRule
  ) throws(ProtocolProblem) -> Bool {
    switch keyword {
    case "required": rule.required = try texts(value)
    case "items": rule.items = try self.rule(value)
    case "additionalProperties": rule.additionalProperties = try self.rule(value)
    case "propertyNames": rule.propertyNames = try self.rule(value)
    case "properties":
      for (name, value) in try value.members(limit: ProtocolLimits.names) {
        rule.properties.append((name, try self.rule(value)))
      }
    case "dependentRequired":
      for (name, value) in try value.members(limit: ProtocolLimits.names) {
        rule.dependentRequired.append((name, try texts(value)))
      }
    default: return false
    }
    return true
  }

  private func readBound(
    _ keyword: String, _ value: JSONValue, _ rule: inout SchemaRule
  ) throws(ProtocolProblem) -> Bool {
    switch keyword {
    case "minItems": rule.itemCount = try value.count()...(rule.itemCount?.upperBound ?? .max)
    case "maxItems": rule.itemCount = (rule.itemCount?.lowerBound ?? 0)...(try value.count())
    case "minLength": rule.length = try value.count()...(rule.length?.upperBound ?? .max)
    case "maxLength": rule.length = (rule.length?.lowerBound ?? 0)...(try value.count())
    case "minimum": rule.range = try value.unsigned()...(rule.range?.upperBound ?? .max)
    case "maximum": rule.range = (rule.range?.lowerBound ?? 0)...(try value.unsigned())
    default: return false
    }
    return true
  }

  private mutating func reference(_ value: JSONValue) throws(ProtocolProblem) -> Int {
    let path = try value.text()
    let name = String(path.dropFirst("#/$defs/".count))
    if let place = named[name] { return place }
    guard path.hasPrefix("#/$defs/"), let definition = definitions[name] else {
      throw value.problem("a definition of this schema")
    }
    let place = try rule(definition)
    named[name] = place
    return place
  }

  private mutating func list(_ value: JSONValue) throws(ProtocolProblem) -> [Int] {
    var places: [Int] = []
    let schemas = try value.elements(limit: ProtocolLimits.names) { $0 }
    for schema in schemas { places.append(try rule(schema)) }
    return places
  }

  private func texts(_ value: JSONValue) throws(ProtocolProblem) -> [String] {
    try value.elements(limit: ProtocolLimits.names) { value throws(ProtocolProblem) in
      try value.text()
    }
  }
}
