import Testing
import TraceFormat

struct ExampleTests {
  @Test(arguments: Verbs.all.map(\.name))
  func `the example of a verb decodes without a word`(name: String) throws {
    let verb = try #require(Verbs.verb(name))
    #expect(problems(of: verb.exampleTrace) == [])
  }

  @Test(arguments: Verbs.all.map(\.name))
  func `the example of a verb uses it`(name: String) throws {
    let verb = try #require(Verbs.verb(name))
    let traces = TraceFile.decode(text: verb.exampleTrace, file: "t").traces
    let steps = try #require(traces.first).steps
    #expect(steps.contains { $0.text.hasPrefix("\(name):") })
  }

  @Test func `a verb is declared once, and not reserved as well`() {
    let names = Verbs.all.map(\.name) + Verbs.reserved.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Verbs.all.allSatisfy { (Ladder.builtPhases).contains($0.phase) })
  }
}
