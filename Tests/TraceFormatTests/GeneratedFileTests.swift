import Foundation
import Testing
import TraceFormat

struct GeneratedFileTests {
  /// The files that are written from the declarations, by their paths in the package.
  static let files: [(path: String, text: @Sendable () -> String)] = [
    ("Spec/TraceFormat.md", { SpecText.traceFormat() }),
    ("Spec/Capabilities.yaml", { SpecText.capabilities() }),
    ("Spec/schemas/trace.schema.json", { TraceSchema.text }),
  ]

  @Test(arguments: files.map(\.path))
  func `a generated file says what the declarations say`(path: String) throws {
    let text = try #require(Self.files.first { $0.path == path }).text()
    let file = packageFolder.appending(path: path)
    if ProcessInfo.processInfo.environment["RAFT_LADDER_REGENERATE"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let found = try String(contentsOf: file, encoding: .utf8)
    #expect(
      found == text,
      "\(path) is out of date: RAFT_LADDER_REGENERATE=1 swift test --filter GeneratedFileTests")
  }

  @Test func `the lines of a generated file are no longer than a screen or are tables`() {
    for line in SpecText.traceFormat().split(separator: "\n") {
      #expect(line.count <= 104 || line.hasPrefix("|"), "\(line)")
    }
  }
}
