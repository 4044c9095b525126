import Testing
import TraceFormat

struct ScaffoldTests {
  @Test func `a scaffold points editors to the schema from the folder of its TODO`() {
    let text = Scaffold.trace(id: "vote.mine", todo: "3.2")
    #expect(
      text.hasPrefix(
        "# yaml-language-server: $schema=../../../Spec/schemas/trace.schema.json\nformat: 1\nid: vote.mine\n"
      ))
  }

  @Test func `the check reports each blank of a scaffold and nothing else`() {
    let found = problems(of: Scaffold.trace(id: "vote.mine", todo: "3.2"))
    #expect(
      found == [
        "4:8: a blank to fill in: <one line: what must happen>",
        "7:11: a blank to fill in: <the clauses of Spec/Clauses.yaml that it tests>",
        "8:9: a blank to fill in: <a paper's section, or the URL of the bug it comes from>",
        "9:7: a blank to fill in: <what probably went wrong where it fails>",
        "10:13: a blank to fill in: <what its runs have shown>",
      ])
  }

  @Test(arguments: Ladder.todos.filter { Ladder.phase($0.phase)?.isBuilt == true }.map(\.id))
  func `a scaffold passes once its blanks are filled`(todo: String) {
    #expect(problems(of: Scaffold.trace(id: "vote.mine", todo: todo).filled) == [])
  }

  @Test func `an id has at least two parts of small letters and digits`() {
    for id in ["vote.up-to-date", "commit.figure-8", "a.b.c"] { #expect(Scaffold.isID(id)) }
    for id in ["vote", "vote.", ".x", "Vote.x", "vote.-x", "vote.a--b", "8.x", "a.b_c", "a b.c"] {
      #expect(!Scaffold.isID(id))
    }
    #expect(!Scaffold.isID("a." + String(repeating: "b", count: TraceLimits.idLength)))
  }
}
