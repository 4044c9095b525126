/// One thing that is wrong with a YAML file, and where.
public struct YAMLProblem: Error, Hashable, Sendable {
  /// The place of the mistake.
  public var location: SourceLocation
  /// What is wrong and what is expected, as one line without the place.
  public var message: String

  /// A mistake at `location` that `message` explains.
  public init(location: SourceLocation, message: String) {
    self.location = location
    self.message = message
  }
}

extension YAMLProblem: CustomStringConvertible {
  /// The form `file:line:column: message`.
  public var description: String { "\(location): \(message)" }
}

/// Everything that is wrong with one YAML file.
public struct YAMLProblems: Error, Sendable {
  /// The problems in the order of their places; never empty when thrown by ``YAMLParser``.
  public var problems: [YAMLProblem]

  /// The tree without its faulty parts, so that a decoder can report its own findings of the same
  /// file in the same run; nil where the parse ended early.
  ///
  /// In it a key given twice keeps its first value, entries whose key can't be used are left out,
  /// tags are dropped and documents after the first are not seen.
  public var recoveredRoot: YAMLNode?

  /// The problems of one file, with what could be read of it.
  public init(_ problems: [YAMLProblem], recoveredRoot: YAMLNode? = nil) {
    self.problems = problems
    self.recoveredRoot = recoveredRoot
  }
}

extension YAMLProblems: CustomStringConvertible {
  /// One line a problem.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Text from a file as a message quotes it: on one line, escaped and cut to a readable length.
func quoted(_ text: String) -> String {
  let longest = 60
  let shown = text.unicodeScalars.prefix(longest)
  let body = shown.map { scalar in
    scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
  }.joined()
  return shown.endIndex == text.unicodeScalars.endIndex ? "'\(body)'" : "'\(body)…'"
}
