import Testing
import TraceFormat

struct SeedTests {
  @Test(arguments: [
    Seeds.responder, Seeds.figure8, Seeds.conflictRepair, Seeds.heldSync, Seeds.table, Seeds.joint,
    Seeds.readIndex, Seeds.snapshot, Seeds.chaos,
  ])
  func `a seed of a phase that is built decodes without a word`(text: String) {
    #expect(problems(of: text) == [])
  }

  @Test(arguments: [
    (
      Seeds.history, "4:7: TODO 12.3 belongs to phase 12 (KV store), which is not built yet",
      "11:1: 'servers' is a key of phase 12 (KV store), which is not built yet"
    )
  ])
  func `a seed of a later phase names the phases it needs`(
    text: String, rung: String, part: String
  ) {
    let found = problems(of: text)
    #expect(found.contains(rung))
    #expect(found.contains(part))
  }

  @Test func `what a verb of a later phase names is no second mistake`() {
    let text = trace(
      """
      nodes: { n1: {} }
      peers: [n2, n3]
      steps:
        - get: { key: k, as: g }
          expect: { results: { g: done } }
      """)
    #expect(!problems(of: text).contains { $0.contains("was proposed") })
  }

  @Test func `a table runs once a row, under the row's name`() {
    let traces = TraceFile.decode(text: Seeds.table, file: "t").traces
    #expect(
      traces.map(\.fullID) == [
        "vote.up-to-date/equal", "vote.up-to-date/longer", "vote.up-to-date/higher-term-shorter",
        "vote.up-to-date/same-term-shorter", "vote.up-to-date/lower-term-longer",
      ])
    #expect(
      traces.map { $0.steps[0].text }.first
        == "receive: { RequestVote: { from: n2, to: n1, term: 4, last: 3@2 } }")
    #expect(
      traces.map { $0.steps[0].expect?.votes.first?.granted } == [true, true, true, false, false])
  }

  @Test func `a seed asks for what its verbs, keys and requires ask for`() throws {
    let held = try #require(TraceFile.decode(text: Seeds.heldSync, file: "t").traces.first)
    #expect(
      held.requiredCapabilities == [.heldEntries, .messages, .crash, .readLog])
    let figure8 = try #require(TraceFile.decode(text: Seeds.figure8, file: "t").traces.first)
    #expect(
      figure8.requiredCapabilities
        == [.appendLimit, .election, .beat, .propose, .crash, .readLog])
    let table = try #require(TraceFile.decode(text: Seeds.table, file: "t").traces.first)
    #expect(table.requiredCapabilities == [.messages])
  }
}
