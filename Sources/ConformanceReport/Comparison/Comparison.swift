import Conformance
import TraceFormat

/// What changed from an earlier run of an implementation to a later one.
public struct Comparison: Sendable {
  /// The run before.
  public var earlier: RunResults
  /// The run after.
  public var later: RunResults
  /// The traces whose verdict or failure is another one now, in the order of the later run; those
  /// that are gone come last.
  public var changes: [Change]

  /// One trace that is not as it was.
  public struct Change: Sendable {
    /// The trace's id, with the case's name.
    public var id: String
    /// What must happen.
    public var title: String
    /// What the change means.
    public var kind: Kind
    /// How it was and how it is: `passed`, `failed at step 3 (expectation)`.
    public var before: String
    /// See `before`.
    public var after: String

    /// What a change means.
    public enum Kind: String, Sendable, CaseIterable {
      /// It fails or can't be run, and did not before.
      case newFailure = "new failure"
      /// It failed or could not be run, and passes.
      case fixed
      /// Another verdict of the same worth, or a failure of another kind or at another step.
      case changed
      /// It was not run before.
      case added
      /// It was not run this time.
      case removed
    }
  }

  /// Compares two runs trace by trace.
  public init(earlier: RunResults, later: RunResults) {
    self.earlier = earlier
    self.later = later
    let before = Self.byID(earlier)
    let after = Self.byID(later)
    changes = later.traces.compactMap { Self.change(from: before[$0.id], to: $0) }
    changes += earlier.traces.filter { after[$0.id] == nil }.map { old in
      Change(
        id: old.id, title: old.title, kind: .removed, before: Self.words(old), after: "not run")
    }
  }

  /// The comparisons of later runs with those of earlier ones that are of the same implementation.
  ///
  /// Where there is one run on each side, they are compared whatever they are called.
  public static func all(earlier: [RunResults], later: [RunResults]) -> [Comparison] {
    if earlier.count == 1, later.count == 1 {
      return [Comparison(earlier: earlier[0], later: later[0])]
    }
    return later.compactMap { run in
      let same = earlier.filter { $0.implementation.name == run.implementation.name }
      let old = same.first { $0.system == run.system } ?? same.first
      return old.map { Comparison(earlier: $0, later: run) }
    }
  }

  /// The changes of a kind.
  public func changes(_ kind: Change.Kind) -> [Change] { changes.filter { $0.kind == kind } }

  /// One line: the heights, and how many changes there are of each kind.
  public var summary: String {
    let heights =
      earlier.height == later.height
      ? "height \(later.height.text), as before"
      : "height \(earlier.height.text) before, \(later.height.text) now"
    let counts = Change.Kind.allCases.compactMap { kind -> String? in
      let count = changes(kind).count
      guard count > 0 else { return nil }
      return switch kind {
      case .newFailure: "\(count) new \(count == 1 ? "failure" : "failures")"
      case .fixed, .changed, .added, .removed: "\(count) \(kind.rawValue)"
      }
    }
    return "\(heights): \(counts.isEmpty ? "no trace changed" : counts.joined(separator: ", "))"
  }

  /// The most traces of a kind that a terminal is shown.
  private static let linesShown = 20

  /// The comparison for a terminal: the summary, then a line a trace, up to a number of each kind.
  /// Everything is escaped.
  public func text() -> String {
    var lines = ["\(Escaping.plain(later.title)) since \(Escaping.plain(earlier.title))"]
    lines.append("  " + summary)
    for kind in Change.Kind.allCases where !changes(kind).isEmpty {
      lines.append("  \(kind.rawValue)")
      let all = changes(kind)
      lines += all.prefix(Self.linesShown).map {
        "    \(Escaping.plain($0.id)): \(Escaping.plain($0.before)) → \(Escaping.plain($0.after))"
      }
      if all.count > Self.linesShown {
        lines.append("    and \(all.count - Self.linesShown) more")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func byID(_ run: RunResults) -> [String: TraceResult] {
    Dictionary(run.traces.map { ($0.id, $0) }) { first, _ in first }
  }

  private static func change(from old: TraceResult?, to new: TraceResult) -> Change? {
    let before = old.map(words) ?? "not run"
    let after = words(new)
    guard before != after else { return nil }
    let kind: Change.Kind
    if isBad(new), !(old.map(isBad) ?? false) {
      kind = .newFailure
    } else if let old {
      kind = isBad(old) && new.verdict.isPass ? .fixed : .changed
    } else {
      kind = .added
    }
    return Change(id: new.id, title: new.title, kind: kind, before: before, after: after)
  }

  private static func isBad(_ result: TraceResult) -> Bool {
    result.verdict.isFailure || result.verdict == .error
  }

  /// The verdict, with what tells two failures apart.
  private static func words(_ result: TraceResult) -> String {
    var words = result.verdict.words
    if let failure = result.failure {
      words += " at step \(failure.step) (\(failure.failure.kind.rawValue))"
    }
    if result.verdict == .notApplicable, let capability = result.missingCapability {
      words += " (\(capability))"
    }
    return words
  }
}
