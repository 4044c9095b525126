import TraceFormat
import YAMLTree

/// The failures of one version of an implementation that its maintainers know of.
///
/// A listed failure does not fail the run; one that passes, or fails at another step or in another
/// way, does: the list must not go stale.
public struct KnownFailures: Sendable, Equatable {
  /// The implementation's name and version, as it says them in `hello`.
  public var implementation: String
  /// See `implementation`.
  public var version: String
  /// The failures, by trace.
  public var failures: [KnownFailure]

  /// Makes a list.
  public init(implementation: String, version: String, failures: [KnownFailure]) {
    self.implementation = implementation
    self.version = version
    self.failures = failures
  }

  /// Gives failures that are listed, and listed ones that are not as listed, their verdicts.
  ///
  /// Traces that were not run, or do not apply, leave the list alone.
  public func judge(_ results: inout RunResults) {
    let byTrace = Dictionary(
      failures.map { ($0.trace, $0) }, uniquingKeysWith: { first, _ in first })
    for place in results.traces.indices {
      guard let known = byTrace[results.traces[place].id] else { continue }
      results.traces[place].judge(against: known)
    }
  }

  /// The list of what fails in these results, with the reasons that an earlier list gave.
  public init(of results: RunResults, keeping earlier: KnownFailures?) {
    implementation = results.implementation.name
    version = results.implementation.version
    let reasons = Dictionary(
      (earlier?.failures ?? []).map { ($0.trace, $0) }, uniquingKeysWith: { first, _ in first })
    failures = results.traces.compactMap { result in
      guard let failure = result.failure, !result.verdict.isPass else { return nil }
      let old = reasons[result.id]
      return KnownFailure(
        trace: result.id, step: failure.step, kind: failure.failure.kind,
        reason: old?.reason ?? "", link: old?.link)
    }
  }
}

/// One failure that is known.
public struct KnownFailure: Sendable, Equatable {
  /// The trace's id, with the case's name.
  public var trace: String
  /// The step that fails, from 1.
  public var step: Int
  /// What gives way there.
  public var kind: StepFailure.Kind
  /// Why: a defect, a documented choice, or an assumption that excuses it.
  public var reason: String
  /// Where it is told or discussed.
  public var link: String?

  /// Makes an item of a list.
  public init(
    trace: String, step: Int, kind: StepFailure.Kind, reason: String, link: String? = nil
  ) {
    self.trace = trace
    self.step = step
    self.kind = kind
    self.reason = reason
    self.link = link
  }
}

extension TraceResult {
  /// Compares what happened with what is listed.
  fileprivate mutating func judge(against known: KnownFailure) {
    switch verdict {
    case .passed, .passedNonStrict:
      verdict = .staleKnownFailure
      reason = "listed as a known failure, and it passes"
    case .failed:
      guard let failure else { return }
      if failure.step == known.step, failure.failure.kind == known.kind {
        verdict = .knownFailure
        reason = known.reason
      } else {
        verdict = .staleKnownFailure
        reason =
          "listed as failing at step \(known.step) (\(known.kind.rawValue)), and it fails at step "
          + "\(failure.step) (\(failure.failure.kind.rawValue))"
      }
    case .notApplicable, .error, .knownFailure, .staleKnownFailure:
      break
    }
  }
}

extension KnownFailures {
  /// Reads a list.
  ///
  /// - Throws: `YAMLProblems`: every mistake of the file, with its place.
  public static func load(path: String) throws(YAMLProblems) -> KnownFailures {
    let root = try YAMLParser.parse(path: path)
    var problems: [YAMLProblem] = []
    func complain(_ message: String, _ node: YAMLNode) {
      problems.append(YAMLProblem(location: node.location, message: message))
    }
    func text(_ key: String, _ node: YAMLNode) -> String {
      guard let text = node[key]?.asText, !text.isEmpty else {
        complain("'\(key)' is missing", node[key] ?? node)
        return ""
      }
      return text
    }
    let implementation = text("implementation", root)
    let version = text("version", root)
    if root["failures"]?.items == nil { complain("'failures' must be a list", root) }
    var failures: [KnownFailure] = []
    for node in root["failures"]?.items ?? [] {
      let kind = StepFailure.Kind(rawValue: text("kind", node))
      if kind == nil {
        let known = StepFailure.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        complain("'kind' must be one of \(known)", node["kind"] ?? node)
      }
      if node["step"]?.asInteger == nil {
        complain("'step' must be a number", node["step"] ?? node)
      }
      failures.append(
        KnownFailure(
          trace: text("trace", node), step: node["step"]?.asInteger ?? 0,
          kind: kind ?? .expectation, reason: text("reason", node), link: node["link"]?.asText))
    }
    guard problems.isEmpty else { throw YAMLProblems(problems) }
    return KnownFailures(implementation: implementation, version: version, failures: failures)
  }

  /// The list as a file.
  public var text: String {
    func quoted(_ text: String) -> String {
      "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
    var lines = [
      "# Known failures. A listed failure that passes, or fails elsewhere, fails the run. Every one",
      "# needs a reason.",
      "implementation: \(quoted(implementation))",
      "version: \(quoted(version))",
      failures.isEmpty ? "failures: []" : "failures:",
    ]
    for failure in failures {
      lines += [
        "  - trace: \(failure.trace)", "    step: \(failure.step)",
        "    kind: \(failure.kind.rawValue)", "    reason: \(quoted(failure.reason))",
      ]
      if let link = failure.link { lines.append("    link: \(quoted(link))") }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
