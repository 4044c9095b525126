import AdapterProtocol
import Foundation
import Testing

/// The examples of `Spec/AdapterProtocol.md`, held against the code.
struct SpecExampleTests {
  /// The lines of its fenced JSON blocks.
  static func examples() throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "Spec/AdapterProtocol.md"), encoding: .utf8)
    var isExample = false
    return page.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line in
      if line.hasPrefix("```") {
        isExample = line == "```json"
        return nil
      }
      return isExample ? String(line) : nil
    }
  }

  @Test func `every example reads, and is what the code would write`() throws {
    for example in try Self.examples() {
      let line = Array(example.utf8)
      if example.contains("\"op\":") {
        let (id, request) = try RequestCoding.decode(line)
        #expect(text(RequestCoding.encode(request, id: id)) == example + "\n")
      } else {
        let (id, answer) = try AnswerCoding.decode(line)
        #expect(text(AnswerCoding.encode(answer, id: id)) == example + "\n")
      }
    }
  }

  @Test func `the examples show every operation and every kind of answer`() throws {
    let examples = try Self.examples()
    for operation in Operation.allCases {
      #expect(
        examples.contains { $0.contains("\"op\":\"\(operation.rawValue)\"") },
        "no example of '\(operation.rawValue)'")
    }
    for word in ["ok", "unsupported", "error", "base", "wire", "results", "truncatedFrom"] {
      #expect(examples.contains { $0.contains("\"\(word)\":") }, "no example of '\(word)'")
    }
  }
}
