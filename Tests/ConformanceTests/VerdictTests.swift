import AdapterProtocol
import Conformance
import RaftTypes
import Support
import Testing
import TraceFormat

/// Which verdict each kind of answer comes to.
@Suite struct VerdictTests {
  private let needed = ["messages", "timeout", "votedFor.read", "log.read"]

  private func trace(_ steps: String) throws -> Trace {
    let text = """
      format: 1
      id: test.verdict
      title: A trace for the runner's own tests
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: None
      hint: None
      conclusion: None.
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
      \(steps)
      """
    let file = TraceFile.decode(text: text, file: "test.yaml")
    return try #require(file.traces.first, "\(file.problems.map(\.description))")
  }

  private func voteTrace() throws -> Trace {
    try trace(
      """
        - receive: { RequestVote: { from: n2, to: n1, term: 2, last: 1@1 } }
          expect: { n1: { term: 2 }, vote: { by: n1, for: n2, term: 2, granted: true } }
      """)
  }

  private func run(
    _ trace: Trace, capabilities: [String]? = nil, script: @escaping ScriptedSystem.Script
  ) async throws -> RunResults {
    let factory = ScriptedSystem.factory(capabilities: capabilities ?? needed, script: script)
    return try await SuiteRunner(factory: factory, seed: 1, jobs: 1).run([trace])
  }

  @Test func `a missing capability is not applicable and proves nothing`() async throws {
    let results = try await run(voteTrace(), capabilities: ["clock"]) { _ in nil }
    #expect(results.traces[0].verdict == .notApplicable)
    #expect(results.traces[0].missingCapability == "messages")
    #expect(results.rungs[0].state == .notShown)
    #expect(results.exitStatus == .unable)
  }

  @Test func `a field that is not as expected fails the trace at its line`() async throws {
    let results = try await run(voteTrace()) { _ in nil }
    let failure = try #require(results.traces[0].failure)
    #expect(results.traces[0].verdict == .failed)
    #expect(failure.step == 1)
    #expect(failure.location.line == 13)
    #expect(failure.failure.mismatches.map(\.path) == ["n1.term", "vote"])
    #expect(failure.failure.mismatches[0].expected == "2")
    #expect(results.exitStatus == .failures)
  }

  @Test func `a declared capability that is refused is the adapter's fault`() async throws {
    let results = try await run(voteTrace()) { request in
      guard case .receive = request else { return nil }
      return .unsupported(capability: "messages", reason: "after all not")
    }
    #expect(results.traces[0].verdict == .error)
    #expect(results.exitStatus == .unable)
  }

  @Test func `a capability that turns out to be missing is not applicable`() async throws {
    let results = try await run(voteTrace()) { request in
      guard case .receive = request else { return nil }
      return .unsupported(capability: "pre-vote", reason: "not in this version")
    }
    #expect(results.traces[0].verdict == .notApplicable)
  }

  @Test func `a system that dies costs its trace and no other`() async throws {
    let factory = ScriptedSystem.factory(capabilities: needed) { request throws(SystemFailure) in
      if case .begin(let trace, _) = request, trace == "test.verdict" { throw .crashed("signal 9") }
      return nil
    }
    var other = try voteTrace()
    other.id = "test.other"
    let runner = SuiteRunner(factory: factory, seed: 1, jobs: 1)
    let results = try await runner.run([voteTrace(), other])
    #expect(results.traces.map(\.verdict) == [.error, .failed])
    #expect(results.traces[0].reason == "the adapter crashed: signal 9")
  }

  @Test func `an answer that contradicts what was said is the adapter's fault`() async throws {
    let results = try await run(voteTrace()) { request in
      guard case .receive = request else { return nil }
      var result = OperationResult()
      result.node = NodeName("n1")
      result.state = StateDelta()
      result.state?.truncatedFrom = LogIndex(9)
      return .ok(result)
    }
    #expect(results.traces[0].verdict == .error)
    #expect(results.traces[0].reason?.contains("truncatedFrom 9") == true)
  }

