import Testing
import TraceFormat

struct MistakeTests {
  @Test func `a typo, a duplicate key, a wrong type and an unknown node are told in one run`() {
    let text = trace(
      """
      nodes: { n1: { term: 1, log: [1, one] } }
      peers: [n2, n3]
      peers: [n2]
      steps:
        - timeout: n1
          expcet: { n1: { role: candidate } }
        - receive: { RequestVote: { from: n4, to: n1, term: 3, last: 1@1 } }
          expect: { n1: { term: 3 } }
      """)
    #expect(
      problems(of: text) == [
        "10:34: expected a number from 1 or a configuration entry, found 'one'",
        "12:1: duplicate key 'peers'; first given at line 11, column 1",
        "15:5: unknown key 'expcet'; did you mean 'expect'?",
        "16:37: unknown node 'n4'; expected n1, n2 or n3",
      ])
  }

  @Test(arguments: BrokenTrace.all)
  func `a broken trace is told what is wrong, where, and nothing else`(broken: BrokenTrace) {
    #expect(problems(of: broken.text).joined(separator: "\n") == broken.problems)
  }

  @Test(arguments: BrokenTrace.all)
  func `a broken trace gives nothing to run`(broken: BrokenTrace) {
    let file = TraceFile.decode(text: broken.text, file: "t")
    #expect(file.traces.isEmpty)
    #expect(!file.isRunnable)
  }

  @Test func `a file that is no YAML is told where it stops being YAML`() {
    #expect(problems(of: "id: [1, 2").count == 1)
    #expect(problems(of: "- 1") == ["1:1: expected a trace, found a list"])
    #expect(problems(of: "").count == 1)
  }

  @Test func `a file that is not there is one problem`() {
    let file = TraceFile.load(path: "/nowhere/x.yaml", file: "x.yaml")
    #expect(file.problems.map(\.location.line) == [1])
    #expect(file.traces.isEmpty)
  }

  @Test func `a mistake in a table is told once, however many rows repeat it`() {
    let text = trace(
      """
      nodes: { n1: { term: 1 } }
      peers: [n2]
      cases: { columns: [name, term], rows: [[a, 2], [b, 3], [c, 4]] }
      steps:
        - receive: { RequestVote: { from: n9, to: n1, term: $term, last: 0@0 } }
          expect: { n1: { term: $term } }
      """)
    #expect(problems(of: text) == ["14:37: unknown node 'n9'; expected n1 or n2"])
  }
}

struct NearestWordTests {
  @Test(arguments: [
    ("expcet", "expect"), ("tiemout", "timeout"), ("Timeout", "timeout"), ("propos", "propose"),
    ("votedfor", "votedFor"),
  ])
  func `a slip of the hand finds the word that was meant`(typed: String, meant: String) {
    let words = ["expect", "timeout", "propose", "votedFor", "node", "nodes"]
    #expect(NearestWord.find(typed, among: words) == meant)
  }

  @Test(arguments: ["xyz", "leader", "e", ""])
  func `a word of its own finds nothing`(typed: String) {
    #expect(NearestWord.find(typed, among: ["expect", "timeout"]) == nil)
  }

  @Test func `a swap of neighbours is one edit`() {
    #expect(NearestWord.find("tca", among: ["cat"]) == nil)
    #expect(NearestWord.find("cta", among: ["cat"]) == "cat")
    #expect(NearestWord.find("ab", among: ["ba"]) == "ba")
  }
}
