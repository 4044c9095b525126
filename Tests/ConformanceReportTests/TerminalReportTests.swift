import Conformance
import ConformanceReport
import Testing

@Suite struct TerminalReportTests {
  @Test func `the table is aligned, a line per rung`() {
    let table = TerminalReport(Runs.mixed, style: .init(width: 80)).table()
    #expect(
      table == """
                                             passed  failed    n.a.  errors
        3  Elections
          ✓ 3.1  Start an election                2       ·       ·       ·
          ✗ 3.2  Vote granting rules              1       1       1       1
          – 3.3  Leader elected by majority       ·       ·       1       ·

        """)
  }

  @Test func `the summary tells the counts and the height`() {
    let summary = TerminalReport(Runs.mixed).summary()
    #expect(summary.contains("7 traces: 3 passed (1 not strictly), 1 failed, 2 not applicable"))
    #expect(summary.contains("1 not run for errors"))
    #expect(summary.contains("Height: 3.1; 3.2 fails\n"))
    #expect(summary.contains("seed 18446744073709551615"))
  }

  @Test func `a failure says what, where, why and how to see it again`() {
    let report = TerminalReport(
      Runs.run([Runs.result("vote.twice", verdict: .failed, failure: Runs.failure())]),
      rerun: Rerun(arguments: ["--system", "python3 node.py", "--seed", "7"]),
      clauseTexts: ["vote.up-to-date": "A vote needs a log that is up to date."])
    let text = report.failures()
    let lines = [
      "✗ vote.twice  A voter compares logs",
      "  clause       vote.up-to-date: A vote needs a log that is up to date.",
      "  at           Traces/vote/twice.yaml:21",
      "  step 6       receive: { to: n1, from: n3, type: RequestVote, term: 5, last: 9@4 }",
      "  crash        the node was made to die at its write 2",
      "  expectation  n1 is not as expected",
      "                 expected  actual",
      "    n1.term      4         5",
      "    n1.votedFor  not n3    n3",
      "  hint         Make the vote durable before it is sent",
      "  rerun        raft-ladder run vote.twice --system 'python3 node.py' --seed 7",
    ]
    let said = text.split(separator: "\n").map(String.init)
    for line in lines { #expect(said.contains(line), "missing: \(line)\n\(text)") }
    #expect(text.contains("  ── ✗ 6 ── receive"))
    #expect(said.allSatisfy { $0.count <= 100 })
  }

  @Test func `fields that don't fit side by side stand below each other`() {
    let long = String(repeating: "5@3 ", count: 30)
    let failure = Runs.failure(mismatches: [Mismatch(path: "n1.log", expected: long, actual: "[]")])
    let report = TerminalReport(
      Runs.run([Runs.result("a.b", verdict: .failed, failure: failure)]), style: .init(width: 60))
    #expect(report.failures().contains("    n1.log\n      expected 5@3"))
    #expect(report.failures().contains("      actual   []\n"))
  }

  @Test func `traces that don't apply are told by what they need`() {
    let short = TerminalReport(Runs.mixed).notApplicable()
    #expect(short == "Not applicable\n  needs 'crash.torn': 2 traces\n")
    let long = TerminalReport(Runs.mixed, style: .init(isVerbose: true)).notApplicable()
    #expect(long.contains("    vote.torn: needs the capability 'crash.torn'\n"))
  }

  @Test func `an error is told by its reason`() {
    #expect(
      TerminalReport(Runs.mixed).failures().contains("  error        no answer in 10 seconds"))
  }

  @Test func `what the invariants saw is told when asked for`() {
    let text = TerminalReport(Runs.mixed, style: .init(isVerbose: true)).text()
    #expect(text.contains(/Election Safety +held in 7\n/))
    #expect(text.contains(/Log Matching +unobserved in 7\n/))
    #expect(text.contains(/Applied Once +not armed\n/))
    #expect(!TerminalReport(Runs.mixed).text().contains("Election Safety"))
  }

  @Test func `an implementation can't move the cursor`() {
    let hostile = Runs.run(
      [Runs.result("a.b", verdict: .error, reason: "\u{1B}]0;title\u{7}\u{9B}2J")],
      name: "evil\u{1B}[1A")
    let text = TerminalReport(hostile, style: .init(isVerbose: true)).text()
    #expect(text.contains("\\u{1B}]0;title"))
    #expect(
      text.unicodeScalars.allSatisfy {
        $0 == "\n" || $0.properties.generalCategory != .control
      })
  }

  @Test func `colours come only when asked for, and change no character`() {
    let plain = TerminalReport(Runs.mixed).text()
    let coloured = TerminalReport(Runs.mixed, style: .init(isColoured: true)).text()
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured != plain)
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }
}
