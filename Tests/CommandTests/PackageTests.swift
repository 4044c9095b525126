import Foundation
import Support
import Testing

/// `tools/package`, as far as it packs: the build itself is tried by `tools/package --check`.
@Suite struct PackageTests {
  /// The files that go in come from git, the licences from the sources that were built.
  private static let isBuiltCheckout = [".git", ".build/checkouts"].allSatisfy {
    FileManager.default.fileExists(atPath: PhaseSuite.root.appending(path: $0).path)
  }

  @Test(.enabled(if: isBuiltCheckout, "this is no checkout that was built in its own folder"))
  func `an archive holds what it needs, and is the same twice`() throws {
    let folder = try TemporaryFolder()
    let program = try folder.write(
      "#!/bin/sh\nexec '\(Command.program.path)' \"$@\"\n", to: "program")
    try Tool.run("chmod", "+x", program.path)
    let sums = try (1...2).map { number in
      let output = folder.url.appending(path: "\(number)")
      try Tool.run(
        PhaseSuite.root.appending(path: "tools/package").path, "--program", program.path,
        "--output", output.path)
      let files = try FileManager.default.contentsOfDirectory(atPath: output.path)
      let sum = try #require(files.first { $0.hasSuffix(".sha256") })
      try Tool.run("sha256sum", "--check", "--quiet", sum, in: output)
      return try String(contentsOf: output.appending(path: sum), encoding: .utf8)
    }
    #expect(sums[0] == sums[1])
    let name = try #require(sums[0].split(whereSeparator: \.isWhitespace).last)
    let archive = folder.url.appending(path: "1/\(name)").path
    let stem = name.replacing(".tar.gz", with: "")
    let listed = Set(try Tool.run("tar", "--list", "--file", archive).split(separator: "\n"))
    for file in [
      "raft-ladder", "README.md", "NOTICES.md", "Spec/Clauses.yaml", "Spec/AdapterProtocol.md",
      "Spec/schemas/adapter-answer.schema.json",
    ] {
      #expect(listed.contains("\(stem)/\(file)"), "\(file)")
    }
    let traces = listed.count { $0.hasPrefix("\(stem)/Traces/") && $0.hasSuffix(".yaml") }
    #expect(traces == PhaseSuite.library.files.count)
    let notices = try Tool.run(
      "tar", "--extract", "--to-stdout", "--file", archive, "\(stem)/NOTICES.md")
    for part in [
      "### swift-argument-parser", "### swift-mustache", "### swift-subprocess",
      "### swift-system", "## libyaml", "UNICODE LICENSE",
    ] {
      #expect(notices.contains(part), "\(part)")
    }
  }
}
