import AdapterProtocol
import Conformance
import Foundation
import ReferenceSystem
import Support
import Testing

/// The JSON Schemas against the lines that are really exchanged, with Python's validator.
struct SchemaTests {
  @Test func `every line exchanged passes its schema`() async throws {
    let recorder = Recorder()
    let factory = SystemFactory(name: "recorded") { () throws(SystemFailure) in
      RecordedSystem(try ReferenceSystem.factory.start(), recorder)
    }
    // One trace of each file, whatever it is about.
    var files = Set<String>()
    let traces = PhaseSuite.library.traces.filter { files.insert($0.location.file).inserted }
    _ = try await SuiteRunner(factory: factory, seed: 1, jobs: 1).run(traces)
    let (requests, answers) = recorder.distinct
    #expect(Set(requests.compactMap(Self.operation)).count >= 20)
    #expect(try Self.rejected(requests, by: "adapter-request") == [])
    #expect(try Self.rejected(answers, by: "adapter-answer") == [])
  }

  @Test func `a line that breaks the protocol fails its schema`() throws {
    let requests = [
      #"{"op":"end"}"#, #"{"id":1}"#, #"{"id":-1,"op":"end"}"#, #"{"id":1,"op":"timeout"}"#,
      #"{"id":1,"op":"begin","trace":"t","seed":"9f3c"}"#,
      #"{"id":1,"op":"tick","node":"n1","times":0}"#, #"{"id":1,"op":"complete","node":"n1"}"#,
      #"{"id":1,"op":"complete","node":"n1","next":1,"all":true}"#,
      #"{"id":1,"op":"hold","node":"n1","what":"disk"}"#,
      #"{"id":1,"op":"propose","node":"n1","data":"A"}"#,
      #"{"id":1,"op":"receive","node":"n1","from":"n2","message":{"type":"Gossip"}}"#,
    ]
    #expect(try Self.rejected(requests, by: "adapter-request") == requests)
    let answers = [
      #"{"ok":{}}"#, #"{"id":1}"#, #"{"id":1,"ok":{},"error":{"message":""}}"#,
      #"{"id":1,"ok":[]}"#, #"{"id":1,"ok":{"outcome":"fine"}}"#,
      #"{"id":1,"ok":{"state":{"term":"two"}}}"#, #"{"id":1,"ok":{"state":{"role":"boss"}}}"#,
      #"{"id":1,"ok":{"sent":[{"handle":1,"to":"n2"}]}}"#, #"{"id":1,"ok":{"protocol":1}}"#,
      #"{"id":1,"ok":{"state":{"appended":[{"data":""}]}}}"#,
      #"{"id":1,"ok":{"protocol":1,"implementation":{"name":"x","version":"1"},"#
        + #""capabilities":[],"wire":{"RequestVote":["lastIndex"]}}}"#,
    ]
    #expect(try Self.rejected(answers, by: "adapter-answer") == answers)
  }

  private static func operation(_ line: String) -> String? {
    try? RequestCoding.decode(Array(line.utf8)).1.operation
  }

  /// The lines that a schema of `Spec/schemas` does not let pass.
  private static func rejected(_ lines: [String], by name: String) throws -> [String] {
    let folder = try TemporaryFolder()
    let script = try folder.write(validator, to: "validate.py")
    let input = try folder.write(lines.joined(separator: "\n") + "\n", to: "lines")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let schema = PhaseSuite.root.appending(path: "Spec/schemas/\(name).schema.json")
    process.arguments = [Adapters.python, script.path, schema.path, input.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the validator failed")
    return text.split(separator: "\n").map(String.init)
  }

  private static let validator = """
    import json, sys
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        sys.exit("python3 has no jsonschema: sudo apt-get install python3-jsonschema")
    with open(sys.argv[1]) as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    with open(sys.argv[2]) as file:
        for line in file:
            if not validator.is_valid(json.loads(line)):
                print(line, end="")
    """
}

/// Keeps the lines that a system would exchange if it ran behind the protocol.
private final class RecordedSystem: SystemUnderTest {
  private let system: any SystemUnderTest
  private let recorder: Recorder

  init(_ system: any SystemUnderTest, _ recorder: Recorder) {
    self.system = system
    self.recorder = recorder
  }

  func perform(_ request: Request) throws(SystemFailure) -> Answer {
    let answer = try system.perform(request)
    recorder.add(RequestCoding.encode(request, id: 1), AnswerCoding.encode(answer, id: 1))
    return answer
  }
}

/// Lines, each once: under one id, most are repeated many times.
private final class Recorder: @unchecked Sendable {
  private let lock = NSLock()
  private var requests: Set<String> = []
  private var answers: Set<String> = []

  func add(_ request: [UInt8], _ answer: [UInt8]) {
    lock.withLock {
      requests.insert(String(decoding: request.dropLast(), as: UTF8.self))
      answers.insert(String(decoding: answer.dropLast(), as: UTF8.self))
    }
  }

  var distinct: (requests: [String], answers: [String]) {
    lock.withLock { (requests.sorted(), answers.sorted()) }
  }
}