  @Test func `a message to a server that does not exist is the adapter's fault`() async throws {
    let results = try await run(voteTrace()) { request in
      guard case .receive = request else { return nil }
      var result = OperationResult()
      result.node = NodeName("n1")
      let message = WireMessage(type: .requestVoteResponse, term: Term(2))
      result.sent = [
        SentMessage(handle: MessageHandle(rawValue: 1), to: NodeName("n9"), message: message)
      ]
      return .ok(result)
    }
    #expect(results.traces[0].verdict == .error)
    #expect(results.traces[0].reason?.contains("'n9'") == true)
  }

  @Test func `a safety property that gives way fails the trace, whatever it expects`() async throws
  {
    let results = try await run(voteTrace()) { request in
      var result = OperationResult()
      result.node = NodeName("n1")
      result.state = StateDelta()
      switch request {
      case .create(let boot): result.state?.term = boot.term
      case .receive: result.state?.term = Term(0)
      default: return nil
      }
      return .ok(result)
    }
    #expect(results.traces[0].failure?.failure.kind == .invariant)
    #expect(results.traces[0].failure?.failure.summary.hasPrefix("Monotonic Term") == true)
  }
}

/// The checks that come before every trace.
@Suite struct HarnessContractTests {
  private func sameSeed(_ factory: SystemFactory) -> TraceResult? {
    HarnessContract(factory: factory, seed: 1).run().first { $0.id == "harness.same-seed" }
  }

  @Test func `without a clock the seed is not shown to matter`() {
    let result = sameSeed(ScriptedSystem.factory(capabilities: ["messages"]) { _ in nil })
    #expect(result?.verdict == .notApplicable)
    #expect(result?.missingCapability == "clock")
  }

  @Test func `a node that never stands for election does not pass as deterministic`() {
    #expect(sameSeed(OddSystem.factory(.mute))?.verdict == .failed)
  }
}

/// How rungs add up to a height.
@Suite struct HeightTests {
  private func results(_ verdicts: [(todo: String, verdict: Verdict)]) async throws -> RunResults {
    var results = try await SuiteRunner(
      factory: OddSystem.factory(.mute), seed: 1, jobs: 1
    ).run(verdicts.compactMap { rung in PhaseSuite.library.traces.first { $0.todo == rung.todo } })
    for place in results.traces.indices { results.traces[place].verdict = verdicts[place].verdict }
    return results
  }

  @Test func `the height is the last rung before the first that fails`() async throws {
    let run = try await results([("2.1", .passed), ("2.2", .failed), ("3.1", .passed)])
    #expect(run.height.todo == "2.1")
    #expect(run.height.failing == "2.2")
    #expect(run.height.text == "2.1")
  }

  @Test func `rungs that are not shown are gaps below the height`() async throws {
    let run = try await results([
      ("2.1", .passed), ("2.2", .notApplicable), ("3.1", .notApplicable), ("3.2", .passed),
      ("3.3", .notApplicable),
    ])
    #expect(run.height.text == "3.2, 2 rungs not shown")
    #expect(run.exitStatus == .conformant)
  }

  @Test func `what an implementation may do is no failure where it is not done`() async throws {
    var run = try await results([("2.1", .passed), ("2.2", .failed)])
    run.traces[1].level = .may
    #expect(run.exitStatus == .conformant)
    #expect(run.height.todo == "2.1")
    #expect(run.height.failing == nil)
    run.traces[1].level = .should
    #expect(run.exitStatus == .failures)
    #expect(run.height.failing == "2.2")
  }

  @Test func `without a rung that holds there is no height`() async throws {
    let run = try await results([("2.1", .notApplicable), ("2.2", .failed)])
    #expect(run.height.text == "none")
    #expect(run.exitStatus == .failures)
  }
}
