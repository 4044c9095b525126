import AdapterProcess
import AdapterProtocol
import Conformance
import Foundation
import ReferenceSystem
import Testing

/// The other end: what the suite's own adapter says to lines that nobody should send.
struct ServerTests {
  @Test func `requests sent together are answered in order, wrong ones with an error`() throws {
    let answers = try serve(
      """
      {"id":4,"op":"hello","protocols":[1],"suite":"x"}
      {"id":5,"op":"fly"}
      {"id":6,"op":"timeout"}
      nonsense
      {"id":7,"op":"timeout","node":"n9"}
      {"id":8,"op":"bye"}
      {"id":9,"op":"end"}

      """)
    #expect(answers.count == 6)
    let decoded = try answers.map { try AnswerCoding.decode(Array($0.utf8)) }
    #expect(decoded.map(\.id) == [4, 5, 6, 0, 7, 8])
    #expect(
      decoded.map { Self.kind($0.1) } == ["ok", "unsupported", "error", "error", "error", "ok"])
  }

  @Test func `the end of the input is the end, and half a line is no request`() throws {
    #expect(try serve("").isEmpty)
    #expect(try serve("{\"id\":1,\"op\":\"end\"}").isEmpty)
  }

  private static func kind(_ answer: Answer) -> String {
    switch answer {
    case .ok: "ok"
    case .unsupported: "unsupported"
    case .error: "error"
    }
  }

  private func serve(_ requests: String) throws -> [Substring] {
    let input = Pipe(), output = Pipe()
    try input.fileHandleForWriting.write(contentsOf: Data(requests.utf8))
    try input.fileHandleForWriting.close()
    var server = AdapterServer(try ReferenceSystem.factory.start())
    server.serve(
      input: input.fileHandleForReading.fileDescriptor,
      output: output.fileHandleForWriting.fileDescriptor)
    try output.fileHandleForWriting.close()
    let written = try output.fileHandleForReading.readToEnd() ?? Data()
    return String(decoding: written, as: UTF8.self).split(separator: "\n")
  }
}
