import Support
import Testing

/// The traces of phase 9 on the reference core, each reported by its id.
@Suite struct Phase09 {
  @Test(arguments: PhaseSuite.traces(phase: 9))
  func `a trace holds`(_ trace: PhaseTrace) {
    let verdict = trace.run()
    #expect(verdict.holds, "\(verdict.report)")
  }

  @Test func `the traces found are those of the manifest`() throws {
    #expect(try PhaseSuite.ids(phase: 9) == PhaseSuite.manifest(phase: 9))
  }
}
