import Conformance
import TraceFormat

/// Runs for a pull request: the height, a table by phase, and each failure behind a fold.
///
/// What an implementation says is written as code: it can neither format, link nor mention anybody.
public struct MarkdownReport: Sendable {
  /// What is reported.
  public var runs: [RunResults]
  /// What changed since earlier runs.
  public var comparisons: [Comparison]
  /// The text of each clause, by slug; a clause without one is named alone.
  public var clauseTexts: [String: String]
  /// The most bytes of UTF-8; failures beyond are counted, not shown. A comment on GitHub has room
  /// for 65,536 characters.
  public var limit = 60_000

  /// A report of these runs.
  public init(
    _ runs: [RunResults], comparisons: [Comparison] = [], clauseTexts: [String: String] = [:]
  ) {
    self.runs = runs
    self.comparisons = comparisons
    self.clauseTexts = clauseTexts
  }

  /// The text, with a line feed at its end.
  public func text() -> String {
    var text = "## raft-ladder\n"
    for run in runs { text += head(of: run) + table(of: run) }
    for comparison in comparisons { text += describe(comparison) }
    let failing = runs.flatMap { run in
      run.traces.filter { $0.verdict.isFailure || $0.verdict == .error }.map { (run, $0) }
    }
    guard !failing.isEmpty else { return text }
    text += "\n### Failures\n"
    var room = limit - text.utf8.count
    for (place, (run, trace)) in failing.enumerated() {
      let part = fold(trace, of: run)
      room -= part.utf8.count
      if room < 0 {
        return text + "\n\(failing.count - place) more are left out for want of room.\n"
      }
      text += part
    }
    return text
  }

  private func head(of run: RunResults) -> String {
    var lines = [
      "", "### \(Escaping.code(run.title)): height \(run.height.text)", "",
      "**\(run.conclusion.words)**: " + run.countWords.joined(separator: ", ")
        + ", of \(run.traces.count) traces (suite \(run.suiteVersion), seed \(run.seed)).",
    ]
    if let failing = run.height.failing.flatMap(Ladder.todo) {
      lines += ["", "The first rung that fails is \(failing.id), \(failing.title)."]
    }
    if !run.height.notShown.isEmpty {
      lines += ["", "Not shown below: \(run.height.notShown.joined(separator: ", "))."]
    }
    return Self.joined(lines)
  }

  private func table(of run: RunResults) -> String {
    var lines = [
      "", "| phase | rungs that hold | passed | failed | known | n.a. | errors |",
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    let rungs = run.rungs
    for phase in Ladder.phases {
      let members = rungs.filter { $0.todo.phase == phase.number }
      guard !members.isEmpty else { continue }
      func count(_ verdicts: Verdict...) -> String {
        let count = verdicts.reduce(0) { sum, verdict in
          members.reduce(sum) { $0 + $1.count(verdict) }
        }
        return count == 0 ? "·" : "\(count)"
      }
      let holding = members.count { $0.state == .holds }
      let cells = [
        "\(phase.number) \(Escaping.markdown(phase.name))", "\(holding) of \(members.count)",
        count(.passed, .passedNonStrict), count(.failed, .staleKnownFailure), count(.knownFailure),
        count(.notApplicable), count(.error),
      ]
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    return Self.joined(lines)
  }

  private func describe(_ comparison: Comparison) -> String {
    var lines = [
      "", "### Since \(Escaping.code(comparison.earlier.title))", "",
      Escaping.code(comparison.later.title) + ": " + comparison.summary + ".", "",
    ]
    let shown = 20
    let kinds: [Comparison.Change.Kind] = [.newFailure, .fixed, .changed]
    for kind in kinds {
      let changes = comparison.changes(kind)
      lines += changes.prefix(shown).map {
        "- \(kind.rawValue): \(Escaping.code($0.id)) \(Escaping.markdown($0.before)) → "
          + Escaping.markdown($0.after)
      }
      if changes.count > shown { lines.append("- and \(changes.count - shown) more like that") }
    }
    return Self.joined(lines)
  }

  private func fold(_ trace: TraceResult, of run: RunResults) -> String {
    let block = run.block(trace, clauseTexts: clauseTexts)
    let fence = Self.fence(for: block)
    return Self.joined([
      "",
      "<details><summary>\(Escaping.code(trace.id)) \(trace.verdict.words) on "
        + "\(Escaping.code(run.title))</summary>",
      "", "\(fence)text", block + fence, "", "</details>",
    ])
  }

  /// A fence longer than any run of backticks in the text.
  private static func fence(for text: String) -> String {
    var longest = 0
    var length = 0
    for character in text {
      length = character == "`" ? length + 1 : 0
      longest = max(longest, length)
    }
    return String(repeating: "`", count: max(3, longest + 1))
  }

  private static func joined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}
