import Conformance
import TraceFormat

/// Runs in the Test Anything Protocol, version 14: a test point for each trace.
///
/// One run is written flat; of several, each is a subtest.
public struct TAPReport: Sendable {
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
    var lines = ["TAP version 14"]
    if runs.count == 1 {
      lines += points(of: runs[0])
    } else {
      lines.append("1..\(runs.count)")
      for (place, (run, label)) in zip(runs, RunResults.labels(of: runs)).enumerated() {
        let name = Escaping.tap(label)
        lines.append("# Subtest: \(name)")
        lines += points(of: run).map { $0.isEmpty ? "" : "    " + $0 }
        let fails = run.exitStatus != .conformant
        lines.append("\(fails ? "not ok" : "ok") \(place + 1) - \(name)")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func points(of run: RunResults) -> [String] {
    let head = [
      "1..\(run.traces.count)",
      "# \(Escaping.tap(run.title)), seed \(run.seed), suite \(run.suiteVersion)",
    ]
    let points = run.traces.enumerated().flatMap { place, trace in
      point(trace, number: place + 1, of: run)
    }
    return head + points + ["# height \(run.height.text)"]
  }

  private func point(_ trace: TraceResult, number: Int, of run: RunResults) -> [String] {
    let name = "\(number) - \(Escaping.tap(trace.id)): \(Escaping.tap(trace.title))"
    let reason = Escaping.tap(trace.reason ?? trace.verdict.words)
    switch trace.verdict {
    case .passed:
      return ["ok \(name)"]
    case .passedNonStrict:
      return ["ok \(name)", "# not strictly"]
    case .notApplicable:
      return ["ok \(name) # SKIP \(reason)"]
    case .knownFailure:
      return ["not ok \(name) # TODO known to fail: \(reason)"] + diagnostics(trace, of: run)
    case .failed, .staleKnownFailure, .error:
      return ["not ok \(name)"] + diagnostics(trace, of: run)
    }
  }

  /// A block of YAML under a test point.
  private func diagnostics(_ trace: TraceResult, of run: RunResults) -> [String] {
    let message = trace.failure?.failure.summary ?? trace.reason ?? trace.verdict.words
    var lines = [
      "---", "verdict: \(trace.verdict.rawValue)", "message: \(Escaping.yaml(message))",
    ]
    if let report = trace.failure {
      lines += [
        "kind: \(report.failure.kind.rawValue)", "at:",
        "  file: \(Escaping.yaml(report.location.file))", "  line: \(report.location.line)",
        "step: \(report.step)",
      ]
      if !report.failure.mismatches.isEmpty { lines.append("mismatches:") }
      for mismatch in report.failure.mismatches {
        lines += [
          "  - path: \(Escaping.yaml(mismatch.path))",
          "    expected: \(Escaping.yaml(mismatch.expected))",
          "    actual: \(Escaping.yaml(mismatch.actual))",
        ]
      }
    }
    lines.append("report: |2")
    let block = run.block(trace, clauseTexts: clauseTexts)
    lines += block.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
      $0.isEmpty ? "" : "  " + $0
    }
    lines.append("...")
    return lines.map { $0.isEmpty ? "" : "  " + $0 }
  }
}
