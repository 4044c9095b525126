import YAMLTree

/// Writes a part of a tree as one line of YAML.
enum FlowText {
  /// `{ to: n1, as: e }`, `[1, 2]`, `n1`.
  static func line(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let scalar):
      return text(of: scalar)
    case .sequence(let items):
      return "[" + items.map(line).joined(separator: ", ") + "]"
    case .mapping(let entries):
      return entries.isEmpty ? "{}" : "{ " + entries.map(line).joined(separator: ", ") + " }"
    }
  }

  /// `propose: { to: n1, as: e }`, `settle:`.
  static func line(_ entry: YAMLEntry) -> String {
    let key = line(entry.key) + ":"
    return entry.value.isNull ? key : key + " " + line(entry.value)
  }

  private static func text(of scalar: YAMLScalar) -> String {
    if scalar.isPlain { return scalar.isNull ? "null" : scalar.text }
    var quoted = "\""
    for character in scalar.text.unicodeScalars {
      switch character {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default:
        quoted +=
          character.properties.generalCategory == .control
          ? character.escapedForYAML : String(character)
      }
    }
    return quoted + "\""
  }
}

extension Unicode.Scalar {
  fileprivate var escapedForYAML: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
