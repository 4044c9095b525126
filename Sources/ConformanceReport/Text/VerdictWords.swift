import Conformance
import TraceFormat

extension Verdict {
  /// As people read it.
  var words: String {
    switch self {
    case .passed: "passed"
    case .passedNonStrict: "passed, not strictly"
    case .failed: "failed"
    case .notApplicable: "not applicable"
    case .knownFailure: "known to fail"
    case .staleKnownFailure: "not as the list of known failures says"
    case .error: "could not be run"
    }
  }

  /// Whether the trace ran to a verdict on Raft and the verdict is not a pass.
  var isFailure: Bool {
    switch self {
    case .failed, .knownFailure, .staleKnownFailure: true
    case .passed, .passedNonStrict, .notApplicable, .error: false
    }
  }

  /// Whether it makes the run fail.
  var failsRun: Bool {
    switch self {
    case .failed, .staleKnownFailure, .error: true
    case .passed, .passedNonStrict, .notApplicable, .knownFailure: false
    }
  }
}

/// What a run comes to, for the head of a report.
enum Conclusion {
  case conforms
  case doesNotConform
  /// Nothing failed, and something could not be run.
  case judgedInPart
  /// No `must` trace passed.
  case nothingShown

  var words: String {
    switch self {
    case .conforms: "Conforms"
    case .doesNotConform: "Does not conform"
    case .judgedInPart: "Judged in part"
    case .nothingShown: "Nothing shown"
    }
  }
}

extension RunResults {
  /// A failure is one whatever else could not be run.
  var conclusion: Conclusion {
    if traces.contains(where: { $0.verdict == .failed || $0.verdict == .staleKnownFailure }) {
      return .doesNotConform
    }
    switch exitStatus {
    case .conformant: return .conforms
    case .failures: return .doesNotConform
    case .unable, .usage: return count(.error) > 0 ? .judgedInPart : .nothingShown
    }
  }

  /// Name and version, as the implementation says them; not escaped.
  var title: String {
    [implementation.name, implementation.version].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The counts that there are: `12 passed`, `1 failed`. Passed and failed are always said.
  var countWords: [String] {
    let nonStrict = count(.passedNonStrict)
    let more = nonStrict > 0 ? " (\(nonStrict) not strictly)" : ""
    var words = ["\(count(.passed) + nonStrict) passed\(more)"]
    words.append("\(count(.failed)) failed")
    let rest: [(Verdict, String)] = [
      (.knownFailure, "known to fail"), (.staleKnownFailure, "not as listed"),
      (.notApplicable, "not applicable"), (.error, "not run for errors"),
    ]
    for (verdict, text) in rest where count(verdict) > 0 {
      words.append("\(count(verdict)) \(text)")
    }
    return words
  }

  /// What names each run among several: the implementation's name, with its version where names are
  /// the same, and a number where that is the same too. Not escaped.
  static func labels(of runs: [RunResults]) -> [String] {
    let byName = Dictionary(grouping: runs, by: \.implementation.name)
    var seen: [String: Int] = [:]
    return runs.map { run in
      let name = run.implementation.name
      let label = byName[name, default: []].count > 1 ? run.title : name
      let number = seen[label, default: 0] + 1
      seen[label] = number
      return number == 1 ? label : "\(label) (\(number))"
    }
  }

  /// The block of a terminal's report on one trace, without colours.
  func block(_ result: TraceResult, clauseTexts: [String: String], width: Int = 100) -> String {
    TerminalReport(
      self, style: TerminalReport.Style(width: width), rerun: Rerun(of: self),
      clauseTexts: clauseTexts
    ).block(result)
  }
}
