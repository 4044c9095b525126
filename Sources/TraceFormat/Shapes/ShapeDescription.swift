/// A shape as data, from which the JSON Schema and the tables of the specification are written.
indirect enum ShapeDescription: Sendable {
  case text(TextRule)
  case number(ClosedRange<UInt64>)
  case boolean
  /// A value left out, as in `settle:`.
  case empty
  case word(Word)
  case words([Word])
  case list(ShapeDescription, count: ClosedRange<Int>)
  case record(RecordDescription)
  case dictionary(key: TextRule, value: ShapeDescription)
  /// A record that also takes keys of a user's own.
  case openRecord(RecordDescription, key: TextRule, value: ShapeDescription)
  case alternatives([ShapeDescription])
  /// A shape with a name of its own in the schema; made when asked for, because shapes recur.
  case named(String, @Sendable () -> ShapeDescription)
  /// A part in which a column of `cases` can stand for any value.
  case substituted(ShapeDescription)
  /// A step of a trace.
  case step
  /// Whatever the place of a column asks for.
  case anything
}

/// A rule for text: as a pattern for editors, and in words.
struct TextRule: Sendable {
  /// An ECMA 262 regular expression over the whole text; nil takes any text that is not empty.
  var pattern: String?
  /// As a message says it after "expected": `a node's name`.
  var words: String
  /// The most characters.
  var longest: Int
  var matches: @Sendable (String) -> Bool

  init(
    pattern: String?, words: String, longest: Int, matches: @escaping @Sendable (String) -> Bool
  ) {
    self.pattern = pattern
    self.words = words
    self.longest = longest
    self.matches = matches
  }
}

/// A word of a closed set, with what it brings.
struct Word: Sendable {
  var name: String
  var meaning: String
  var capability: Capability?
}

/// A mapping with known keys.
struct RecordDescription: Sendable {
  var title: String
  var fields: [FieldDescription]
  var rules = RecordRules()
  var reserved: [ReservedWord] = []

  var names: [String] { fields.map(\.name) }
}

/// A key of a mapping.
struct FieldDescription: Sendable {
  var name: String
  var doc: String
  var shape: ShapeDescription
  var isRequired: Bool
  /// The value when left out, as it would be written.
  var standard: String?
  var capability: Capability?
}

/// What the keys of a mapping have to do with one another.
struct RecordRules: Sendable {
  /// Of each group exactly one key is given.
  var exactlyOne: [[String]] = []
  /// Of each group at most one key is given.
  var atMostOne: [[String]] = []
  /// A key is given only along with others.
  var needs: [(key: String, others: [String])] = []
  /// The fewest keys.
  var fewest = 0
}

/// A word that a later part of the ladder brings.
struct ReservedWord: Sendable {
  var name: String
  var phase: Int
  /// What else has to be built first, where the phase itself is.
  var part: String?

  init(_ name: String, phase: Int, part: String? = nil) {
    self.name = name
    self.phase = phase
    self.part = part
  }

  /// `'snapshot' is a verb of phase 8 (Snapshots), which is not built yet`.
  func message(as kind: String) -> String {
    let phase = "phase \(phase) (\(Ladder.phase(phase)?.name ?? ""))"
    guard let part else { return "'\(name)' is \(kind) of \(phase), which is not built yet" }
    return "'\(name)' is \(kind) of \(phase) that needs \(part), which is not built yet"
  }
}

extension ShapeDescription {
  /// The shape as a message says it after "expected".
  var words: String {
    switch self {
    case .text(let rule): rule.words
    case .number(let range): Self.words(of: range)
    case .boolean: "true or false"
    case .empty: "nothing"
    case .word(let word): "'\(word.name)'"
    case .words(let words): Self.either(words.map { "'\($0.name)'" })
    case .list(let item, _): "a list of \(item.pluralWords)"
    case .record(let record): record.title
    case .dictionary(let key, _): "a mapping from \(key.words)"
    case .openRecord(let record, _, _): record.title
    case .alternatives: Self.either(wordsOfAlternatives)
    case .named(_, let shape): shape().words
    case .substituted(let shape): shape.words
    case .step: "a step"
    case .anything: "a value"
    }
  }

  /// The words of each alternative, those inside alternatives included, once each.
  private var wordsOfAlternatives: [String] {
    switch self {
    case .alternatives(let shapes):
      shapes.flatMap(\.wordsOfAlternatives).reduce(into: []) { all, words in
        if !all.contains(words) { all.append(words) }
      }
    case .named(_, let shape): shape().wordsOfAlternatives
    case .text, .number, .boolean, .empty, .word, .words, .list, .record, .dictionary,
      .openRecord, .substituted, .step, .anything:
      [words]
    }
  }

  private var pluralWords: String {
    switch self {
    case .record, .openRecord, .dictionary: "mappings"
    case .named(_, let shape): shape().pluralWords
    default: words
    }
  }

  private static func words(of range: ClosedRange<UInt64>) -> String {
    range.upperBound >= TraceLimits.plainNumber
      ? "a number\(range.lowerBound > 0 ? " from \(range.lowerBound)" : "")"
      : range.count == 1
        ? "the number \(range.lowerBound)"
        : "a number from \(range.lowerBound) to \(range.upperBound)"
  }

  static func either(_ parts: [String]) -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "nothing" }
    return parts.dropLast().joined(separator: ", ") + " or " + last
  }
}
