import AdapterProtocol
import TraceFormat

/// The results of one system over a set of traces. Every report is made from this and nothing else.
///
/// They hold no durations, machine paths or dates: the same run gives the same bytes.
public struct RunResults: Sendable {
  /// The version of the suite that ran: `Suite.version`.
  public var suiteVersion: String
  /// The name that `--system` knows it by.
  public var system: String
  /// What it said of itself in its answer to `hello`.
  public var implementation: Implementation
  /// The run's seed; each trace's own is derived from it and the trace's id.
  public var seed: UInt64
  /// By phase, rung and id.
  public var traces: [TraceResult]

  /// Makes results; nothing is checked.
  public init(
    suiteVersion: String, system: String, implementation: Implementation, seed: UInt64,
    traces: [TraceResult]
  ) {
    self.suiteVersion = suiteVersion
    self.system = system
    self.implementation = implementation
    self.seed = seed
    self.traces = traces
  }

  /// The rungs that traces were selected for, from the lowest up.
  public var rungs: [Rung] {
    let byTodo = Dictionary(grouping: traces, by: \.todo)
    return Ladder.todos.compactMap { todo in
      byTodo[todo.id].map { Rung(todo: todo, results: $0) }
    }
  }

  /// How far up the ladder the system stands.
  public var height: Height { Height(rungs: rungs) }

  /// How many traces got this verdict.
  public func count(_ verdict: Verdict) -> Int { traces.count { $0.verdict == verdict } }

  /// What the run comes to.
  public var exitStatus: ExitStatus {
    if traces.contains(where: { $0.verdict == .error }) { return .unable }
    if traces.contains(where: \.failsRun) { return .failures }
    let provesSomething = traces.contains { $0.level == .must && $0.verdict.isPass }
    return provesSomething ? .conformant : .unable
  }
}

/// One rung and what the traces say of it.
public struct Rung: Sendable {
  /// The rung that was judged.
  public var todo: Ladder.Todo
  /// How many of its traces got each verdict; a verdict that none got is left out.
  public var counts: [Verdict: Int]
  /// Whether its invariant holds, as far as the traces show.
  public var state: State

  /// Whether the invariant of a rung holds.
  public enum State: String, Sendable, CaseIterable {
    /// At least one `must` trace passed, and none that says `must` or `should` failed.
    case holds
    case fails
    /// Nothing that would show it was applicable.
    case notShown = "not-shown"
  }

  init(todo: Ladder.Todo, results: [TraceResult]) {
    self.todo = todo
    counts = results.reduce(into: [:]) { $0[$1.verdict, default: 0] += 1 }
    if results.contains(where: \.failsRung) {
      state = .fails
    } else if results.contains(where: { $0.level == .must && $0.verdict.isPass }) {
      state = .holds
    } else {
      state = .notShown
    }
  }

  /// How many of its traces got this verdict.
  public func count(_ verdict: Verdict) -> Int { counts[verdict] ?? 0 }

  /// The number of its traces, those included that did not apply.
  public var total: Int { counts.values.reduce(0, +) }
}

/// The last rung before the first that fails, with the rungs below it that were not shown.
public struct Height: Sendable, Hashable {
  /// `nil` where not even the lowest rung holds.
  public var todo: String?
  /// The ids of the rungs below `todo` that were not shown, from the lowest up.
  public var notShown: [String]
  /// The first rung that fails.
  public var failing: String?

  init(rungs: [Rung]) {
    notShown = []
    var pending: [String] = []
    for rung in rungs {
      switch rung.state {
      case .holds:
        todo = rung.todo.id
        notShown += pending
        pending = []
      case .notShown:
        pending.append(rung.todo.id)
      case .fails:
        failing = rung.todo.id
        return
      }
    }
  }

  /// `7.3, 2 rungs not shown`.
  public var text: String {
    guard let todo else { return "none" }
    switch notShown.count {
    case 0: return todo
    case 1: return "\(todo), 1 rung not shown"
    default: return "\(todo), \(notShown.count) rungs not shown"
    }
  }
}

extension TraceResult {
  /// Whether the run fails for it. What a trace says that an implementation *may* do is no failure
  /// where it is not done; a list of known failures that went stale is one at any level.
  fileprivate var failsRun: Bool {
    switch verdict {
    case .failed: level != .may
    case .staleKnownFailure: true
    case .passed, .passedNonStrict, .notApplicable, .knownFailure, .error: false
    }
  }

  /// Whether the invariant of its rung does not hold for it. A failure that is known is one all the
  /// same.
  fileprivate var failsRung: Bool {
    switch verdict {
    case .failed, .knownFailure, .staleKnownFailure: level != .may
    case .error: true
    case .passed, .passedNonStrict, .notApplicable: false
    }
  }
}
