/// What a run of a trace showed.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
  case passed
  /// It holds, by an alternative that the trace marks as not strict.
  case passedNonStrict = "passed-non-strict"
  case failed
  /// The implementation lacks a capability that the trace needs. Counted apart and never green.
  case notApplicable = "not-applicable"
  /// It fails as the list of known failures says.
  case knownFailure = "known-failure"
  /// It is listed as a known failure, and passes or fails in another way: the run fails.
  case staleKnownFailure = "stale-known-failure"
  /// The adapter, not Raft, went wrong.
  case error

  /// Whether the trace holds.
  public var isPass: Bool { self == .passed || self == .passedNonStrict }
}

/// The process's answer to whoever started it.
public enum ExitStatus: Int32, Sendable {
  /// Nothing failed and at least one `must` trace passed.
  case conformant = 0
  /// A trace failed.
  case failures = 1
  /// The suite or the adapter could not do its work, or no `must` trace passed.
  case unable = 2
  /// The command line, or a file named on it, is wrong.
  case usage = 64
}
