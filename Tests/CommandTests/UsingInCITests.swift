import Foundation
import Support
import Testing

/// Spec/UsingInCI.md: its shell blocks run as they are, and what it names exists.
@Suite struct UsingInCITests {
  private let page: String

  init() throws {
    page = try String(
      contentsOf: PhaseSuite.root.appending(path: "Spec/UsingInCI.md"), encoding: .utf8)
  }

  @Test func `every shell block runs, one after the other`() throws {
    let blocks = page.components(separatedBy: "```sh\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
    #expect(blocks.count == 3)
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: "raft-ladder"), withDestinationURL: Command.program)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let said = try Tool.run(
      "bash", "-euc", blocks.joined(separator: "\n"), in: folder.url,
      environment: [
        "PATH": "\(folder.url.path):\(path)", "RAFT_LADDER_HOME": PhaseSuite.root.path,
      ])
    #expect(said.contains("the adapter is valid"))
    for name in [
      "junit.xml", "report.html", "summary.md", "results.json", "badge.svg", "known-failures.yaml",
      "comment.md",
    ] {
      let file = folder.url.appending(path: name)
      #expect(try !Data(contentsOf: file).isEmpty, "\(name)")
    }
  }

  @Test func `what it says of the action is so`() throws {
    let action = try String(
      contentsOf: PhaseSuite.root.appending(path: "tools/action/action.yml"), encoding: .utf8)
    for match in page.matches(of: #/\n {10}([a-z0-9-]+):\ /#) {
      #expect(action.contains("\n  \(match.1):\n"), "the action has no input \(match.1)")
    }
    for name in ["height", "passed", "failed", "known", "stale", "not-applicable", "errors"] {
      #expect(page.contains("`\(name)`"))
      #expect(action.contains("\n  \(name):\n"))
    }
  }
}
