/// How an operation ended, as its client knows it.
public enum Outcome<Response: Hashable & Sendable>: Hashable, Sendable {
  /// It took effect and gave this response. The moment is a position in the history.
  case returned(Response, at: Int)
  /// It took no effect, and never will.
  case failed
  /// Nobody knows: it takes effect once, at any time after its invocation, or never.
  case unknown
}

/// One operation of a client.
public struct Operation<Action: Hashable & Sendable, Response: Hashable & Sendable>: Hashable,
  Sendable
{
  /// Who did it.
  public var client: UInt64
  /// What was asked for.
  public var action: Action
  /// When it was asked for: a position in the history. An operation precedes another when it
  /// returned at a lower moment than the other's invocation; at equal moments they overlap.
  public var invoked: Int
  /// How it ended.
  public var outcome: Outcome<Response>
  /// Where the system says that it took effect: the index of a log or a revision. It is a witness
  /// to be tested, and never trusted.
  public var index: UInt64?
  /// The line of the file that holds its invocation, or 0.
  public var line: Int

  /// An operation as it was recorded.
  public init(
    client: UInt64, action: Action, invoked: Int, outcome: Outcome<Response>, index: UInt64? = nil,
    line: Int = 0
  ) {
    self.client = client
    self.action = action
    self.invoked = invoked
    self.outcome = outcome
    self.index = index
    self.line = line
  }

  /// What the client was told, or nil.
  public var response: Response? {
    if case .returned(let response, _) = outcome { response } else { nil }
  }

  /// When it returned, or nil if it failed or nobody knows.
  public var returned: Int? {
    if case .returned(_, let moment) = outcome { moment } else { nil }
  }
}
