import AdapterProcess
import Conformance
import ReferenceSystem
import Support
import Testing

/// Judging through a process is judging the same.
struct SameVerdictTests {
  @Test func `the reference core gets the same verdict on every trace as in this process`()
    async throws
  {
    let traces = PhaseSuite.library.traces
    #expect(!traces.isEmpty)
    let inside = try await SuiteRunner(factory: ReferenceSystem.factory, seed: 1, jobs: 2)
      .run(traces)
    let outside = try await SuiteRunner(
      factory: AdapterSystem.factory(Adapters.reference), seed: 1, jobs: 2
    ).run(traces)
    #expect(outside.traces.map(Shown.init) == inside.traces.map(Shown.init))
    #expect(outside.implementation.name == inside.implementation.name)
    #expect(outside.implementation.capabilities == inside.implementation.capabilities)
  }

  @Test func `the contract before every rule of Raft holds through a process as well`() {
    let results = HarnessContract(factory: AdapterSystem.factory(Adapters.reference), seed: 1).run()
    #expect(results.map(\.verdict) == results.map { _ in .passed })
  }
}
