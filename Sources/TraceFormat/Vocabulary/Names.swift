import RaftTypes
import YAMLTree

/// The rules for names in traces.
enum NameRule {
  /// Words that mean something where a node's name can stand.
  static let reservedNodeNames = [
    "absent", "all", "any", "append", "count", "each", "expect", "history", "messages", "none",
    "observed", "results", "sent", "vote",
  ]

  static let node = TextRule(
    pattern: "^(?!(?:\(reservedNodeNames.joined(separator: "|")))$)[a-z][a-z0-9]*$",
    words: "a node's name", longest: TraceLimits.nameLength,
    matches: { isPlainName($0) && !reservedNodeNames.contains($0) })

  static let entry = TextRule(
    pattern: #"^[a-z][a-z0-9-]*(?:\.[1-9][0-9]*)?$"#, words: "an entry's name",
    longest: TraceLimits.nameLength,
    matches: { text in
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      guard let base = parts.first, parts.count <= 2, isKebab(base) else { return false }
      return parts.count == 1 || isOrdinal(parts[1])
    })

  /// The name that a proposal gives: an entry's, without a number behind a dot.
  static let newEntry = TextRule(
    pattern: "^[a-z][a-z0-9-]*$", words: "a name for the entry",
    longest: TraceLimits.nameLength - 8,
    matches: { isKebab($0) })

  static let capture = TextRule(
    pattern: "^[a-z][a-z0-9-]*$", words: "the name of a captured message",
    longest: TraceLimits.nameLength, matches: { isKebab($0) })

  static let context = TextRule(
    pattern: "^[A-Za-z0-9._-]+$", words: "a token of letters and digits",
    longest: TraceLimits.nameLength,
    matches: { text in
      !text.isEmpty
        && text.utf8.allSatisfy {
          isLetter($0) || isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
            || $0 == UInt8(ascii: "-")
        }
    })

  static let position = TextRule(
    pattern: "^(?:0@0|[1-9][0-9]*@[1-9][0-9]*)$", words: "a position like 3@2",
    longest: TraceLimits.nameLength, matches: { position($0) != nil })

  static let lastOf = TextRule(
    pattern: #"^[a-z][a-z0-9]*\.last$"#, words: "a node's last index like n1.last",
    longest: TraceLimits.nameLength + 5,
    matches: { $0.hasSuffix(".last") && isPlainName($0.dropLast(5)) })

  static let variable = TextRule(
    pattern: #"^\$[A-Za-z][A-Za-z0-9_]*(?:[+-][1-9][0-9]?)?$"#, words: "a variable like $T or $T+1",
    longest: TraceLimits.nameLength, matches: { variable($0) != nil })

  static let newVariable = TextRule(
    pattern: #"^\$[A-Za-z][A-Za-z0-9_]*$"#, words: "a variable like $T",
    longest: TraceLimits.nameLength, matches: { variable($0)?.offset == 0 })

  static let id = TextRule(
    pattern: #"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$"#,
    words: "an id like vote.up-to-date", longest: TraceLimits.idLength,
    matches: { text in
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      return parts.count > 1 && parts.allSatisfy { isSlug($0) }
        && isLowercase(text.utf8.first ?? 0)
    })

  static let clause = TextRule(
    pattern: id.pattern, words: "a clause's slug like vote.up-to-date",
    longest: TraceLimits.idLength,
    matches: id.matches)

  static let caseName = TextRule(
    pattern: "^[a-z0-9]+(?:-[a-z0-9]+)*$", words: "a case's name like higher-term",
    longest: TraceLimits.nameLength, matches: { isSlug($0) })

  /// `3@2`; nil where the text is no position.
  static func position(_ text: String) -> LogPosition? {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = decimal(parts[0]), let term = decimal(parts[1]) else {
      return nil
    }
    guard (index == 0) == (term == 0) else { return nil }
    return LogPosition(index: LogIndex(index), term: Term(term))
  }

  /// `$T+1` as its name and offset; nil where the text is no variable.
  static func variable(_ text: String) -> (name: String, offset: Int)? {
    guard text.utf8.first == UInt8(ascii: "$") else { return nil }
    let body = text.dropFirst()
    guard let sign = body.firstIndex(where: { $0 == "+" || $0 == "-" }) else {
      return Column.isName(body) ? (String(body), 0) : nil
    }
    let digits = body[body.index(after: sign)...]
    guard Column.isName(body[..<sign]), digits.utf8.count <= 2, isOrdinal(digits),
      let offset = Int(digits)
    else { return nil }
    return (String(body[..<sign]), body[sign] == "-" ? -offset : offset)
  }

