import Conformance
import ConformanceReport
import Foundation
import Testing

/// The reports that other programs read.
@Suite struct ExchangeTests {
  private let both = [Runs.mixed, Hostile.run]

  @Test func `the same results give the same bytes`() {
    #expect(JUnitReport(both).text() == JUnitReport(both).text())
    #expect(TAPReport(both).text() == TAPReport(both).text())
    #expect(MarkdownReport(both).text() == MarkdownReport(both).text())
    #expect(Badge(Runs.mixed).svg() == Badge(Runs.mixed).svg())
  }

  // MARK: JUnit

  /// Prints each suite with its counts as told and as found, then each case with its outcome.
  private static let junit = """
    import sys, xml.etree.ElementTree as tree
    root = tree.fromstring(sys.stdin.buffer.read())
    assert root.tag == 'testsuites', root.tag
    for suite in [root] + list(root):
      cases = list(suite.iter('testcase'))
      def found(*tags): return sum(case.find(t) is not None for case in cases for t in tags)
      told = [int(suite.get(n)) for n in ('tests', 'failures', 'errors', 'skipped')]
      assert told == [len(cases), found('failure'), found('error'), found('skipped')], told
    for case in root.iter('testcase'):
      print(case.get('name'), *[child.tag for child in case])
    """

  @Test func `JUnit has a case for each trace, and its counts are right`() throws {
    let text = JUnitReport([Runs.mixed]).text()
    #expect(
      try Python.run(Self.junit, input: Data(text.utf8)).split(separator: "\n") == [
        "election.start", "election.pre-vote system-out", "vote.up-to-date/equal",
        "vote.twice failure", "vote.torn skipped", "vote.mute error", "majority.late skipped",
      ])
    #expect(text.contains("<testsuite name=\"example: 3.2 Vote granting rules\" tests=\"4\""))
    #expect(text.contains("message=\"needs the capability &apos;crash.torn&apos;\""))
    #expect(text.contains("n1.term      4         5"), "the block keeps its lines")
    #expect(!text.contains("time="), "results hold no durations")
  }

  @Test func `hostile text is text in JUnit`() throws {
    let text = JUnitReport(both, clauseTexts: Hostile.texts.clauses).text()
    let cases = try Python.run(Self.junit, input: Data(text.utf8))
    #expect(cases.split(separator: "\n").count == 14)
    #expect(!text.contains("<script"))
    #expect(!text.contains("\u{1B}"))
  }

  // MARK: TAP

  /// The test points at this depth, checked against the plan.
  private func points(_ text: String, indent: String = "") throws -> [Substring] {
    let lines = text.split(separator: "\n").filter {
      $0.hasPrefix(indent) && $0.dropFirst(indent.count).first != " "
    }.map { $0.dropFirst(indent.count) }
    let points = lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
    let plan = try #require(lines.first { $0.hasPrefix("1..") })
    #expect(plan == "1..\(points.count)")
    for (number, point) in zip(1..., points) {
      #expect(point.contains("ok \(number) - "), "\(point)")
    }
    return points
  }

  @Test func `TAP has a point for each trace`() throws {
    let text = TAPReport([Runs.mixed]).text()
    #expect(text.hasPrefix("TAP version 14\n1..7\n"))
    let found = try points(text)
    #expect(found[0] == "ok 1 - election.start: A voter compares logs")
    #expect(found[3] == "not ok 4 - vote.twice: A voter compares logs")
    #expect(found[4].hasSuffix(" # SKIP needs the capability 'crash.torn'"))
    #expect(found[5].hasPrefix("not ok 6"))
    #expect(text.contains("\n    - path: \"n1.term\"\n      expected: \"4\"\n"))
  }

  @Test func `several runs are subtests`() throws {
    let text = TAPReport([Runs.mixed, Runs.run([Runs.result("a.b", verdict: .passed)])]).text()
    #expect(try points(text) == ["not ok 1 - example 1.2", "ok 2 - example 1.2 (2)"])
    #expect(text.contains("# Subtest: example 1.2 (2)\n    1..1\n"))
  }

  @Test func `hostile text begins neither a directive nor a point`() throws {
    let text = TAPReport([Hostile.run], clauseTexts: Hostile.texts.clauses).text()
    let found = try points(text)
    #expect(found.count == 7)
    #expect(!found[0].replacingOccurrences(of: "\\#", with: "").contains("#"))
    #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
  }

  @Test func `the diagnostics are YAML`() throws {
    let text = TAPReport([Hostile.run]).text()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex(of: "  ---"))
    let end = try #require(lines[start...].firstIndex(of: "  ..."))
    let document = lines[(start + 1)..<end].map { $0.dropFirst(2) + "\n" }.joined()
    let reported = try YAMLReading.messageAndReport(document)
    #expect(reported.message == Escaping.plain(Hostile.text))
    #expect(reported.report.contains("rerun"))
  }

  // MARK: Markdown

  @Test func `Markdown tells the height, the phases and each failure`() {
    let text = MarkdownReport([Runs.mixed]).text()
    #expect(text.contains("### <code>example 1.2</code>: height 3.1"))
    #expect(text.contains("**Does not conform**: 3 passed (1 not strictly), 1 failed"))
    #expect(text.contains("| 3 Elections | 1 of 3 | 3 | 1 | · | 2 | 1 |"))
    #expect(text.contains("<summary><code>vote.twice</code> failed on"))
    #expect(text.components(separatedBy: "<details>").count == 3)
    #expect(!text.contains("%"))
  }

  @Test func `hostile text neither formats nor mentions in Markdown`() {
    let text = MarkdownReport([Hostile.run]).text()
    // Outside of the fences nothing of it is left as it was.
    var isFenced = false
    for line in text.split(separator: "\n") {
      if line.hasPrefix("````") {
        isFenced.toggle()
      } else if !isFenced {
        #expect(!line.contains("@team") && !line.contains("<script") && !line.contains("{{"))
      } else {
        #expect(!line.hasPrefix("```"), "the fence is longer than what is in it")
      }
    }
    #expect(!isFenced)
  }

  @Test func `Markdown keeps within its limit`() {
    let many = (1...50).map {
      Runs.result("vote.\($0)", verdict: .failed, failure: Runs.failure())
    }
    var report = MarkdownReport([Runs.run(many)])
    report.limit = 20_000
    #expect(report.text().utf8.count < 20_200)
    #expect(report.text().contains(" more are left out for want of room."))
  }

  // MARK: Badge

  @Test func `a badge says height and counts and no percentage`() throws {
    let badge = Badge(Runs.mixed)
    #expect(
      badge.text
        == "height 3.1 · 3 passed (1 not strictly) · 1 failed · 2 not applicable "
        + "· 1 not run for errors")
    #expect(!badge.svg().contains("%"))
    for run in both {
      let title = try Python.run(
        "import sys, xml.etree.ElementTree as t; print(t.fromstring(sys.stdin.buffer.read())[0].text)",
        input: Data(Badge(run).svg().utf8))
      #expect(title.contains("on raft-ladder: height"))
      #expect(!Badge(run).svg().contains("<script"))
    }
  }
}
