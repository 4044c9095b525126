extension JSONSchema {
  /// Checks a value by one rule, and what is inside it by the rules inside that.
  func check(_ value: JSONValue, by place: Int, _ findings: inout Findings) {
    let rule = rules[place]
    if let reference = rule.reference { check(value, by: reference, &findings) }
    guard fits(value, rule) else {
      findings.problems.append(value.problem(words(of: place)))
      return
    }
    checkMembers(of: value, rule, &findings)
    if let items = rule.items, value.kind == .array {
      for element in value.elements { check(element, by: items, &findings) }
    }
    for place in rule.allOf { check(value, by: place, &findings) }
    if let condition = rule.condition, let consequence = rule.consequence, holds(value, condition) {
      check(value, by: consequence, &findings)
    }
    if !rule.anyOf.isEmpty, !rule.anyOf.contains(where: { holds(value, $0) }) {
      findings.problems.append(value.problem(words(of: place)))
    }
    if !rule.oneOf.isEmpty, rule.oneOf.count(where: { holds(value, $0) }) != 1 {
      let fields = value.memberNodes.filter { !$0.value.isNull }.map(\.name)
      findings.problems.append(
        value.problem(
          "exactly one of \(alternatives(rule.oneOf))",
          found: fields.isEmpty ? "no field" : Excerpt.of(fields.joined(separator: ", ").utf8)))
    }
  }

  private func holds(_ value: JSONValue, _ place: Int) -> Bool {
    var findings = Findings()
    check(value, by: place, &findings)
    return findings.problems.isEmpty
  }

  /// Whether the value itself is what the rule asks for, whatever is inside it.
  private func fits(_ value: JSONValue, _ rule: SchemaRule) -> Bool {
    if let type = rule.type, !value.isOf(type: type) { return false }
    if let words = rule.words, !words.contains(value.written) { return false }
    if let count = rule.itemCount, value.kind == .array, !count.contains(value.elements.count) {
      return false
    }
    if let text = value.string {
      if let length = rule.length, !length.contains(text.unicodeScalars.count) { return false }
      if let pattern = rule.pattern, !Self.matches(text, pattern) { return false }
    }
    if let range = rule.range, value.kind == .integer {
      guard let number = try? value.unsigned(), range.contains(number) else { return false }
    }
    return true
  }

  private func checkMembers(of value: JSONValue, _ rule: SchemaRule, _ findings: inout Findings) {
    guard value.kind == .object else { return }
    let members = value.memberNodes
    let present = Set(members.filter { !$0.value.isNull }.map(\.name))
    for name in Set(members.map(\.name)).sorted()
    where members.count(where: { $0.name == name }) > 1 {
      findings.problems.append(value.problem("the field '\(name)' once", found: "it twice"))
    }
    for name in rule.required where !present.contains(name) {
      findings.problems.append(missing(name, in: value, present))
    }
    for (field, others) in rule.dependentRequired where present.contains(field) {
      for name in others where !present.contains(name) {
        findings.problems.append(missing(name, in: value, present))
      }
    }
    for member in members {
      if let names = rule.propertyNames { check(member.key, by: names, &findings) }
      if let known = rule.properties.first(where: { $0.name == member.name })?.rule {
        if !member.value.isNull || acceptsNull(known) { check(member.value, by: known, &findings) }
      } else if let others = rule.additionalProperties {
        check(member.value, by: others, &findings)
      } else if !rule.properties.isEmpty, rule.allOf.isEmpty {
        findings.unknownFields.append(
          UnknownField(
            path: value.path, name: member.name,
            missing: rule.properties.map(\.name).filter { !present.contains($0) }))
      }
    }
  }

  private func missing(
    _ name: String, in value: JSONValue, _ present: Set<String>
  ) -> ProtocolProblem {
    value.problem(
      "an object with the field '\(name)'",
      found: present.isEmpty
        ? "no field" : "only " + Excerpt.of(present.sorted().joined(separator: ", ").utf8))
  }

  private func acceptsNull(_ place: Int) -> Bool {
    let rule = rules[place]
    return rule.type == "null" || rule.anyOf.contains { rules[$0].type == "null" }
  }

  /// The whole text has to match: every pattern of these schemas is anchored at both ends.
  private static func matches(_ text: String, _ pattern: String) -> Bool {
    guard let regex = try? Regex(pattern) else { return false }
    return (try? regex.wholeMatch(in: text)) != nil
  }

  // MARK: Words

  /// What a rule asks for, to stand after "expected".
  private func words(of place: Int) -> String {
    let rule = rules[place]
    if let words = rule.words { return Self.oneOf(words) }
    if let reference = rule.reference { return words(of: reference) }
    if let description = rule.description, rule.properties.isEmpty {
      let text = description.hasSuffix(".") ? String(description.dropLast()) : description
      return text.prefix(1).lowercased() + text.dropFirst()
    }
    if !rule.anyOf.isEmpty {
      return rule.anyOf.map { words(of: $0) }.joined(separator: ", or ")
    }
    switch rule.type {
    case "object": return "an object"
    case "array":
      return rule.itemCount.map { "an array of \(Self.bounds($0)) elements" } ?? "an array"
    case "string":
      return rule.length.map { "a string of \(Self.bounds($0)) characters" } ?? "a string"
    case "integer": return rule.range.map { "an integer from \($0.lowerBound) on" } ?? "an integer"
    case "boolean": return "true or false"
    case "null": return "null"
    default: return "what the schema describes"
    }
  }

  private func alternatives(_ places: [Int]) -> String {
    let fields = places.flatMap { rules[$0].required }
    return fields.count == places.count
      ? "the fields " + Self.list(fields.map { "'\($0)'" }, "and")
      : places.map { words(of: $0) }.joined(separator: ", or ")
  }

  private static func oneOf(_ words: [String]) -> String {
    words.count == 1 ? words[0] : "one of \(words.joined(separator: ", "))"
  }

  private static func list(_ words: [String], _ last: String) -> String {
    guard let end = words.last, words.count > 1 else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " \(last) " + end
  }

  private static func bounds(_ range: ClosedRange<Int>) -> String {
    if range.lowerBound == 0 { return "at most \(range.upperBound)" }
    return range.upperBound == .max
      ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
  }
}