  private static func decimal(_ text: Substring) -> UInt64? {
    guard !text.isEmpty, text.utf8.allSatisfy(isDigit), text == "0" || text.first != "0" else {
      return nil
    }
    return UInt64(text).flatMap { $0 <= TraceLimits.greatestNumber ? $0 : nil }
  }

  private static func isOrdinal(_ text: Substring) -> Bool {
    !text.isEmpty && text.first != "0" && text.utf8.allSatisfy(isDigit)
  }

  private static func isPlainName(_ text: some StringProtocol) -> Bool {
    isLowercase(text.utf8.first ?? 0)
      && text.utf8.allSatisfy { isLowercase($0) || isDigit($0) }
  }

  private static func isKebab(_ text: some StringProtocol) -> Bool {
    isLowercase(text.utf8.first ?? 0)
      && text.utf8.allSatisfy { isLowercase($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isSlug(_ text: some StringProtocol) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { isLowercase($0) || isDigit($0) }
    }
  }
}

extension Shape where Value == NodeName {
  /// Any server of the trace.
  static var server: Shape { name(.server) }

  /// A server that runs.
  static var realNode: Shape { name(.realNode) }

  /// A server that exists only as an end of hand-written messages.
  static var peer: Shape { name(.peer) }

  private enum Kind { case server, realNode, peer }

  private static func name(_ kind: Kind) -> Shape {
    let (label, words) =
      switch kind {
      case .server: ("server", "a server's name")
      case .realNode: ("node", "a node's name")
      case .peer: ("peer", "a peer's name")
      }
    let rule = NameRule.node
    let shape = Shape<String>.distinctText(
      TextRule(pattern: rule.pattern, words: words, longest: rule.longest, matches: rule.matches))
    return shape.map { NodeName($0) }.named(label).noting { node in
      switch kind {
      case .server: .server(node)
      case .realNode: .realNode(node)
      case .peer: .peer(node)
      }
    }
  }
}

extension Shape where Value == [NodeName] {
  /// A node, some nodes, or all of them.
  static var someNodes: Shape {
    let all = Shape<Bool>.word("all", "every real node", true)
      .flatMap { _, _, context -> [NodeName]? in context.nodes }
    return .alternatives(all, Shape<NodeName>.realNode.oneOrMore)
  }
}

extension Shape where Value == LogPosition {
  /// `3@2`: index and term.
  static var position: Shape {
    Shape<String>.distinctText(NameRule.position).named("position")
      .map { NameRule.position($0) ?? .zero }
  }
}

extension Shape where Value == EntryReference {
  /// A position, or the name of an entry.
  ///
  /// - Parameter isExpected: whether something is expected at the position.
  static func entry(isExpected: Bool = false) -> Shape {
    let position = Shape<LogPosition>.position.flatMap { position, node, context in
      if isExpected { context.note(.literalIndex(position.index.rawValue), at: node.location) }
      return EntryReference.position(position)
    }
    return .alternatives(position, Shape<String>.entryName.map { .name($0) })
  }
}

extension Shape where Value == String {
  /// The name of an entry that was proposed before.
  static var entryName: Shape {
    distinctText(NameRule.entry).named("entry").noting { .entryUsed($0, groups: false) }
  }

  /// A variable that receives a value here.
  static var newVariable: Shape {
    distinctText(NameRule.newVariable).map { String($0.dropFirst()) }
      .noting { .variableBound($0) }
  }
}

/// What a term may do with a variable that has no value yet.
enum VariableUse {
  /// Nothing: it must have one.
  case value
  /// Give it the value found here.
  case binding
}

extension Shape where Value == TermValue {
  /// A term: a number, or a variable with an offset.
  static var term: Shape { term(.value) }

  static func term(_ use: VariableUse) -> Shape {
    let number = Shape<UInt64>.anyNumber.map { TermValue.literal(Term($0)) }
    let variable = Shape<(name: String, offset: Int)>.variable(use)
      .map { TermValue.variable($0.name, offset: $0.offset) }
    return .alternatives(number, variable).named("term")
  }
}

extension Shape where Value == (name: String, offset: Int) {
  /// `$T`, `$T+1` or `$T-1`.
  static func variable(_ use: VariableUse) -> Shape {
    Shape<String>.distinctText(NameRule.variable).named("variable")
      .flatMap { text, _, _ in NameRule.variable(text) }
      .noting { variable in
        use == .binding && variable.offset == 0
          ? .variableBoundOrUsed(variable.name) : .variableUsed(variable.name)
      }
  }
}
