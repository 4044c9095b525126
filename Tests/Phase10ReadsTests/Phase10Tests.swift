import Support
import Testing

/// The traces of phase 10 on the reference core, each reported by its id.
@Suite struct Phase10 {
  @Test(arguments: PhaseSuite.traces(phase: 10))
  func `a trace holds`(_ trace: PhaseTrace) {
    let verdict = trace.run()
    #expect(verdict.holds, "\(verdict.report)")
  }

  @Test func `the traces found are those of the manifest`() throws {
    #expect(try PhaseSuite.ids(phase: 10) == PhaseSuite.manifest(phase: 10))
  }
}