/// Values, as a schema looks at them.
extension JSONValue {
  fileprivate var kind: JSONNode.Kind { document.nodes[place].kind }

  fileprivate var path: String { document.path(to: place) }

  fileprivate var string: String? {
    kind == .string || kind == .escapedString ? document.text(of: document.nodes[place]) : nil
  }

  /// The value as a JSON text, a string without the escapes that it does not need.
  var written: String {
    if let string { return "\"\(string)\"" }
    let node = document.nodes[place]
    return String(decoding: document.bytes[Int(node.start)..<Int(node.end)], as: UTF8.self)
  }

  fileprivate var elements: [JSONValue] {
    var result: [JSONValue] = []
    var element = place + 1
    while element < Int(document.nodes[place].next) {
      result.append(JSONValue(document: document, place: element))
      element = Int(document.nodes[element].next)
    }
    return result
  }

  fileprivate var memberNodes: [(name: String, key: JSONValue, value: JSONValue)] {
    guard kind == .object else { return [] }
    var result: [(name: String, key: JSONValue, value: JSONValue)] = []
    var key = place + 1
    while key < Int(document.nodes[place].next) {
      result.append(
        (
          document.text(of: document.nodes[key]), JSONValue(document: document, place: key),
          JSONValue(document: document, place: key + 1)
        ))
      key = Int(document.nodes[key + 1].next)
    }
    return result
  }

  fileprivate func isOf(type: String) -> Bool {
    switch kind {
    case .null: type == "null"
    case .true, .false: type == "boolean"
    case .integer: type == "integer" || type == "number"
    case .decimal: type == "number"
    case .string, .escapedString: type == "string"
    case .array: type == "array"
    case .object: type == "object"
    }
  }
}
