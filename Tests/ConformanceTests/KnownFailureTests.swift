import Conformance
import Foundation
import Support
import Testing
import TraceFormat
import YAMLTree

/// Known failures do not fail a run, and must not go stale.
@Suite struct KnownFailureTests {
  /// Two traces that fail on a mute node.
  private func results() async throws -> RunResults {
    let traces = PhaseSuite.library.traces.filter { $0.todo == "2.2" }.prefix(2)
    return try await SuiteRunner(factory: OddSystem.factory(.mute), seed: 1, jobs: 1)
      .run(Array(traces))
  }

  private func list(_ results: RunResults) -> KnownFailures {
    var list = KnownFailures(of: results, keeping: nil)
    for place in list.failures.indices { list.failures[place].reason = "It answers nothing." }
    return list
  }

  @Test func `a failure that is as listed does not fail the run`() async throws {
    var results = try await results()
    #expect(results.exitStatus == .failures)
    list(results).judge(&results)
    #expect(results.traces.map(\.verdict) == [.knownFailure, .knownFailure])
    #expect(results.traces[0].reason == "It answers nothing.")
    #expect(results.rungs[0].state == .fails, "the invariant does not hold all the same")
  }

  @Test func `a listed failure that passes is stale and fails the run`() async throws {
    var results = try await results()
    let known = list(results)
    results.traces[0].verdict = .passed
    results.traces[0].failure = nil
    known.judge(&results)
    #expect(results.traces.map(\.verdict) == [.staleKnownFailure, .knownFailure])
    #expect(results.exitStatus == .failures)
  }

  @Test func `a failure at another step or of another kind is stale`() async throws {
    var elsewhere = try await results()
    var known = list(elsewhere)
    known.failures[0].step += 1
    known.failures[1].kind = known.failures[1].kind == .verb ? .expectation : .verb
    known.judge(&elsewhere)
    #expect(elsewhere.traces.map(\.verdict) == [.staleKnownFailure, .staleKnownFailure])
    #expect(elsewhere.traces[0].reason?.contains("and it fails at step") == true)
  }

  @Test func `a list is read as it was written, with the reasons it had`() async throws {
    let results = try await results()
    var known = list(results)
    known.failures[0].reason = "A \"quoted\" reason with \\ in it"
    known.failures[0].link = "https://example.org/issues/1"
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(known.text.utf8).write(to: file)
    #expect(try KnownFailures.load(path: file.path) == known)
    #expect(KnownFailures(of: results, keeping: known) == known)
  }

  @Test func `every mistake of a list is told with its place`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    let text = """
      implementation: x
      version: "1"
      failures:
        - trace: a.b
          step: two
          kind: sudden
      """
    try Data(text.utf8).write(to: file)
    let problems = try #require(throws: YAMLProblems.self) {
      try KnownFailures.load(path: file.path)
    }
    #expect(
      problems.problems.map { "\($0.location.line): \($0.message)" } == [
        "6: 'kind' must be one of expectation, verb, invariant, recovery",
        "5: 'step' must be a number", "4: 'reason' is missing",
      ])
  }
}
