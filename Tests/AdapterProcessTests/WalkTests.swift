import AdapterProcess
import AdapterProtocol
import Conformance
import Foundation
import ReferenceSystem
import Support
import Testing
import TraceFormat

/// The walk through an adapter: what it finds in adapters that are wrong in one thing each.
struct WalkTests {
  private static let schema: JSONSchema = {
    let file = PhaseSuite.root.appending(path: "Spec/schemas/adapter-answer.schema.json")
    do {
      return try JSONSchema(parsing: Array(Data(contentsOf: file)))
    } catch {
      preconditionFailure("\(file.path): \(error)")
    }
  }()

  /// Walks through the reference, its answers bent on the way.
  private func walk(_ bend: @escaping Bend = { _, line in line }) throws -> WalkReport {
    try AdapterWalk(schema: Self.schema) { () throws(SystemFailure) in
      BentSystem(try ReferenceSystem.factory.start(), bend)
    }.run()
  }

  @Test func `the reference is valid in every stage`() throws {
    let report = try walk()
    #expect(report.isValid)
    #expect(report.stages.flatMap(\.findings) == [])
    #expect(report.stages.count { $0.standing == .walked } >= 36)
    #expect(report.implementation?.name == "raft-ladder reference")
  }

  @Test func `a process is walked through as a system in this one is`() throws {
    let report = try AdapterWalk(schema: Self.schema) { () throws(SystemFailure) in
      try AdapterSystem(Adapters.reference)
    }.run()
    #expect(report.isValid)
    #expect(report.stages.map(\.standing) == (try walk()).stages.map(\.standing))
  }

  @Test func `every capability has its stage`() throws {
    let names = Set(try walk().stages.map(\.name))
    #expect(names.isSuperset(of: Capability.allCases.map(\.name)))
  }

  /// An adapter that is wrong in one thing: where that is found, and the words for it.
  struct Wrong: CustomTestStringConvertible {
    var testDescription: String
    var stage: String
    var words: String
    var kind = WalkFinding.Kind.fault
    var bend: Bend
  }

  @Test(arguments: wrongs)
  func `a fault is found in its stage, in words`(wrong: Wrong) throws {
    let report = try walk(wrong.bend)
    let stage = try #require(report.stages.first { $0.name == wrong.stage })
    let findings = stage.findings.filter { $0.kind == wrong.kind }
    #expect(findings.contains { $0.message.contains(wrong.words) }, "\(stage.findings)")
    if wrong.kind == .fault { #expect(!report.isValid) }
    for finding in findings {
      let place = try #require(finding.exchange)
      #expect(stage.exchanges.indices.contains(place))
    }
  }

  @Test func `a hang costs its stage, and the next begins with a new process`() throws {
    let report = try AdapterWalk(schema: Self.schema) { () throws(SystemFailure) in
      BentSystem(try ReferenceSystem.factory.start(), { _, line in line }, dies: "campaign")
    }.run()
    let broken = report.stages.filter { !$0.findings.isEmpty }
    #expect(broken.map(\.name) == ["campaign"])
    #expect(broken.first?.findings.first?.message == "the adapter crashed: as it was told")
    #expect(report.stages.last?.standing == .walked)
  }

  @Test func `without an introduction nothing else is asked`() throws {
    let report = try walk { _, line in line.replacing("\"protocol\":1", with: "\"protocol\":7") }
    #expect(report.implementation == nil)
    #expect(report.stages.map(\.name) == ["hello"])
    #expect(report.stages[0].findings.map(\.message) == ["it picks protocol 7"])
  }

  @Test func `what was not declared is not asked for`() throws {
    let report = try walk { operation, line in
      operation == "hello"
        ? line.replacing(/"capabilities":\[[^\]]*\]/, with: "\"capabilities\":[\"election\"]")
        : line
    }
    #expect(report.isValid)
    let election = report.stages.first { $0.name == "election" }
    #expect(election?.standing == .needs(["timeout"]))
    #expect(report.stages.first { $0.name == "clock" }?.standing == .notDeclared)
  }

  @Test func `the next step brings most for least`() throws {
    let traces = PhaseSuite.library.traces
    let steps = NextStep.best(3, from: [.messages, .readLog, .readVote], traces: traces)
    #expect(steps.count == 3)
    for step in steps { #expect(step.capabilities.count == 1) }
    #expect(steps.map(\.traces) == steps.map(\.traces).sorted(by: >))
    let declared: Set<Capability> = [.messages, .readLog, .readVote]
    let first = try #require(steps.first)
    #expect(
      NextStep.applicable(traces, to: declared.union(first.capabilities))
        == NextStep.applicable(traces, to: declared) + first.traces)
    #expect(NextStep.best(3, from: Set(Capability.allCases), traces: traces) == [])
  }
}

/// Changes an answer's line on its way, knowing the operation that it answers.
typealias Bend = @Sendable (_ operation: String, _ line: String) -> String

