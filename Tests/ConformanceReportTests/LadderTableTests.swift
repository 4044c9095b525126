import ConformanceReport
import Testing
import TraceFormat

@Suite struct LadderTableTests {
  @Test func `every TODO has its row, with its files or the word later`() {
    let table = LadderTable.markdown(files: ["3.1": 22])
    let rows = table.split(separator: "\n")
    #expect(rows.count == Ladder.todos.count + 2)
    #expect(
      rows.allSatisfy { $0.split(separator: "|", omittingEmptySubsequences: false).count == 7 })
    #expect(table.contains("| 3 Elections | 3.1 | Start an election |"))
    #expect(table.contains("| 22 |\n|  | 3.2 |"))
    #expect(rows.last?.hasSuffix("| later |") == true)
  }

  @Test func `the table goes between its markers and nowhere else`() throws {
    let text = "before\n\(LadderTable.begin)\nold\n\(LadderTable.end)\nafter\n"
    let table = LadderTable.markdown(files: [:])
    let changed = try LadderTable.replacing(in: text, with: table)
    #expect(changed == "before\n\(LadderTable.begin)\n\(table)\(LadderTable.end)\nafter\n")
    #expect(try !LadderTable.isCurrent(in: text, table: table))
    #expect(try LadderTable.isCurrent(in: changed, table: table))
  }

  @Test func `a text without its markers, or with two, is refused`() {
    for text in ["", LadderTable.begin, "\(LadderTable.end)\(LadderTable.begin)"] {
      #expect(throws: LadderTableProblem.marker(LadderTable.begin, found: 0)) {
        try LadderTable.replacing(in: "", with: "")
      }
      #expect(throws: LadderTableProblem.self) { try LadderTable.replacing(in: text, with: "") }
    }
  }
}
