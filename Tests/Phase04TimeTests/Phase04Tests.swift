import Support
import Testing

/// The traces of phase 4 on the reference core, each reported by its id.
@Suite struct Phase04 {
  @Test(arguments: PhaseSuite.traces(phase: 4))
  func `a trace holds`(_ trace: PhaseTrace) {
    let verdict = trace.run()
    #expect(verdict.holds, "\(verdict.report)")
  }

  @Test func `the traces found are those of the manifest`() throws {
    #expect(try PhaseSuite.ids(phase: 4) == PhaseSuite.manifest(phase: 4))
  }
}
