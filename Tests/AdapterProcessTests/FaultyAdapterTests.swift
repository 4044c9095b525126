import AdapterProcess
import Conformance
import Foundation
import ReferenceSystem
import Support
import Testing
import TraceFormat

/// An adapter that does wrong in one trace costs that trace and no other, and is told what it did.
struct FaultyAdapterTests {
  /// Traces that begin with a time-out, several of one rung.
  private static let traces = PhaseSuite.traces(phase: 3).map(\.trace).filter { $0.todo == "3.1" }
    .prefix(6)

  /// The trace with the fault is not the first and not the last.
  private static var marked: Trace { traces[2] }

  private func run(_ fault: String, _ limits: AdapterLimits = Self.patient, jobs: Int = 1)
    async throws -> (marked: TraceResult, folder: TemporaryFolder)
  {
    let folder = try TemporaryFolder()
    let traces = Array(Self.traces)
    let command = try Adapters.faulty(fault, in: Self.marked, folder: folder)
    let results = try await SuiteRunner(
      factory: AdapterSystem.factory(command, limits: limits), seed: 1, jobs: jobs
    ).run(traces)
    let right = try await SuiteRunner(factory: ReferenceSystem.factory, seed: 1, jobs: 1)
      .run(traces)
    #expect(results.traces.count == 6)
    #expect(
      results.traces.filter { $0.id != Self.marked.fullID }.map(Shown.init)
        == right.traces.filter { $0.id != Self.marked.fullID }.map(Shown.init))
    let marked = try #require(results.traces.first { $0.id == Self.marked.fullID })
    return (marked, folder)
  }

  /// Time-outs that a loaded machine keeps, and a person who waits for the tests bears.
  private static let hasty: AdapterLimits = {
    var limits = AdapterLimits()
    limits.operation = .seconds(3)
    return limits
  }()

  /// Time-outs that no machine breaks, for faults that are no matter of time.
  private static let patient: AdapterLimits = {
    var limits = AdapterLimits()
    limits.hello = .seconds(60)
    limits.operation = .seconds(60)
    limits.trace = .seconds(300)
    return limits
  }()

  @Test(arguments: [
    ("exit", "it exited with code 3 instead of answering request "),
    ("exit", "; standard error ends with: first line / boom \\u{1b}[31m"),
    ("kill", "it was killed by SIGKILL instead of answering request "),
    ("close", "it closed its standard output instead of answering request "),
    ("exit-at-end", "it exited with code 0 instead of answering request "),
    ("garbage", "no JSON where the answer to request "),
    ("garbage", "found Segmentation fault; one answer a request, and standard output for nothing"),
    ("noise", "expected a JSON object at byte 1, found debug: here"),
    ("wrong-field", "the field 'ok.state.term': expected an integer from 0 to 2^64 - 1"),
    ("wrong-id", "was due: "),
    ("two-answers", "it wrote more than the one answer to request "),
    ("flood-output", "bytes without an end of line, and no answer to request "),
    ("refuse", "refused the declared capability 'timeout': not today"),
    ("markup", "<script>alert(1)</script>\u{1B}[31m\u{202E}"),
  ])
  func `a fault is an error of its trace, told in words`(fault: String, words: String) async throws
  {
    let (marked, _) = try await run(fault)
    #expect(marked.verdict == .error)
    #expect(marked.reason?.contains(words) == true, "\(marked.reason ?? "no reason")")
  }

  @Test(arguments: ["flood-errors", "slow"])
  func `a flood of standard error, or a slow answer, is no fault`(fault: String) async throws {
    let (marked, _) = try await run(fault)
    #expect(marked.verdict == .passed, "\(marked.reason ?? "no reason")")
  }

  @Test func `an adapter that hangs is an error, though the rest goes on`() async throws {
    let (marked, _) = try await run("hang", Self.hasty, jobs: 2)
    #expect(marked.verdict == .error)
    let reason = try #require(marked.reason)
    #expect(reason.hasPrefix("the adapter timed out: no answer to request "))
    #expect(reason.contains(") within 3.0 seconds"))
  }

  @Test func `a trace in which the adapter hung is taken up once more`() async throws {
    let (marked, folder) = try await run("hang-once", Self.hasty, jobs: 2)
    #expect(marked.verdict == .passed, "\(marked.reason ?? "no reason")")
    #expect(try folder.read("hung").isEmpty)
  }

  @Test func `a trace that takes too long is an error`() async throws {
    var limits = AdapterLimits()
    limits.trace = .milliseconds(10)
    let folder = try TemporaryFolder()
    let command = try Adapters.faulty("slow", in: Self.marked, folder: folder)
    let results = try await SuiteRunner(
      factory: AdapterSystem.factory(command, limits: limits), seed: 1, jobs: 1
    ).run([Self.marked])
    #expect(results.traces.map(\.verdict) == [.error])
    #expect(
      results.traces[0].reason?.contains("within the 0.01 seconds that a trace may take") == true,
      "\(results.traces[0].reason ?? "no reason")")
  }

  @Test func `the children of an adapter that hangs go with it`() async throws {
    let (marked, folder) = try await run("leave-child", Self.hasty)
    #expect(marked.verdict == .error)
    let pid = try #require(pid_t(try folder.read("child")))
    #expect(!isAlive(pid))
  }

  @Test func `what an adapter says moves no cursor in a report`() throws {
    let folder = try TemporaryFolder()
    let command = try Adapters.faulty("markup", in: Self.marked, folder: folder)
    let words = ([command.program] + command.arguments).map { "'\($0)'" }.joined(separator: " ")
    let process = Process()
    process.executableURL = URL(filePath: Adapters.reference.program)
    process.arguments = ["run", Self.marked.id, "--adapter", words]
    process.currentDirectoryURL = PhaseSuite.root
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 2)
    #expect(text.contains("alert(1)</script>\\u{1B}[31m\\u{202E}"), "\(text)")
    #expect(!text.contains("\u{1B}"))
  }
}
