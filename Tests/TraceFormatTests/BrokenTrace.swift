import Testing

/// A trace with mistakes, and what is said of them.
struct BrokenTrace: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  /// The problems as `line:column: message`, one a line.
  var problems: String
  /// Whether a JSON Schema can't see the mistake, because it takes more than one place to see it.
  var isBeyondSchema: Bool

  var testDescription: String { name }

  init(_ name: String, beyondSchema: Bool = false, _ text: String, problems: String) {
    self.name = name
    self.text = text
    self.problems = problems
    isBeyondSchema = beyondSchema
  }
}

extension BrokenTrace {
  static let all = header + steps + expectations
}
