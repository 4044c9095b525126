import YAMLTree

/// One thing that is wrong, or doubtful, in a trace.
public struct TraceProblem: Error, Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Hashable, Sendable, CaseIterable {
    /// The trace can't be run.
    case error
    /// The trace runs, and something in it is of no use.
    case warning
  }

  /// Where it is.
  public var location: SourceLocation
  /// How bad it is.
  public var severity: Severity
  /// What is wrong and what is expected, as one line without the place.
  public var message: String

  /// A problem at `location` that `message` explains.
  public init(location: SourceLocation, severity: Severity = .error, message: String) {
    self.location = location
    self.severity = severity
    self.message = message
  }
}

extension TraceProblem: CustomStringConvertible {
  /// The form `file:line:column: message`; a warning says so before the message.
  public var description: String {
    switch severity {
    case .error: "\(location): \(message)"
    case .warning: "\(location): warning: \(message)"
    }
  }
}

extension TraceProblem: Comparable {
  /// Orders by place, then errors before warnings, then by message.
  public static func < (left: TraceProblem, right: TraceProblem) -> Bool {
    if left.location != right.location { return left.location < right.location }
    if left.severity != right.severity { return left.severity == .error }
    return left.message < right.message
  }
}
