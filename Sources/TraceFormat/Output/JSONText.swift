import YAMLTree

/// A JSON value whose objects keep their order.
indirect enum JSONText {
  case object([(String, JSONText)])
  case array([JSONText])
  case string(String)
  /// A number as it is written.
  case number(String)
  case boolean(Bool)
  case null

  /// The value on lines of at most 100 characters, where it can be broken, two spaces a level.
  func pretty(indent: String = "", column: Int = 0) -> String {
    let flat = compact
    if indent.count + column + flat.count <= 98, !flat.contains("\n") { return flat }
    let inner = indent + "  "
    switch self {
    case .object(let members) where !members.isEmpty:
      let lines = members.map { name, value in
        let key = "\(inner)\(Self.quote(name)): "
        return key
          + value.pretty(indent: inner, column: Self.quote(name).count + 2)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    case .array(let items) where !items.isEmpty:
      let lines = items.map { inner + $0.pretty(indent: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
    case .object, .array, .string, .number, .boolean, .null:
      return flat
    }
  }

  /// The value on one line.
  var compact: String {
    switch self {
    case .object(let members):
      members.isEmpty
        ? "{}"
        : "{ " + members.map { "\(Self.quote($0)): \($1.compact)" }.joined(separator: ", ") + " }"
    case .array(let items): "[" + items.map(\.compact).joined(separator: ", ") + "]"
    case .string(let text): Self.quote(text)
    case .number(let digits): digits
    case .boolean(let value): value ? "true" : "false"
    case .null: "null"
    }
  }

  private static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension JSONText {
  /// A tree of YAML as the schema sees it: plain integers, `true`, `false` and values left out
  /// become what they are in JSON; every other scalar is a string.
  init(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let scalar):
      if scalar.isNull {
        self = .null
      } else if scalar.spellsInteger {
        self = .number(scalar.text)
      } else if let value = scalar.asBool {
        self = .boolean(value)
      } else {
        self = .string(scalar.text)
      }
    case .sequence(let items):
      self = .array(items.map { JSONText($0) })
    case .mapping(let entries):
      self = .object(entries.map { ($0.name, JSONText($0.value)) })
    }
  }
}

extension TraceFile {
  /// A tree of YAML as JSON on one line, typed as the schema is: for schema validators.
  public static func json(of node: YAMLNode) -> String { JSONText(node).compact }

  /// The file at `path` as JSON on one line.
  ///
  /// - Throws: what is wrong with it as YAML.
  public static func json(path: String, file: String? = nil) throws(YAMLProblems) -> String {
    json(of: try YAMLParser.parse(path: path, file: file))
  }
}
