import AdapterProtocol
import Conformance
import Foundation
import Support
import Testing
import TraceFormat

/// What becomes of a chaos run that fails.
struct ShrinkingTests {
  /// The reference system, whose servers forget their votes when they restart.
  final class Forgetful: SystemUnderTest {
    private let inner: any SystemUnderTest

    init() throws(SystemFailure) { inner = try PhaseSuite.referenceSystem() }

    func perform(_ request: Request) throws(SystemFailure) -> Answer {
      let answer = try inner.perform(request)
      guard case .restart = request, case .ok(var result) = answer else { return answer }
      result.state?.votedFor = .cleared
      return .ok(result)
    }
  }

  static let trace = """
    format: 1
    id: chaos.forgetful
    title: Crashes lose no vote
    todo: "11.3"
    level: must
    clauses: [safety.all]
    source: A test
    hint: A test
    conclusion: A test
    seeds: { from: 1, to: 1 }
    nodes: { n1: {}, n2: {}, n3: {} }
    steps:
      - chaos: { moves: 200, weights: { crash: 20, restart: 40 } }
      - recover:
    """

  private func run(folder: String?) throws -> [TraceResult] {
    let system = try Forgetful()
    let runner = TraceRunner(
      system: system, implementation: try HarnessContract.hello(system), seed: 1,
      shrunkFolder: folder)
    return TraceFile.decode(text: Self.trace, file: "t").traces.map { runner.run($0) }
  }

  @Test func `a failing chaos shrinks to few steps that fail alone, and alike`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "shrunk-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let results = try run(folder: folder.path)
    #expect(results.map(\.id) == ["chaos.forgetful/1"])
    for result in results {
      #expect(result.verdict == .failed)
      let failure = try #require(result.failure)
      let shrunk = try #require(failure.shrunk, "\(failure.failure.summary)")
      #expect(shrunk.steps <= 6, "\(shrunk.text)")
      #expect(failure.failure.summary.contains(folder.path))
      let path = folder.appending(path: "\(shrunk.id).yaml").path
      let file = TraceFile.load(path: path)
      #expect(file.problems.isEmpty)
      let alone = try Forgetful()
      let runner = TraceRunner(
        system: alone, implementation: try HarnessContract.hello(alone), seed: 1)
      let again = runner.run(try #require(file.traces.first))
      #expect(again.failure?.failure.kind == .invariant)
    }
  }

  @Test func `what was shrunk passes on a system without the fault`() throws {
    let sound = try PhaseSuite.referenceSystem()
    let runner = TraceRunner(
      system: sound, implementation: try HarnessContract.hello(sound), seed: 1)
    for result in try run(folder: nil) {
      let text = try #require(result.failure?.shrunk).text
      let trace = try #require(TraceFile.decode(text: text, file: "s").traces.first)
      #expect(runner.run(trace).verdict == .passed)
    }
  }
}
