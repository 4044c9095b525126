import Conformance
import RaftInvariants
import TraceFormat

/// A run as text for a terminal.
///
/// What an implementation says of itself and in its answers is escaped: it can't move the cursor.
public struct TerminalReport: Sendable {
  /// What is reported.
  public var results: RunResults
  /// How it is written.
  public var style: Style
  /// The command that runs a trace again.
  public var rerun: Rerun
  /// The text of each clause, by slug; a clause without one is named alone.
  public var clauseTexts: [String: String]

  /// How much is said, and how.
  public struct Style: Sendable, Hashable {
    /// The columns of the terminal.
    public var width: Int
    /// Whether to colour: the caller knows whether a terminal reads it, and `NO_COLOR`.
    public var isColoured: Bool
    /// Whether to list every trace that does not apply, and what the invariants saw.
    public var isVerbose: Bool

    /// A style; plain and short unless said otherwise.
    public init(width: Int = 100, isColoured: Bool = false, isVerbose: Bool = false) {
      self.width = width
      self.isColoured = isColoured
      self.isVerbose = isVerbose
    }
  }

  /// A report of one run.
  public init(
    _ results: RunResults, style: Style = Style(), rerun: Rerun = Rerun(),
    clauseTexts: [String: String] = [:]
  ) {
    self.results = results
    self.style = style
    self.rerun = rerun
    self.clauseTexts = clauseTexts
  }

  /// Everything: failures and errors first, so that the table and the height are read last.
  public func text() -> String {
    let parts = [
      failures(), notApplicable(), style.isVerbose ? invariants() : "", table(), summary(),
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  var palette: Palette { Palette(isColoured: style.isColoured) }

  /// Columns for text; what is narrower is not kept to.
  var width: Int { max(style.width, 40) }

  /// A block per trace that failed or could not be run.
  public func failures() -> String {
    results.traces.filter { result in
      switch result.verdict {
      case .failed, .staleKnownFailure, .error: true
      case .passed, .passedNonStrict, .notApplicable, .knownFailure: false
      }
    }.map(block).joined(separator: "\n")
  }

  /// Why traces do not apply: by the capability they need.
  public func notApplicable() -> String {
    let traces = results.traces.filter { $0.verdict == .notApplicable }
    guard !traces.isEmpty else { return "" }
    let groups = Dictionary(grouping: traces) {
      $0.missingCapability.map { "needs '\($0)'" } ?? $0.reason ?? "no reason given"
    }
    var lines = [palette.paint("Not applicable", .bold)]
    for (reason, traces) in groups.sorted(by: { $0.key < $1.key }) {
      let count = "\(traces.count) \(traces.count == 1 ? "trace" : "traces")"
      lines += wrapped("\(Escaping.plain(reason)): \(count)", indent: 2)
      guard style.isVerbose else { continue }
      for trace in traces {
        lines += wrapped(
          "\(Escaping.plain(trace.id)): \(Escaping.plain(trace.reason ?? reason))", indent: 4)
      }
    }
    return Self.text(lines)
  }

  /// What the invariants saw over the run: in how many traces each held, and was never observed.
  public func invariants() -> String {
    let standings = results.traces.flatMap(\.invariants)
    guard !standings.isEmpty else { return "" }
    let titleWidth = Invariant.allCases.map { Columns.width($0.title) }.max() ?? 0
    var lines = [palette.paint("Invariants, checked after every step of every trace", .bold)]
    for invariant in Invariant.allCases {
      let seen = standings.filter { $0.invariant == invariant }
      let words = Dictionary(grouping: seen, by: \.standing)
      let counts = ["held", "violated", "unobserved"].compactMap { word in
        words[word].map { "\(word) in \($0.count)" }
      }
      let text = counts.isEmpty ? "not armed" : counts.joined(separator: ", ")
      lines.append("  \(Columns.left(invariant.title, titleWidth))  \(text)")
    }
    return Self.text(lines)
  }

  /// The counts, the system and how far up the ladder it stands.
  public func summary() -> String {
    let implementation = results.implementation
    let who = [implementation.name, implementation.version].filter { !$0.isEmpty }
      .joined(separator: " ")
    let nonStrict = results.count(.passedNonStrict)
    let passed = results.count(.passed) + nonStrict
    var counts = ["\(passed) passed" + (nonStrict > 0 ? " (\(nonStrict) not strictly)" : "")]
    counts.append("\(results.count(.failed)) failed")
    let known = results.count(.knownFailure)
    if known > 0 { counts.append("\(known) known to fail") }
    let stale = results.count(.staleKnownFailure)
    if stale > 0 { counts.append("\(stale) not as the list of known failures says") }
    counts.append("\(results.count(.notApplicable)) not applicable")
    if results.count(.error) > 0 { counts.append("\(results.count(.error)) not run for errors") }
    let height = results.height
    var lines = [
      "\(Escaping.plain(who)) as '\(Escaping.plain(results.system))', seed \(results.seed), "
        + "suite \(results.suiteVersion)",
      "\(results.traces.count) \(results.traces.count == 1 ? "trace" : "traces"): "
        + counts.joined(separator: ", "),
      palette.paint(
        "Height: \(height.text)", results.exitStatus == .conformant ? .boldGreen : .boldRed)
        + (height.failing.map { "; \($0) fails" } ?? ""),
    ]
    if !height.notShown.isEmpty {
      lines += wrapped("not shown: \(height.notShown.joined(separator: ", "))", indent: 2)
    }
    return Self.text(lines)
  }

  // MARK: Lines

  /// The text in lines of the report's width, each indented.
  func wrapped(_ text: String, indent: Int) -> [String] {
    Columns.wrap(text, width - indent).map { String(repeating: " ", count: indent) + $0 }
  }

  static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}
