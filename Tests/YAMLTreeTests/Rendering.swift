import YAMLTree

/// Parses `text` as a file named `t.yaml`.
func parse(
  _ text: String, limits: YAMLLimits = .standard
) throws(YAMLProblems) -> YAMLNode {
  try YAMLParser.parse(text, file: "t.yaml", limits: limits)
}

/// The problems that the parser finds in `bytes`, each as `line:column: message`; none if it parses.
func problems(inBytes bytes: [UInt8], limits: YAMLLimits = .standard) -> [String] {
  do {
    _ = try YAMLParser.parse(bytes: bytes, file: "t.yaml", limits: limits)
    return []
  } catch {
    return error.problems.map { "\($0.location.line):\($0.location.column): \($0.message)" }
  }
}

/// As ``problems(inBytes:limits:)`` for a text.
func problems(in text: String, limits: YAMLLimits = .standard) -> [String] {
  problems(inBytes: Array(text.utf8), limits: limits)
}

/// The tree that is left of a text with problems.
func recovered(_ text: String) -> YAMLNode? {
  do {
    _ = try parse(text)
    return nil
  } catch {
    return error.recoveredRoot
  }
}

/// The tree in one line: plain scalars bare, others in quotes.
func outline(_ node: YAMLNode) -> String {
  switch node.content {
  case .scalar(let scalar):
    scalar.isPlain ? scalar.text : "\"\(scalar.text)\""
  case .sequence(let items):
    "[" + items.map(outline).joined(separator: ", ") + "]"
  case .mapping(let entries):
    "{" + entries.map { "\(outline($0.key)): \(outline($0.value))" }.joined(separator: ", ") + "}"
  }
}

/// The place of every node, parents first, as `line:column`.
func places(_ node: YAMLNode) -> [String] {
  let own = "\(node.location.line):\(node.location.column)"
  switch node.content {
  case .scalar: return [own]
  case .sequence(let items): return [own] + items.flatMap(places)
  case .mapping(let entries): return [own] + entries.flatMap { places($0.key) + places($0.value) }
  }
}
