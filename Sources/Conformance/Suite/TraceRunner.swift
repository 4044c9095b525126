import AdapterProtocol
import RaftInvariants
import TraceFormat

/// A run of a trace with everything that happened in it.
public struct Recording: Sendable {
  /// The verdict, and why.
  public var result: TraceResult
  /// What happened, in order.
  public var transcript: Transcript
  /// The names of payloads, for diagrams.
  public var names: [[UInt8]: String]
}

/// Runs traces on a system and gives each its verdict.
public struct TraceRunner {
  let system: any SystemUnderTest
  let implementation: Implementation
  /// The run's seed; each trace's own is derived from it and the trace's id.
  let seed: UInt64
  /// The folder that the short traces of failing chaos runs are written to; `nil` for none.
  let shrunkFolder: String?

  /// - Parameters:
  ///   - system: a system that has answered `hello` with `implementation`.
  ///   - shrunkFolder: where short traces of failing chaos runs are written; `nil` for nowhere.
  public init(
    system: any SystemUnderTest, implementation: Implementation, seed: UInt64,
    shrunkFolder: String? = nil
  ) {
    self.system = system
    self.implementation = implementation
    self.seed = seed
    self.shrunkFolder = shrunkFolder
  }

  /// Runs one trace: once, or once for each write at which a `during` step can die.
  ///
  /// After a result `error` the system is not to be used again.
  public func run(_ trace: Trace) -> TraceResult {
    var result = TraceResult(trace)
    let declared = Set(implementation.capabilities)
    if let missing = trace.requiredCapabilities.filter({ !declared.contains($0.name) }).min(by: {
      $0.name < $1.name
    }) {
      result.verdict = .notApplicable
      result.missingCapability = missing.name
      result.reason = "needs the capability '\(missing.name)'"
      return result
    }
    if let missing = WireRequirements(trace).missing(in: implementation.wireFields) {
      result.verdict = .notApplicable
      result.missingCapability = "wire"
      result.reason = missing
      return result
    }
    guard trace.triesCrashPoints else {
      _ = runOnce(trace, crashPoint: nil, into: &result)
      return result
    }
    for point in 1...Limits.crashPoints {
      let reached = runOnce(trace, crashPoint: point, into: &result)
      guard result.verdict.isPass else { return result }
      if !reached {
        if point == 1 { failForWantOfWrites(trace, &result) }
        return result
      }
    }
    return result
  }

  /// Runs a trace and keeps everything that happened, for a diagram of the whole.
  public func record(_ trace: Trace) -> Recording {
    var result = TraceResult(trace)
    var execution = Execution(
      trace: trace, system: system, implementation: implementation, seed: traceSeed(trace),
      crashPoint: trace.triesCrashPoints ? 1 : nil)
    judge(&execution, into: &result, crashPoint: nil)
    return Recording(
      result: result, transcript: execution.world.transcript,
      names: execution.world.namesOfPayloads)
  }

  func traceSeed(_ trace: Trace) -> UInt64 {
    SeededSource.derive(seed: seed, name: trace.fullID)
  }

  /// - Returns: whether the node died in the `during` step.
  private func runOnce(_ trace: Trace, crashPoint: Int?, into result: inout TraceResult) -> Bool {
    var execution = Execution(
      trace: trace, system: system, implementation: implementation, seed: traceSeed(trace),
      crashPoint: crashPoint)
    judge(&execution, into: &result, crashPoint: crashPoint)
    if trace.chaosSeed != nil { finishChaos(execution.world.chaos, of: trace, &result) }
    return execution.reachedCrashPoint
  }

  /// Shrinks what failed, and tells what could not be tried.
  private func finishChaos(_ chaos: ChaosLog, of trace: Trace, _ result: inout TraceResult) {
    if result.verdict == .failed, let failure = result.failure {
      result.failure = shrunk(failure, chaos, of: trace)
    } else if result.verdict.isPass, !chaos.impossible.isEmpty {
      let moves = chaos.impossible.map(\.rawValue).joined(separator: ", ")
      result.reason = "without the moves that the system can't make: \(moves)"
    }
  }

