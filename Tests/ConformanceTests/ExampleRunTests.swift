import Support
import Testing
import TraceFormat

/// The examples of the specification, run on the reference system.
struct ExampleRunTests {
  @Test(arguments: Verbs.all.map(\.name))
  func `the example of a verb passes on the reference system`(name: String) throws {
    let verb = try #require(Verbs.verb(name))
    let file = TraceFile.decode(text: verb.exampleTrace, file: name)
    #expect(!file.traces.isEmpty, "\(file.problems)")
    for trace in file.traces {
      let verdict = PhaseTrace(trace).run()
      #expect(verdict.holds, "\(verdict.report)")
    }
  }
}
