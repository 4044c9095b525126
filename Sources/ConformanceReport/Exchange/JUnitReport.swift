import Conformance
import TraceFormat

/// Runs as JUnit XML: a suite for each system and TODO, a case for each trace.
///
/// There are no durations in it: results hold none.
public struct JUnitReport: Sendable {
  /// What is reported.
  public var runs: [RunResults]
  /// The text of each clause, by slug; a clause without one is named alone.
  public var clauseTexts: [String: String]

  /// A report of these runs.
  public init(_ runs: [RunResults], clauseTexts: [String: String] = [:]) {
    self.runs = runs
    self.clauseTexts = clauseTexts
  }

  /// The document, with a line feed at its end.
  public func text() -> String {
    var xml = XMLWriter()
    let all = runs.flatMap(\.traces)
    begin("testsuites", name: "raft-ladder", all, &xml)
    for (run, label) in zip(runs, RunResults.labels(of: runs)) {
      let byTodo = Dictionary(grouping: run.traces, by: \.todo)
      for todo in Self.todos(of: run) {
        let traces = byTodo[todo, default: []]
        let title = Ladder.todo(todo).map { " \($0.title)" } ?? ""
        begin("testsuite", name: "\(label): \(todo)\(title)", traces, &xml)
        for trace in traces { write(trace, of: run, suite: "\(label).\(todo)", &xml) }
        xml.end()
      }
    }
    xml.end()
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + xml.text
  }

  /// In the order of the ladder; those that the ladder does not have come last.
  private static func todos(of run: RunResults) -> [String] {
    let present = Set(run.traces.map(\.todo))
    let known = Ladder.todos.map(\.id)
    return known.filter(present.contains) + present.subtracting(known).sorted()
  }

  private func begin(
    _ element: String, name: String, _ traces: [TraceResult], _ xml: inout XMLWriter
  ) {
    func count(_ verdicts: Verdict...) -> String {
      "\(traces.count { verdicts.contains($0.verdict) })"
    }
    xml.begin(
      element, ("name", name), ("tests", "\(traces.count)"),
      ("failures", count(.failed, .staleKnownFailure)), ("errors", count(.error)),
      ("skipped", count(.notApplicable, .knownFailure)))
  }

  private func write(
    _ trace: TraceResult, of run: RunResults, suite: String, _ xml: inout XMLWriter
  ) {
    xml.begin("testcase", ("classname", suite), ("name", trace.id), ("file", trace.file))
    let block = { run.block(trace, clauseTexts: clauseTexts) }
    switch trace.verdict {
    case .passed:
      break
    case .passedNonStrict:
      xml.element("system-out", text: "holds by an alternative that is not strict")
    case .failed, .staleKnownFailure:
      let failure = trace.failure?.failure
      xml.block(
        "failure", ("message", failure?.summary ?? trace.reason ?? trace.verdict.words),
        ("type", failure?.kind.rawValue ?? trace.verdict.rawValue), text: block())
    case .error:
      xml.block(
        "error", ("message", trace.reason ?? trace.verdict.words), ("type", "adapter"),
        text: block())
    case .notApplicable:
      let capability = trace.missingCapability.map { "needs the capability '\($0)'" }
      xml.empty("skipped", ("message", capability ?? trace.reason ?? trace.verdict.words))
    case .knownFailure:
      xml.empty("skipped", ("message", "known to fail: \(trace.reason ?? "")"))
      xml.block("system-out", text: block())
    }
    xml.end()
  }
}
