import Foundation
import Support
import Testing

/// The steps of the GitHub action, run as a runner does.
@Suite struct ActionTests {
  private let folder: TemporaryFolder
  private let output: URL
  private let summary: URL

  init() throws {
    folder = try TemporaryFolder()
    output = try folder.create("output")
    summary = try folder.create("summary")
  }

  @Test func `a conformant adapter gives outputs, a summary and every report`() throws {
    try run("run", ["ADAPTER": "'\(Command.program.path)' adapter reference"])
    let outputs = try self.outputs()
    #expect(outputs["exit-code"] == "0")
    #expect(outputs["height"] == "3.2")
    #expect(outputs["failed"] == "0")
    let results = try JSONSerialization.jsonObject(with: Data(contentsOf: report("results.json")))
    let first = ((results as? [String: Any])?["runs"] as? [[String: Any]])?.first
    let counts = try #require(first?["counts"] as? [String: Int])
    for (name, word) in [
      ("failed", "failed"), ("known", "known-failure"), ("stale", "stale-known-failure"),
      ("not-applicable", "not-applicable"), ("errors", "error"),
    ] {
      #expect(outputs[name] == counts[word].map(String.init), "\(name)")
    }
    let passed = (counts["passed"] ?? 0) + (counts["passed-non-strict"] ?? 0)
    #expect(passed > 0)
    #expect(outputs["passed"] == String(passed))
    for name in ["junit.xml", "report.html", "summary.md", "badge.svg"] {
      #expect(try !Data(contentsOf: report(name)).isEmpty, "\(name)")
    }
    #expect(try text(summary).contains("height 3.2"))
    try run("verdict", ["EXIT_CODE": "0", "FAIL_ON": "failures"])
  }

  @Test func `known failures go to the suite, and stale ones into the outputs`() throws {
    let known = try folder.write(
      """
      implementation: raft-ladder reference
      version: 1.0.0
      failures:
        - trace: vote.denial-binds-nothing/one-entry-short
          step: 1
          kind: expectation
          reason: It is none
      """, to: "known.yaml")
    try run(
      "run",
      [
        "ADAPTER": "'\(Command.program.path)' adapter reference", "KNOWN_FAILURES": known.path,
      ])
    let outputs = try outputs()
    #expect(outputs["exit-code"] == "1", "\(outputs)")
    #expect(outputs["stale"] == "1")
  }

  @Test func `an adapter that does not start leaves no verdict`() throws {
    try run("run", ["ADAPTER": "no-such-program-here"])
    #expect(try outputs() == ["exit-code": "2"])
    #expect(try text(summary).contains("No verdict"))
  }

  @Test(arguments: [
    ("0", "failures", true), ("1", "failures", false), ("2", "failures", false),
    ("1", "errors", true), ("2", "errors", false), ("64", "errors", false), ("2", "never", true),
    ("0", "sometimes", false),
  ])
  func `the verdict fails a job or does not`(status: String, failOn: String, passes: Bool) throws {
    let environment = ["EXIT_CODE": status, "FAIL_ON": failOn]
    if passes {
      try run("verdict", environment)
    } else {
      #expect(throws: Tool.Failure.self) { try run("verdict", environment) }
    }
  }

  @Test func `an archive is checked, unpacked and named`() throws {
    let archive = try archive()
    let sum = try #require(try Tool.run("sha256sum", archive).split(separator: " ").first)
    try run(
      "install",
      ["ARCHIVE": archive, "SHA256": String(sum), "RUNNER_TEMP": folder.url.path])
    let program = try #require(try outputs()["program"])
    #expect(program == folder.url.appending(path: "raft-ladder/raft-ladder").path)
    let version = try Tool.run(program, "--version")
    #expect(version.contains(/^\d+\.\d+\.\d+/))
    for environment in [
      ["ARCHIVE": archive, "SHA256": String(repeating: "0", count: 64)],
      ["ARCHIVE": archive + ".not"],
    ] {
      #expect(throws: Tool.Failure.self) {
        try run("install", environment.merging(["RUNNER_TEMP": folder.url.path]) { $1 })
      }
    }
  }

  @Test func `every input, output and step of the action is there`() throws {
    let action = try text(PhaseSuite.root.appending(path: "tools/action/action.yml"))
    let script = try text(PhaseSuite.root.appending(path: "tools/action/run"))
    for match in action.matches(of: /steps\.run\.outputs\.([a-z-]+)/) {
      #expect(script.contains("printf '\(match.1)="), "\(match.1)")
    }
    for match in action.matches(of: /GITHUB_ACTION_PATH\/([a-z]+)/) {
      let step = PhaseSuite.root.appending(path: "tools/action/\(match.1)")
      #expect(FileManager.default.isExecutableFile(atPath: step.path), "\(match.1)")
    }
    let inputs = Set(action.matches(of: /inputs\.([a-z0-9-]+)/).map { String($0.1) })
    for name in inputs { #expect(action.contains("\n  \(name):\n"), "\(name)") }
    #expect(inputs.count == 8)
  }

  // MARK: Parts

  private func report(_ name: String) -> URL { folder.url.appending(path: "reports/\(name)") }

  private func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

  private func outputs() throws -> [String: String] {
    let lines = try text(output).split(separator: "\n").map {
      $0.split(separator: "=", maxSplits: 1).map(String.init)
    }
    return Dictionary(lines.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { $1 }
  }

  /// Runs a step with what a runner sets, in the repository, over one rung.
  private func run(_ step: String, _ environment: [String: String]) throws {
    let usual = [
      "GITHUB_OUTPUT": output.path, "GITHUB_STEP_SUMMARY": summary.path,
      "RAFT_LADDER": Command.program.path, "ARGUMENTS": "--todo 3.2",
      "REPORTS": folder.url.appending(path: "reports").path,
    ]
    try Tool.run(
      PhaseSuite.root.appending(path: "tools/action/\(step)").path, in: PhaseSuite.root,
      environment: usual.merging(environment) { $1 })
  }

  /// An archive with the layout of tools/package, and in it a script that runs the program.
  private func archive() throws -> String {
    let inside = folder.url.appending(path: "made/raft-ladder-0-linux")
    try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
    let program = try folder.write(
      "#!/bin/sh\nexec '\(Command.program.path)' \"$@\"\n",
      to: "made/raft-ladder-0-linux/raft-ladder")
    try Tool.run("chmod", "+x", program.path)
    let archive = folder.url.appending(path: "archive.tar.gz").path
    try Tool.run(
      "tar", "--create", "--gzip", "--file", archive, "--directory",
      folder.url.appending(path: "made").path, "raft-ladder-0-linux")
    return archive
  }
}
