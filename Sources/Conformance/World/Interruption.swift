import YAMLTree

/// Why a run ends before its last step.
enum Interruption: Error {
  /// A step does not hold.
  case failed(StepFailure)
  /// The implementation lacks something that the trace needs.
  case notApplicable(capability: String, reason: String)
  /// The system gave no usable answer.
  case broken(SystemFailure)

  /// The verb could not do what it says.
  static func verb(_ message: String) -> Interruption {
    .failed(StepFailure(kind: .verb, summary: message, mismatches: []))
  }
}

/// How a step failed.
public struct StepFailure: Sendable {
  /// What gave way.
  public var kind: Kind
  /// One sentence.
  public var summary: String
  /// The fields that are not as expected; empty where it is not about fields.
  public var mismatches: [Mismatch]

  /// Makes a failure; nothing is checked.
  public init(kind: Kind, summary: String, mismatches: [Mismatch]) {
    self.kind = kind
    self.summary = summary
    self.mismatches = mismatches
  }

  /// What gave way.
  public enum Kind: String, Sendable, CaseIterable {
    /// An expectation was not met.
    case expectation
    /// A verb could not be carried out: no such message in flight, no leader elected.
    case verb
    /// A safety property was violated.
    case invariant
    /// The cluster did not recover after the last step.
    case recovery
  }
}

/// One field that is not as expected.
public struct Mismatch: Sendable, Hashable {
  /// Where in the state: `n1.commit`, `sent[2]`.
  public var path: String
  /// What the trace asks for, as it would be written in one.
  public var expected: String
  /// What was found instead, written in the same way.
  public var actual: String

  /// Makes a mismatch; that the two differ is not checked.
  public init(path: String, expected: String, actual: String) {
    self.path = path
    self.expected = expected
    self.actual = actual
  }
}
