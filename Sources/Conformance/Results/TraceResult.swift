import RaftInvariants
import TraceFormat
import YAMLTree

/// The verdict on one trace, or on one case of it, and why.
public struct TraceResult: Sendable {
  /// The id with the case's name: `vote.up-to-date/equal`.
  public var id: String
  /// One line: what must happen.
  public var title: String
  /// The rung it belongs to: `3.2`.
  public var todo: String
  /// How binding the trace is.
  public var level: Trace.Level
  /// The slugs of the clauses that it tests.
  public var clauses: [String]
  /// The trace's file, as it was named to the suite.
  public var file: String
  /// What the runs of the trace showed.
  public var verdict: Verdict
  /// Why it does not apply, or what went wrong with the adapter.
  public var reason: String?
  /// The capability that is missing, where the trace does not apply.
  public var missingCapability: String?
  /// Where and how a trace failed; `nil` where it did not, and for harness checks.
  public var failure: FailureReport?
  /// The strongest that any run of the trace showed of each invariant.
  public var invariants: [InvariantStanding]
  /// The steps taken, over all runs of the trace.
  public var steps: Int
  /// Whether the system, and not the trace, may be why there is no other verdict: it hung, or was
  /// broken before the trace began.
  var deservesAnotherRun = false

  /// Makes a result; nothing is checked.
  public init(
    id: String, title: String, todo: String, level: Trace.Level, clauses: [String], file: String,
    verdict: Verdict, reason: String? = nil, missingCapability: String? = nil,
    failure: FailureReport? = nil, invariants: [InvariantStanding] = [], steps: Int = 0
  ) {
    self.id = id
    self.title = title
    self.todo = todo
    self.level = level
    self.clauses = clauses
    self.file = file
    self.verdict = verdict
    self.reason = reason
    self.missingCapability = missingCapability
    self.failure = failure
    self.invariants = invariants
    self.steps = steps
  }

  /// What the checkers made of an invariant in this trace.
  public struct InvariantStanding: Sendable, Hashable {
    /// The safety property.
    public var invariant: Invariant
    /// `held`, `violated` or `unobserved`.
    public var standing: String

    /// Makes a standing; that the word is a known one is not checked.
    public init(invariant: Invariant, standing: String) {
      self.invariant = invariant
      self.standing = standing
    }
  }
}

/// Where and how a trace failed, with everything a person needs to see why.
public struct FailureReport: Sendable {
  /// What gave way, and the fields that show it.
  public var failure: StepFailure
  /// The step, from 1.
  public var step: Int
  /// The step as one line of YAML; `boot` before the first, `recover` for the unasked end.
  public var stepText: String
  /// Where the step is written; the trace's own place for one that is not.
  public var location: SourceLocation
  /// What probably went wrong, in the words of the trace.
  public var hint: String
  /// The write at which the node was made to die, where the trace tries them all.
  public var crashPoint: Int?
  /// What happened up to the failure.
  public var transcript: Transcript
  /// The names of payloads, for diagrams.
  public var names: [[UInt8]: String]
  /// The short trace that a failing chaos was shrunk to.
  public var shrunk: ShrunkTrace?

  /// Makes a report; nothing is checked.
  public init(
    failure: StepFailure, step: Int, stepText: String, location: SourceLocation, hint: String,
    crashPoint: Int? = nil, transcript: Transcript, names: [[UInt8]: String]
  ) {
    self.failure = failure
    self.step = step
    self.stepText = stepText
    self.location = location
    self.hint = hint
    self.crashPoint = crashPoint
    self.transcript = transcript
    self.names = names
  }
}
