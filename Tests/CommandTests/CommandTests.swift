import Foundation
import Support
import Testing

/// The command line as a user meets it.
@Suite struct CommandTests {
  @Test(arguments: [
    [], ["run"], ["climb"], ["list"], ["check"], ["explain"], ["diagram"], ["new", "trace"],
    ["schema"], ["report"], ["new", "adapter"], ["validate-adapter"],
  ])
  func `help has examples`(_ command: [String]) throws {
    let result = try run(command + ["--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("EXAMPLES"))
  }

  @Test func `a rung that holds ends with 0 and names its height`() throws {
    let result = try Command().run("run", "--todo", "3.2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("3.2"))
    #expect(!result.output.contains("\u{1B}"), "no colours where there is no terminal")
  }

  @Test func `the same run twice gives the same bytes`() throws {
    let first = try Command().run("run", "--phase", "7", "--json", "-", "--jobs", "1")
    let second = try Command().run("run", "--phase", "7", "--json", "-", "--jobs", "2")
    #expect(first.status == 0)
    #expect(first.output.count > 1_000)
    #expect(first.output == second.output)
  }

  @Test func `a selection that matches nothing is a usage error`() throws {
    for arguments in [
      ["run", "no.such-trace"], ["run", "--todo", "99.9"], ["run", "--phase", "99"],
    ] {
      let result = try run(arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(!result.errors.isEmpty)
    }
  }

  @Test func `a near miss is told the nearest trace`() throws {
    let result = try Command().run("run", "vote.up-to-dat")
    #expect(result.status == 64)
    #expect(result.errors.contains("vote.up-to-date"))
  }

  @Test func `an unknown system is a usage error that lists the known ones`() throws {
    let result = try Command().run("run", "--system", "no-such-system")
    #expect(result.status == 64)
    #expect(result.errors.contains("reference"))
  }

  @Test func `a failing trace shows what a person needs to see why`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(wrongTrace, to: "wrong.yaml")
    let result = try Command().run("run", file.path)
    #expect(result.status == 1)
    for part in [
      "vote.wrong-on-purpose", "A stale candidate gets the vote", "vote.up-to-date",
      "wrong.yaml:15",
      "vote for n2", "denied", "The expectation is wrong on purpose", "RequestVote",
      "raft-ladder run",
    ] {
      #expect(result.output.contains(part), "\(part) is missing in:\n\(result.output)")
    }
  }

  @Test func `four mistakes in a file are told in one run, each with its place`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(mistakenTrace, to: "mistaken.yaml")
    let result = try Command().run("check", file.path)
    #expect(result.status == 1)
    let lines = result.output.split(separator: "\n")
    for place in [
      "mistaken.yaml:5:", "mistaken.yaml:6:", "mistaken.yaml:17:", "mistaken.yaml:18:",
    ] {
      #expect(lines.contains { $0.contains(place) }, "\(place) is missing in:\n\(result.output)")
    }
    #expect(result.output.contains("did you mean 'expect'"))
  }

  @Test func `a new trace passes check once its blanks are filled`() throws {
    let home = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: home.url.appending(path: "Traces"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: home.url.appending(path: "Spec"),
      withDestinationURL: PhaseSuite.root.appending(path: "Spec"))
    let command = Command(environment: ["RAFT_LADDER_HOME": home.url.path])
    let made = try command.run("new", "trace", "vote.brand-new", "--todo", "3.2")
    #expect(made.status == 0, "\(made.errors)")
    let path = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    let unfilled = try command.run("check", home.url.appending(path: path).path)
    #expect(unfilled.status == 1)
    #expect(unfilled.output.contains("blank"))
    let again = try command.run("new", "trace", "vote.brand-new", "--todo", "3.2")
    #expect(again.status == 64)
  }

  @Test func `a rung is explained from its chapter, with its clauses and traces`() throws {
    let result = try Command().run("explain", "6.2")
    #expect(result.status == 0)
    for part in [
      "Conflict resolution", "### Common ways to get it wrong", "append.conflict-deleted",
    ] {
      #expect(result.output.contains(part))
    }
  }

  @Test func `a trace is drawn as text and as SVG`() throws {
    let folder = try TemporaryFolder()
    let svg = folder.url.appending(path: "figure.svg")
    let result = try Command().run("diagram", "commit.figure-8", "--svg", svg.path)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try String(contentsOf: svg, encoding: .utf8).hasPrefix("<svg"))
    let text = try Command().run("diagram", "commit.figure-8")
    #expect(text.output.contains("n5"))
  }

  @Test func `completions are offered for the usual shells`() throws {
    for shell in ["bash", "zsh", "fish"] {
      let result = try Command().run("--generate-completion-script", shell)
      #expect(result.status == 0)
      #expect(result.output.contains("climb"))
    }
  }

  @Test func `climb passes every rung that is built`() throws {
    let result = try Command().run("climb")
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("7.3"))
  }

  @Test func `the README shows what a run prints`() throws {
    let readme = try String(
      contentsOf: PhaseSuite.root.appending(path: "README.md"), encoding: .utf8)
    let parts = readme.components(separatedBy: "<!-- sample:")
    #expect(parts.count == 3)
    let shown = parts[1].split(separator: "\n").dropFirst().filter {
      !$0.hasPrefix("```") && $0 != "..."
    }
    let printed = Set(try Command().run("run").output.split(separator: "\n"))
    #expect(shown.count > 5)
    for line in shown { #expect(printed.contains(line), "the README shows: \(line)") }
  }

  private func run(_ arguments: [String]) throws -> Command.Result {
    switch arguments.count {
    case 1: try Command().run(arguments[0])
    case 2: try Command().run(arguments[0], arguments[1])
    default: try Command().run(arguments[0], arguments[1], arguments[2])
    }
  }

  private let wrongTrace = """
    format: 1
    id: vote.wrong-on-purpose
    title: A stale candidate gets the vote
    todo: "3.2"
    level: must
    clauses: [vote.up-to-date]
    source: Raft paper, 5.4.1
    hint: The expectation is wrong on purpose
    conclusion: The report shows where and why.
    nodes: { n1: { term: 2, log: [1, 2] } }
    peers: [n2, n3]
    steps:
      - receive: { RequestVote: { from: n3, to: n1, term: 3, last: 1@1 } }
        expect: { n1: { term: 3 } }
      - receive: { RequestVote: { from: n2, to: n1, term: 4, last: 1@1 } }
        expect: { vote: { by: n1, for: n2, term: 4, granted: true } }
    """

  private let mistakenTrace = """
    format: 1
    id: vote.mistaken
    title: Four mistakes
    todo: "3.2"
    level: never
    title: Given twice
    clauses: [vote.up-to-date]
    source: Raft paper, 5.4.1
    hint: None
    conclusion: None.
    nodes: { n1: { term: 2, log: [1, 2] } }
    peers: [n2, n3]
    steps:
      - receive: { RequestVote: { from: n3, to: n1, term: 3, last: 2@2 } }
        expect: { vote: { by: n1, for: n3, term: 3, granted: true } }
      - receive: { RequestVote: { from: n2, to: n1, term: 4, last: 2@2 } }
        expcet: { n1: { term: 4 } }
      - timeout: n9
        expect: { n1: { role: candidate } }
    """
}
