import Testing
import TraceFormat

struct SeedTests {
  @Test(arguments: [
    Seeds.responder, Seeds.figure8, Seeds.conflictRepair, Seeds.heldSync, Seeds.table,
  ])
  func `a seed of a phase that is built decodes without a word`(text: String) {
    #expect(problems(of: text) == [])
  }

  @Test(arguments: [
    (
      Seeds.joint, "4:7: TODO 9.2 belongs to phase 9 (Membership), which is not built yet",
      "12:18: 'snapshot' is a key of phase 8 (Snapshots), which is not built yet"
    ),
    (
      Seeds.readIndex, "4:7: TODO 10.1 belongs to phase 10 (Reads), which is not built yet",
      "16:5: 'read' is a verb of phase 10 (Reads), which is not built yet"
    ),
    (
      Seeds.snapshot, "4:7: TODO 8.3 belongs to phase 8 (Snapshots), which is not built yet",
      "17:16: 'InstallSnapshot' is a message type of phase 8 (Snapshots), which is not built yet"
    ),
    (
      Seeds.chaos, "4:7: TODO 11.3 belongs to phase 11 (Chaos), which is not built yet",
      "14:5: 'chaos' is a verb of phase 11 (Chaos), which is not built yet"
    ),
    (
      Seeds.history, "4:7: TODO 12.3 belongs to phase 12 (KV store), which is not built yet",
      "11:1: 'servers' is a key of phase 12 (KV store), which is not built yet"
    ),
  ])
  func `a seed of a later phase names the phases it needs`(
    text: String, rung: String, part: String
  ) {
    let found = problems(of: text)
    #expect(found.contains(rung))
    #expect(found.contains(part))
  }

  @Test func `what a verb of a later phase names is no second mistake`() {
    #expect(!problems(of: Seeds.readIndex).contains { $0.contains("was proposed") })
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
