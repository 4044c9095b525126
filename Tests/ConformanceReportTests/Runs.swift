import AdapterProtocol
import Conformance
import RaftInvariants
import TraceFormat
import YAMLTree

/// Results of runs that never took place, with every verdict among them.
enum Runs {
  static func result(
    _ id: String, todo: String = "3.2", verdict: Verdict, reason: String? = nil,
    missing: String? = nil, failure: FailureReport? = nil
  ) -> TraceResult {
    TraceResult(
      id: id, title: "A voter compares logs", todo: todo, level: .must,
      clauses: ["vote.up-to-date"], file: "Traces/\(id).yaml", verdict: verdict, reason: reason,
      missingCapability: missing, failure: failure,
      invariants: [
        .init(invariant: .electionSafety, standing: "held"),
        .init(invariant: .logMatching, standing: "unobserved"),
      ],
      steps: 3)
  }

  static func failure(
    story: Story = Stories.crash, summary: String = "n1 is not as expected",
    mismatches: [Mismatch] = [
      Mismatch(path: "n1.term", expected: "4", actual: "5"),
      Mismatch(path: "n1.votedFor", expected: "not n3", actual: "n3"),
    ]
  ) -> FailureReport {
    FailureReport(
      failure: StepFailure(kind: .expectation, summary: summary, mismatches: mismatches), step: 6,
      stepText: "receive: { to: n1, from: n3, type: RequestVote, term: 5, last: 9@4 }",
      location: SourceLocation(file: "Traces/vote/twice.yaml", line: 21, column: 5),
      hint: "Make the vote durable before it is sent", crashPoint: 2, transcript: story.transcript,
      names: [:])
  }

  static func run(_ traces: [TraceResult], name: String = "example") -> RunResults {
    RunResults(
      suiteVersion: Suite.version, system: "reference",
      implementation: Implementation(
        protocolVersion: 1, name: name, version: "1.2", language: "Swift",
        homepage: "https://example.org", capabilities: ["messages", "crash"], window: 1),
      seed: .max, traces: traces)
  }

  /// Every verdict; 3.1 holds, 3.2 fails, 3.3 is not shown.
  static var mixed: RunResults {
    run([
      result("election.start", todo: "3.1", verdict: .passed),
      result("election.pre-vote", todo: "3.1", verdict: .passedNonStrict),
      result("vote.up-to-date/equal", verdict: .passed),
      result("vote.twice", verdict: .failed, failure: failure()),
      result(
        "vote.torn", verdict: .notApplicable, reason: "needs the capability 'crash.torn'",
        missing: "crash.torn"),
      result("vote.mute", verdict: .error, reason: "no answer in 10 seconds"),
      result(
        "majority.late", todo: "3.3", verdict: .notApplicable,
        reason: "needs the capability 'crash.torn'", missing: "crash.torn"),
    ])
  }
}
