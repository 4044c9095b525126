import Conformance
import Support
import Testing
import TraceFormat

/// A trace that can't fail proves nothing: each must fail on a node that does nothing, and on one
/// that denies everything.
@Suite struct OddSystemTests {
  @Test(arguments: OddSystem.Manner.allCases)
  func `every trace fails on a node that answers nothing or denies everything`(
    _ manner: OddSystem.Manner
  ) async throws {
    let traces = PhaseSuite.library.traces
    let runner = SuiteRunner(factory: OddSystem.factory(manner), seed: 1, jobs: 2)
    let results = try await runner.run(traces)
    #expect(results.traces.count == traces.count)
    let spared = results.traces.filter { $0.verdict != .failed }.map {
      "\($0.id): \($0.verdict.rawValue) \($0.reason ?? "")"
    }
    #expect(spared == [])
  }
}
