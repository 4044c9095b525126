import AdapterProtocol
import Synchronization
import TraceFormat

/// Runs a set of traces on one system, several at a time, each job on a system of its own.
public struct SuiteRunner: Sendable {
  /// Starts a system for each job, and another after one that broke.
  public var factory: SystemFactory
  /// The run's seed; each trace's own is derived from it and the trace's id.
  public var seed: UInt64
  /// How many systems work side by side.
  public var jobs: Int
  /// The folder that the short traces of failing chaos runs are written to; `nil` for none.
  public var shrunkFolder: String?
  /// Whether to stop at the first trace that does not hold.
  public var failFast: Bool
  /// Told of each result as it comes, from any job.
  public var progress: @Sendable (TraceResult) -> Void

  /// Makes a runner; no system is started yet. Fewer than one job count as one.
  public init(
    factory: SystemFactory, seed: UInt64, jobs: Int, failFast: Bool = false,
    progress: @escaping @Sendable (TraceResult) -> Void = { _ in }
  ) {
    self.factory = factory
    self.seed = seed
    self.jobs = jobs
    self.failFast = failFast
    self.progress = progress
  }

  /// Runs the traces; the results come in the order of the traces, whatever order they ran in.
  ///
  /// Jobs have threads of their own. A trace in which the system hung, or that a system broken
  /// before it could not begin, is run once more when all others are done: alone, on a new system.
  ///
  /// - Throws: `SystemFailure` where the system can't be started or does not say who it is.
  public func run(_ traces: [Trace]) async throws(SystemFailure) -> RunResults {
    let hello = try greet()
    let queue = TraceQueue(count: traces.count)
    let collected = await JobThreads.run(max(1, min(jobs, traces.count))) {
      work(through: queue, of: traces)
    }
    var slots = [TraceResult?](repeating: nil, count: traces.count)
    for (place, result) in collected.joined() { slots[place] = result }
    let unsettled = slots.indices.filter { slots[$0]?.deservesAnotherRun == true }
    for (place, result) in await runAgain(unsettled, of: traces) { slots[place] = result }
    return RunResults(
      suiteVersion: Suite.version, system: factory.name, implementation: hello, seed: seed,
      traces: slots.compactMap { $0 })
  }

  /// Starts a system, asks who it is and ends it.
  public func greet() throws(SystemFailure) -> Implementation {
    let system = try factory.start()
    let implementation = try HarnessContract.hello(system)
    _ = try? system.perform(.bye)
    return implementation
  }

  private func work(through queue: TraceQueue, of traces: [Trace]) -> [(Int, TraceResult)] {
    var results: [(Int, TraceResult)] = []
    var runner: TraceRunner?
    while let place = queue.next() {
      let result = run(traces[place], on: &runner)
      results.append((place, result))
      if result.deservesAnotherRun { continue }
      progress(result)
      if failFast, !result.verdict.isPass, result.verdict != .notApplicable { queue.close() }
    }
    return results
  }

  private func run(_ trace: Trace, on runner: inout TraceRunner?) -> TraceResult {
    var result: TraceResult
    do throws(SystemFailure) {
      let started = if let runner { runner } else { try startRunner() }
      runner = started
      result = started.run(trace)
    } catch {
      result = TraceResult(trace)
      result.verdict = .error
      result.reason = error.message
      result.deservesAnotherRun = error.isTimeOut
    }
    // A system that broke is not trusted with the next trace.
    if result.verdict == .error { runner = nil }
    return result
  }

  /// Runs some traces once more, one after the other, each on a system of its own.
  private func runAgain(_ places: [Int], of traces: [Trace]) async -> [(Int, TraceResult)] {
    guard !places.isEmpty else { return [] }
    let results = await JobThreads.run(1) {
      // A system that hangs in so many traces hangs in all of them; why wait for each twice.
      places.prefix(Limits.tracesRunAgain).map { place in
        var runner: TraceRunner?
        let result = run(traces[place], on: &runner)
        progress(result)
        return (place, result)
      }
    }
    return Array(results.joined())
  }

  private func startRunner() throws(SystemFailure) -> TraceRunner {
    let system = try factory.start()
    let implementation = try HarnessContract.hello(system)
    return TraceRunner(
      system: system, implementation: implementation, seed: seed, shrunkFolder: shrunkFolder)
  }
}

/// Hands out the places of traces, each once, to whichever job asks next.
private final class TraceQueue: Sendable {
  private let state: Mutex<Range<Int>>

  init(count: Int) { state = Mutex(0..<count) }

  func next() -> Int? {
    state.withLock { $0.popFirst() }
  }

  /// Nothing more is handed out.
  func close() {
    state.withLock { $0 = $0.upperBound..<$0.upperBound }
  }
}

/// The suite as a whole.
public enum Suite {
  /// The suite's own version; the protocol's and the trace format's are other numbers.
  public static let version = "0.1.0"
}