/// The adapters that are wrong, each in one thing.
private let wrongs: [WalkTests.Wrong] = [
  .init(testDescription: "no JSON", stage: "create", words: "no JSON") { operation, line in
    operation == "create" ? "Segmentation fault" : line
  },
  .init(testDescription: "wrong id", stage: "unknown operation", words: "has the id 0") {
    operation, line in
    operation.hasPrefix("no-such") ? line.replacing(/"id":\d+/, with: "\"id\":0") : line
  },
  .init(testDescription: "unknown as error", stage: "unknown operation", words: "with an error") {
    operation, line in
    operation.hasPrefix("no-such")
      ? line.replacing(/"unsupported":.*/, with: "\"error\":{\"message\":\"what?\"}}") : line
  },
  .init(
    testDescription: "unknown capability", stage: "hello", words: "there is no capability 'propse'"
  ) { _, line in line.replacing("\"propose\"", with: "\"propse\"") },
  .init(testDescription: "text for a term", stage: "create", words: "'ok.state.term': expected") {
    operation, line in
    operation == "create"
      ? line.replacing(/"term":(\d+),"voted/, with: "\"term\":\"x\",\"voted") : line
  },
  .init(testDescription: "no state", stage: "create", words: "has no 'state'") { operation, line in
    operation == "create" ? line.replacing(/"ok":.*/, with: "\"ok\":{}}") : line
  },
  .init(testDescription: "half a state", stage: "create", words: "lacks term") { operation, line in
    operation == "create" ? line.replacing(/"term":\d+,"votedFor":[^,]*,/, with: "") : line
  },
  .init(testDescription: "another vote", stage: "create", words: "the vote for n3 became n2") {
    operation, line in
    operation == "create"
      ? line.replacing("\"votedFor\":\"n3\"", with: "\"votedFor\":\"n2\"") : line
  },
  .init(testDescription: "a lost entry", stage: "state", words: "the answers before add up to") {
    operation, line in
    operation == "create"
      ? line.replacing(/\{"term":3,[^}]*\}/, with: "{\"term\":2,\"data\":\"\"}") : line
  },
  .init(testDescription: "a slip", stage: "create", words: "'commitIdx'", kind: .note) {
    operation, line in
    operation == "create" ? line.replacing("\"commitIndex\"", with: "\"commitIdx\"") : line
  },
  .init(testDescription: "an untold vote", stage: "messages", words: "'votedFor' is null") {
    operation, line in
    operation == "receive" ? line.replacing(/,"votedFor":[^,}]*/, with: "") : line
  },
  .init(testDescription: "no truncation", stage: "messages", words: "the log adds up to") {
    operation, line in line.replacing(/"truncatedFrom":\d+,/, with: "")
  },
  .init(testDescription: "silence", stage: "messages", words: "with no message") {
    operation, line in
    operation == "receive" ? line.replacing(/"sent":\[.*?\}\}\],?/, with: "") : line
  },
  .init(testDescription: "a missing field", stage: "messages", words: "has no 'granted'") {
    _, line in line.replacing(/,"granted":(true|false)/, with: "")
  },
  .init(
    testDescription: "a denied vote", stage: "messages", words: "got no vote", kind: .doubt
  ) { _, line in line.replacing("\"granted\":true", with: "\"granted\":false") },
  .init(testDescription: "a refused capability", stage: "timeout", words: "answered unsupported") {
    operation, line in
    operation == "timeout"
      ? line.replacing(
        /"ok":.*/, with: "\"unsupported\":{\"capability\":\"timeout\",\"reason\":\"later\"}}")
      : line
  },
  .init(testDescription: "one handle", stage: "timeout", words: "was given to another message") {
    _, line in line.replacing(/"handle":\d+/, with: "\"handle\":1")
  },
  .init(testDescription: "a stranger", stage: "timeout", words: "is no server here") { _, line in
    line.replacing("\"to\":\"n3\"", with: "\"to\":\"3\"")
  },
  .init(testDescription: "no copy", stage: "links.duplicate", words: "has no 'handle'") {
    operation, line in
    operation == "duplicate" ? line.replacing(/"handle":\d+/, with: "") : line
  },
  .init(testDescription: "a gap in applied", stage: "ledger.read", words: "'applied' goes from") {
    _, line in line.replacing("\"index\":2,", with: "\"index\":3,")
  },
  .init(testDescription: "a dead node", stage: "crash", words: "the status is running") {
    operation, line in
    operation == "crash" ? line.replacing("\"crashed\"", with: "\"running\"") : line
  },
  .init(testDescription: "no snapshot", stage: "snapshot", words: "to cover index 0") {
    operation, line in
    operation == "snapshot" ? line.replacing(/"snapshot":\{[^}]*\}/, with: "") : line
  },
  .init(testDescription: "no compaction", stage: "snapshot", words: "and begins at 1") {
    operation, line in
    operation == "compact" ? line.replacing(/"firstIndex":\d+/, with: "") : line
  },
  .init(testDescription: "a command for a change", stage: "config.simple", words: "of the kind") {
    _, line in line.replacing("\"kind\":\"configuration\"", with: "\"kind\":\"command\"")
  },
  .init(testDescription: "a read without end", stage: "read.index", words: "its end is not told") {
    _, line in line.replacing(/"reads":\[[^\]]*\]/, with: "\"reads\":[]")
  },
]

/// The reference, its answers bent.
private final class BentSystem: RawSystem {
  private let system: any SystemUnderTest
  private let bend: Bend
  private let fatal: String?
  private var requests: UInt64 = 0

  /// - Parameter dies: the operation that is never answered.
  init(_ system: any SystemUnderTest, _ bend: @escaping Bend, dies fatal: String? = nil) {
    self.system = system
    self.bend = bend
    self.fatal = fatal
  }

  func exchange(_ request: Request) throws(SystemFailure) -> LineExchange {
    requests += 1
    if request.operation == fatal { throw .crashed("as it was told") }
    let answer = try system.perform(request)
    let line = String(decoding: AnswerCoding.encode(answer, id: requests).dropLast(), as: UTF8.self)
    return LineExchange(
      id: requests, request: request, line: RequestCoding.encode(request, id: requests),
      answer: Array(bend(request.operation, line).utf8))
  }
}
