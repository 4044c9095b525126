import YAMLTree

/// The form that a value has in a trace: how it is described, recognised and read.
///
/// A shape is declared once. Decoder, messages, JSON Schema and the tables of the specification
/// all come from it.
struct Shape<Value>: Sendable {
  var description: ShapeDescription
  /// Whether a node looks like this shape, so that a mistake inside it is this shape's to report.
  var accepts: @Sendable (YAMLNode) -> Bool
  /// Reads a node that looks like this shape; nil after a mistake, which is then reported.
  var read: @Sendable (YAMLNode, DecodeContext) -> Value?

  /// Reads any node; one that does not look like this shape is a mistake.
  func decode(_ node: YAMLNode, _ context: DecodeContext) -> Value? {
    guard accepts(node) else {
      context.reportMismatch(node, expected: description.words)
      return nil
    }
    return read(node, context)
  }

  /// The same form with another meaning.
  func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> Shape<Other> {
    Shape<Other>(description: description, accepts: accepts) { node, context in
      read(node, context).map(transform)
    }
  }

  /// The same form with a meaning that may be refused, or depends on what is known so far.
  func flatMap<Other>(
    _ transform: @escaping @Sendable (Value, YAMLNode, DecodeContext) -> Other?
  ) -> Shape<Other> {
    Shape<Other>(description: description, accepts: accepts) { node, context in
      read(node, context).flatMap { transform($0, node, context) }
    }
  }

  /// The same form under a name of its own in the schema.
  func named(_ name: String) -> Shape {
    let inner = description
    return Shape(description: .named(name) { inner }, accepts: accepts, read: read)
  }

  /// The same form, noting what is mentioned by it.
  func noting(_ subject: @escaping @Sendable (Value) -> Mention.Subject) -> Shape {
    flatMap { value, node, context in
      context.note(subject(value), at: node.location)
      return value
    }
  }

  /// A shape that is made when first asked for, for shapes that contain themselves.
  static func deferred(
    _ name: String, _ shape: @escaping @Sendable () -> Shape
  ) -> Shape {
    Shape(
      description: .named(name) { shape().description },
      accepts: { shape().accepts($0) },
      read: { shape().read($0, $1) })
  }

  /// The first of some shapes that a node looks like.
  static func alternatives(_ shapes: Shape...) -> Shape { alternatives(shapes) }

  /// The first of some shapes that a node looks like.
  static func alternatives(_ shapes: [Shape]) -> Shape {
    Shape(
      description: .alternatives(shapes.map(\.description)),
      accepts: { node in shapes.contains { $0.accepts(node) } },
      read: { node, context in
        shapes.first { $0.accepts(node) }.flatMap { $0.read(node, context) }
      })
  }
}

extension Shape where Value: Sendable {
  /// A value left out, as in `settle:`.
  static func empty(_ value: Value) -> Shape {
    Shape(description: .empty, accepts: \.isNull) { _, _ in value }
  }

  /// A single word.
  static func word(_ name: String, _ meaning: String, _ value: Value) -> Shape {
    Shape(
      description: .word(Word(name: name, meaning: meaning, capability: nil)),
      accepts: { $0.text == name && $0.scalar?.isPlain == true },
      read: { _, _ in value })
  }
}

extension Shape where Value == String {
  /// Text that follows a rule.
  static func text(_ rule: TextRule) -> Shape {
    Shape(description: .text(rule), accepts: isText) { node, context in
      let text = node.text ?? ""
      guard rule.matches(text) else {
        context.reportMismatch(node, expected: rule.words)
        return nil
      }
      guard text.count <= rule.longest else {
        context.report(
          "\(text.count) characters, and at most \(rule.longest) are allowed", at: node.location)
        return nil
      }
      return text
    }
  }

  /// Text that looks like this shape only where it follows the rule, for use among alternatives.
  static func distinctText(_ rule: TextRule) -> Shape {
    let shape = text(rule)
    return Shape(
      description: shape.description,
      accepts: { isText($0) && rule.matches($0.text ?? "") },
      read: shape.read)
  }

  /// A sentence or more.
  static func prose(_ words: String, longest: Int = TraceLimits.textLength) -> Shape {
    text(
      TextRule(pattern: nil, words: words, longest: longest) { text in
        text.contains { !$0.isWhitespace }
      })
  }
}