  private func judge(
    _ execution: inout Execution, into result: inout TraceResult, crashPoint: Int?
  ) {
    do throws(Interruption) {
      try execution.run()
      if execution.world.tookNonStrict { result.verdict = .passedNonStrict }
    } catch {
      take(error, into: &result, execution.world, crashPoint: crashPoint)
    }
    result.steps += execution.world.step
    result.merge(execution.world.checker.report())
    end(&result)
  }

  /// Ends the trace. A system that can't has not passed it.
  private func end(_ result: inout TraceResult) {
    do throws(SystemFailure) {
      _ = try system.perform(.end)
    } catch {
      guard result.verdict.isPass else { return }
      result.verdict = .error
      result.reason = error.message
    }
  }

  private func take(
    _ interruption: Interruption, into result: inout TraceResult, _ world: World, crashPoint: Int?
  ) {
    switch interruption {
    case .failed(let failure):
      result.verdict = .failed
      result.failure = report(failure, world, crashPoint: crashPoint)
    case .notApplicable(let capability, let reason):
      // A refusal of something that was declared is the adapter's fault.
      if implementation.capabilities.contains(capability) {
        result.verdict = .error
        result.reason = "refused the declared capability '\(capability)': \(reason)"
      } else {
        result.verdict = .notApplicable
        result.missingCapability = capability
        result.reason = reason
      }
    case .broken(let failure):
      result.verdict = .error
      result.reason = failure.message
      result.deservesAnotherRun = failure.isTimeOut || world.transcript.events.isEmpty
    }
  }

  private func report(
    _ failure: StepFailure, _ world: World, crashPoint: Int?
  ) -> FailureReport {
    var transcript = world.transcript
    transcript.events.append(
      Transcript.Event(step: world.step, kind: .failed(failure.summary)))
    let steps = world.trace.steps
    let step = steps.indices.contains(world.step - 1) ? steps[world.step - 1] : nil
    return FailureReport(
      failure: failure, step: world.step,
      stepText: step?.text ?? (world.step == 0 ? "boot" : "recover (unasked, at the end)"),
      location: step?.location ?? world.trace.location, hint: world.trace.hint,
      crashPoint: crashPoint, transcript: transcript, names: world.namesOfPayloads)
  }

  private func failForWantOfWrites(_ trace: Trace, _ result: inout TraceResult) {
    let place = trace.steps.firstIndex(where: \.diesDuring) ?? 0
    let failure = StepFailure(
      kind: .verb, summary: "the step made no write at which the node could die", mismatches: [])
    result.verdict = .failed
    result.failure = FailureReport(
      failure: failure, step: place + 1, stepText: trace.steps[place].text,
      location: trace.steps[place].location, hint: trace.hint, crashPoint: 1,
      transcript: Transcript(servers: trace.servers, peers: Set(trace.peers)), names: [:])
  }
}

extension TraceResult {
  init(_ trace: Trace) {
    id = trace.fullID
    title = trace.title
    todo = trace.todo
    level = trace.level
    clauses = trace.clauses
    file = trace.location.file
    verdict = .passed
    invariants = []
    steps = 0
  }

  /// Keeps, of each invariant, the strongest thing that any run of the trace showed.
  fileprivate mutating func merge(_ report: [(Invariant, Standing)]) {
    for (invariant, standing) in report {
      let word = standing.word
      if let place = invariants.firstIndex(where: { $0.invariant == invariant }) {
        if invariants[place].standing == "unobserved" || word == "violated" {
          invariants[place].standing = word
        }
      } else {
        invariants.append(InvariantStanding(invariant: invariant, standing: word))
      }
    }
  }
}

extension Standing {
  /// As results and reports write it.
  fileprivate var word: String {
    switch self {
    case .held: "held"
    case .violated: "violated"
    case .unobserved: "unobserved"
    }
  }
}

extension Step {
  /// Whether a node is made to die in the middle of this step.
  fileprivate var diesDuring: Bool {
    if case .crash(let crash) = action { return crash.during != nil }
    return false
  }
}

extension Trace {
  /// Whether the trace is run once for each write of one of its steps.
  fileprivate var triesCrashPoints: Bool { steps.contains(where: \.diesDuring) }
}
