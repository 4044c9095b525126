import Foundation
import Testing
import YAMLTree

@Suite struct FileTests {
  /// Runs `body` with the path of a new file of `bytes`, and removes the file.
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("YAMLTreeTests-\(UUID().uuidString).yaml").path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private func problems(
    path: String, file: String? = nil, limits: YAMLLimits = .standard
  ) -> [String] {
    do {
      _ = try YAMLParser.parse(path: path, file: file, limits: limits)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test func `a file is read whole, and named by its path or as told`() throws {
    // Longer than one read of the file.
    let items = (0..<30_000).map { "- \($0)\n" }.joined()
    try withFile(Array(items.utf8)) { path in
      let root = try YAMLParser.parse(path: path)
      #expect(root.items?.map(\.asInteger) == (0..<30_000).map(Optional.some))
      #expect(root.location.file == path)
      #expect(try YAMLParser.parse(path: path, file: "short").location.file == "short")
    }
  }

  @Test func `a file at the limit is read and a larger one refused`() throws {
    try withFile(Array("a: 1".utf8)) { path in
      #expect(problems(path: path, limits: YAMLLimits(bytes: 4)).isEmpty)
      #expect(
        problems(path: path, file: "f", limits: YAMLLimits(bytes: 3))
          == ["f:1:1: the file is larger than the 3 bytes allowed"])
    }
  }

  @Test func `a file that can't be read is a problem with the system's reason`() {
    #expect(
      problems(path: "/nonexistent/t.yaml")
        == ["/nonexistent/t.yaml:1:1: can't read the file: No such file or directory"])
    #expect(problems(path: "/", file: "d") == ["d:1:1: can't read the file: Is a directory"])
  }
}
