import Conformance
import ConformanceReport
import Testing

@Suite struct ComparisonTests {
  private let passed = Runs.result("vote.a", verdict: .passed)
  private let failed = Runs.result("vote.a", verdict: .failed, failure: Runs.failure())

  private func kinds(_ earlier: [TraceResult], _ later: [TraceResult]) -> [Comparison.Change.Kind] {
    Comparison(earlier: Runs.run(earlier), later: Runs.run(later)).changes.map(\.kind)
  }

  @Test func `what is as it was is no change`() {
    #expect(kinds([passed], [passed]) == [])
    #expect(kinds([failed], [failed]) == [])
    #expect(Comparison(earlier: Runs.mixed, later: Runs.mixed).changes.isEmpty)
    #expect(
      Comparison(earlier: Runs.mixed, later: Runs.mixed).summary
        == "height 3.1, as before: no trace changed")
  }

  @Test func `a trace breaks, is mended, comes and goes`() {
    #expect(kinds([passed], [failed]) == [.newFailure])
    #expect(kinds([], [failed]) == [.newFailure])
    #expect(kinds([failed], [passed]) == [.fixed])
    #expect(kinds([], [passed]) == [.added])
    #expect(kinds([passed], []) == [.removed])
  }

  @Test func `an adapter that breaks is a new failure`() {
    let broken = Runs.result("vote.a", verdict: .error, reason: "it ended")
    #expect(kinds([passed], [broken]) == [.newFailure])
    #expect(kinds([failed], [broken]) == [.changed])
    #expect(kinds([broken], [passed]) == [.fixed])
  }

  @Test func `a failure elsewhere is a change`() {
    var other = Runs.failure()
    other.step = 7
    let elsewhere = Runs.result("vote.a", verdict: .failed, failure: other)
    let change = Comparison(earlier: Runs.run([failed]), later: Runs.run([elsewhere])).changes
    #expect(change.map(\.kind) == [.changed])
    #expect(change.first?.before == "failed at step 6 (expectation)")
    #expect(change.first?.after == "failed at step 7 (expectation)")
  }

  @Test func `no longer to apply is no failure`() {
    let lacking = Runs.result("vote.a", verdict: .notApplicable, missing: "crash.torn")
    #expect(kinds([passed], [lacking]) == [.changed])
    #expect(kinds([failed], [lacking]) == [.changed])
  }

  @Test func `runs are compared with those of the same implementation`() {
    let one = Runs.run([passed], name: "one"), two = Runs.run([failed], name: "two")
    let both = Comparison.all(earlier: [one, two], later: [two, one])
    #expect(both.map(\.later.implementation.name) == ["two", "one"])
    #expect(both.allSatisfy { $0.changes.isEmpty })
    #expect(Comparison.all(earlier: [one, two], later: [Runs.run([], name: "three")]).isEmpty)
    #expect(Comparison.all(earlier: [one], later: [two]).count == 1)
  }

  @Test func `the text names what changed and is escaped`() {
    let hostile = Runs.result("a\u{1B}[2J", verdict: .failed, failure: Runs.failure())
    let text = Comparison(earlier: Runs.run([passed]), later: Runs.run([hostile])).text()
    #expect(text.contains("a\\u{1B}[2J: not run → failed at step 6 (expectation)"))
    #expect(text.contains("1 new failure, 1 removed"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test func `a long list is cut and counted`() {
    let many = (1...30).map { Runs.result("vote.\($0)", verdict: .passed) }
    let text = Comparison(earlier: Runs.run([]), later: Runs.run(many)).text()
    #expect(text.contains("vote.20:"))
    #expect(!text.contains("vote.21:"))
    #expect(text.contains("and 10 more"))
  }
}
