/// What was found of a history.
public enum Verdict: String, Hashable, Sendable, CaseIterable {
  /// An order exists that explains every response.
  case linearizable
  /// No order explains every response.
  case notLinearizable = "not-linearizable"
  /// The limits were reached first.
  case unknown
}

/// How much a check may use. What exceeds them makes the verdict `unknown`, never wrong.
public struct Limits: Hashable, Sendable {
  /// Bytes that the search may remember, all partitions together. The history itself comes on top.
  public var memoryBytes: Int
  /// Steps of the model that may be tried, all partitions together.
  public var steps: Int

  /// Limits of a check.
  public init(memoryBytes: Int = 1 << 30, steps: Int = .max) {
    self.memoryBytes = memoryBytes
    self.steps = steps
  }
}

/// Which limit a search reached.
public enum LimitReached: String, Hashable, Sendable {
  case memory, steps
}

/// What a check cost.
public struct Cost: Hashable, Sendable {
  /// Steps of the model that were tried.
  public var steps = 0
  /// Distinct configurations that were remembered.
  public var configurations = 0
  /// The most bytes that the search remembered at one time.
  public var memoryBytesPeak = 0
  /// Partitions that the witness of log indices proved, without a search.
  public var partitionsWitnessed = 0
}

/// The verdict on a history, with its reason.
public struct Judgement: Sendable {
  /// What was found.
  public var verdict: Verdict
  /// Operations that were judged, failed ones included.
  public var operations: Int
  /// Partitions that were judged apart.
  public var partitions: Int
  /// Why the history is not linearizable; nil for the other verdicts, or where it was not asked for.
  public var explanation: Explanation?
  /// The partitions that were given up, with the limit; empty unless the verdict is `unknown`.
  public var givenUp: [(partition: String, limit: LimitReached)]
  /// What it cost.
  public var cost: Cost
}