/// Whether a node is text: a scalar that is no plain number, Boolean or null.
@Sendable private func isText(_ node: YAMLNode) -> Bool {
  node.scalar != nil && !node.isNull && !node.spellsInteger && node.asBool == nil
}

extension Shape where Value == UInt64 {
  /// A number within a range.
  static func number(_ range: ClosedRange<UInt64>) -> Shape {
    Shape(description: .number(range), accepts: { $0.spellsInteger || isLarge($0) }) {
      node, context in
      let value = node.asUnsigned ?? node.text.flatMap { UInt64($0) }
      guard let value, range.contains(value) else {
        context.reportMismatch(node, expected: ShapeDescription.number(range).words)
        return nil
      }
      guard value <= TraceLimits.plainNumber || isLarge(node) else {
        context.report(
          "numbers above \(TraceLimits.plainNumber) are written in quotes", at: node.location)
        return nil
      }
      return value
    }
  }

  /// Any number from 0.
  static var anyNumber: Shape { number(0...TraceLimits.greatestNumber) }
}

/// Whether this is a quoted number, too large to be written plain.
@Sendable private func isLarge(_ node: YAMLNode) -> Bool {
  guard let scalar = node.scalar, !scalar.isPlain, scalar.text.first != "0" else { return false }
  return scalar.text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    && (UInt64(scalar.text) ?? 0) > TraceLimits.plainNumber
}

extension Shape where Value == Int {
  /// A small number within a range.
  static func count(_ range: ClosedRange<Int>) -> Shape {
    Shape<UInt64>.number(UInt64(range.lowerBound)...UInt64(range.upperBound)).map { Int($0) }
  }
}

extension Shape where Value == Bool {
  /// `true` or `false`.
  static var boolean: Shape {
    Shape(description: .boolean, accepts: { $0.asBool != nil }) { node, _ in node.asBool }
  }
}

extension Shape {
  /// A list of this shape.
  func list(_ count: ClosedRange<Int> = 1...TraceLimits.entries) -> Shape<[Value]> {
    Shape<[Value]>(
      description: .list(description, count: count), accepts: { $0.items != nil }
    ) { node, context in
      let items = node.items ?? []
      let values = items.map { self.decode($0, context) }
      guard count.contains(items.count) else {
        let bounds =
          items.count < count.lowerBound
          ? "at least \(count.lowerBound)" : "at most \(count.upperBound)"
        context.report(
          "a list of \(items.count) where \(bounds) are expected", at: node.location)
        return nil
      }
      let decoded = values.compactMap { $0 }
      return decoded.count == items.count ? decoded : nil
    }
  }

  /// This shape alone or a list of it.
  var oneOrMore: Shape<[Value]> { .alternatives(list(), map { [$0] }) }
}

extension Shape where Value: RawRepresentable & Sendable, Value.RawValue == String {
  /// One of the words of an enumeration, each with its meaning and what it implies.
  static func oneOf(
    _ words: [(value: Value, meaning: String, capability: Capability?)]
  ) -> Shape {
    let described = words.map {
      Word(name: $0.value.rawValue, meaning: $0.meaning, capability: $0.capability)
    }
    return Shape(description: .words(described), accepts: { $0.scalar != nil && !$0.isNull }) {
      node, context in
      // Any scalar is taken, so that a wrong word is reported with the nearest right one.
      let text = node.text ?? ""
      guard let word = words.first(where: { $0.value.rawValue == text }) else {
        let names = described.map(\.name)
        if Column.name(in: node.scalar ?? YAMLScalar(text: "")) == nil,
          let nearest = NearestWord.find(text, among: names)
        {
          context.report(
            "unknown word '\(clipped(text))'; did you mean '\(nearest)'?", at: node.location)
        } else {
          context.reportMismatch(node, expected: ShapeDescription.words(described).words)
        }
        return nil
      }
      word.capability.map(context.imply)
      return word.value
    }
  }

  /// One of the words of an enumeration.
  static func oneOf(_ words: [(value: Value, meaning: String)]) -> Shape {
    oneOf(words.map { ($0.value, $0.meaning, nil) })
  }
}
