import Conformance
import Support
import Testing

/// The traces of phase 0 on the reference core, each reported by its id.
@Suite struct Phase00 {
  @Test(arguments: PhaseSuite.traces(phase: 0))
  func `a trace holds`(_ trace: PhaseTrace) {
    let verdict = trace.run()
    #expect(verdict.holds, "\(verdict.report)")
  }

  @Test(arguments: PhaseSuite.harnessChecks())
  func `a check of the harness contract holds`(_ result: TraceResult) {
    #expect(result.verdict == .passed, "\(result.id): \(result.reason ?? "")")
  }

  @Test func `the traces found are those of the manifest`() throws {
    #expect(try PhaseSuite.ids(phase: 0) == PhaseSuite.manifest(phase: 0))
  }
}
