import AdapterProtocol
import Foundation
import TraceFormat

extension TraceRunner {
  /// A chaos run's failure, with the short trace that fails in the same way where one is found.
  func shrunk(_ report: FailureReport, _ log: ChaosLog, of trace: Trace) -> FailureReport {
    guard report.failure.kind == .invariant || report.failure.kind == .recovery,
      let base = Base(trace, failingIn: report.step),
      let (acts, failure) = shrink(log, report.failure, base)
    else { return report }
    let text = ChaosText(trace).file(start: base.texts, acts: acts, failure: failure)
    let file = ChaosText.id(of: trace) + ".yaml"
    let decoded = TraceFile.decode(text: text, file: file)
    guard let short = decoded.traces.first else { return report }
    let alone = TraceRunner(system: system, implementation: implementation, seed: seed).run(short)
    guard let found = alone.failure, found.failure.isLike(report.failure) else { return report }
    var result = report
    result.failure = found.failure
    result.transcript = found.transcript
    result.names = found.names
    result.shrunk = ShrunkTrace(
      id: short.id, text: text, moves: log.acts.count, steps: short.steps.count)
    result.failure.summary += "; " + told(of: short, log.acts.count, write(text, to: file))
    return result
  }

  private func told(of short: Trace, _ moves: Int, _ path: String?) -> String {
    "\(moves) moves shrank to \(short.steps.count) steps" + (path.map { ": \($0)" } ?? "")
  }

  /// The moves that are left, and how they fail.
  private func shrink(
    _ log: ChaosLog, _ failure: StepFailure, _ base: Base
  ) -> (acts: [ChaosAct], failure: StepFailure)? {
    var last = failure
    for start in [log.clockless, log.acts] {
      let first = run(start, base)
      guard let found = first.failure, found.isLike(failure) else { continue }
      last = found
      var shrinker = Shrinker(
        first.acts, failure: failure, nodes: base.trace.nodes.count, runs: Limits.shrinkingRuns
      ) { run($0, base) }
      shrinker.shrink()
      last = run(shrinker.acts, base).failure ?? last
      return (shrinker.acts, last)
    }
    return nil
  }

  private func run(_ acts: [ChaosAct], _ base: Base) -> Shrinker.Outcome {
    var execution = Execution(
      trace: base.trace, system: system, implementation: implementation,
      seed: traceSeed(base.trace), crashPoint: nil, replaying: acts, recordsEverything: false)
    var failure: StepFailure?
    do throws(Interruption) {
      try execution.run()
    } catch {
      if case .failed(let found) = error { failure = found }
    }
    _ = try? system.perform(.end)
    return Shrinker.Outcome(acts: execution.world.chaos.acts, failure: failure)
  }

  private func write(_ text: String, to file: String) -> String? {
    guard let shrunkFolder else { return nil }
    let folder = URL(filePath: shrunkFolder)
    let path = folder.appending(path: file)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: path)
      return path.path
    } catch {
      return "\(path.path) (not written: \(error.localizedDescription))"
    }
  }

  /// The trace whose chaos is given moves: what it had before the chaos, and a recovery at the end
  /// where the run failed after its moves.
  private struct Base {
    var trace: Trace
    /// The steps before the chaos, as they are written.
    var texts: [String]

    init?(_ whole: Trace, failingIn step: Int) {
      let place = whole.steps.firstIndex { step in
        if case .chaos = step.action { return true }
        return false
      }
      guard let place else { return nil }
      let chaos = whole.steps[place]
      trace = whole
      trace.id = ChaosText.id(of: whole)
      trace.caseName = nil
      trace.steps = Array(whole.steps[...place])
      if step > place + 1 {
        trace.steps.append(
          Step(
            action: .recover(rounds: Limits.recoveryRounds), expect: nil, location: chaos.location,
            text: "recover:"))
      } else {
        trace.livenessWaiver = "the moves alone are asked for"
      }
      texts = whole.steps[..<place].map {
        $0.text + ($0.mayBeRefused ? "\n    may: [refused]" : "")
      }
    }
  }
}
