import AdapterProtocol
import Conformance
import ConformanceReport
import TraceFormat
import YAMLTree

/// Results whose every text, as far as an adapter or a trace's author has a say, is an attack.
enum Hostile {
  static let text =
    "\"><script>alert(1)</script>'{{x}}]]>&|`*#@team \\ \u{1B}[2J\u{202E}\u{0}\u{FFFF}--></code>```\n...\nok 9"

  static var run: RunResults {
    var story = Story([text, "n2"])
    story.step(text)
    story.propose(text, text)
    story.storage(text, text)
    story.links(text)
    story.fail(text)
    let report = FailureReport(
      failure: StepFailure(
        kind: .expectation, summary: text,
        mismatches: [Mismatch(path: text, expected: text, actual: text)]), step: 1, stepText: text,
      location: SourceLocation(file: text, line: 2, column: 1), hint: text,
      transcript: story.transcript, names: [Array(text.utf8): text])
    func trace(_ suffix: String, _ verdict: Verdict, _ failure: FailureReport?) -> TraceResult {
      TraceResult(
        id: text + suffix, title: text, todo: "3.2", level: .must, clauses: [text], file: text,
        verdict: verdict, reason: text, missingCapability: failure == nil ? text : nil,
        failure: failure, steps: 1)
    }
    return RunResults(
      suiteVersion: Suite.version, system: text,
      implementation: Implementation(
        protocolVersion: 1, name: text, version: text, language: text,
        homepage: "javascript:alert(1)//" + text, capabilities: [text], window: 1),
      seed: 1,
      traces: [
        trace("1", .failed, report), trace("2", .knownFailure, report), trace("3", .error, nil),
        trace("4", .notApplicable, nil), trace("5", .passed, nil),
        trace("6", .staleKnownFailure, nil), trace("7", .passedNonStrict, nil),
      ])
  }

  static let texts = SuiteTexts(clauses: [text: text], files: [text: text])
}
