import Foundation
import Support
import Testing

/// The starters that `raft-ladder new adapter` writes: that they run, and what they are worth.
@Suite struct NewAdapterTests {
  @Test func `a starter is written once, and never over a file`() throws {
    let folder = try TemporaryFolder()
    let command = Command(folder: folder.url)
    let first = try command.run("new", "adapter", "--language", "python", "--output", "mine")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output == "mine/adapter.py\n")
    #expect(first.errors.contains("raft-ladder validate-adapter -- python3 mine/adapter.py"))
    let text = try String(
      contentsOf: folder.url.appending(path: "mine/adapter.py"), encoding: .utf8)
    #expect(
      text.contains("  4      clock                   tick\n"), "the table of what comes next")
    #expect(!text.contains("<next steps>"))
    let second = try command.run("new", "adapter", "--language", "python", "--output", "mine")
    #expect(second.status == 64)
    #expect(second.errors.contains("mine/adapter.py exists already"))
  }

  @Test func `a language without a starter is a usage error that lists those with one`() throws {
    let result = try Command().run("new", "adapter", "--language", "cobol")
    #expect(result.status == 64)
    for language in ["python", "go", "c", "rust", "swift", "javascript"] {
      #expect(result.errors.contains(language))
    }
  }

  @Test func `the Python starter runs`() throws {
    try Starter("python", "adapter.py").isConformant { [Tool.python, $0] }
  }

  @Test(.enabled(if: Tool.exists("cc"), "there is no C compiler here"))
  func `the C starter runs`() throws {
    try Starter("c", "adapter.c").isConformant { source in
      let program = Starter.program(source)
      try Tool.run(
        "cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all", "-o", program, source)
      return [program]
    }
  }

  @Test(.enabled(if: Tool.exists("go"), "there is no Go here"))
  func `the Go starter runs`() throws {
    try Starter("go", "adapter.go").isConformant { source in
      let program = Starter.program(source)
      try Tool.run("go", "build", "-o", program, source)
      #expect(try Tool.run("gofmt", "-l", source).isEmpty, "gofmt would write it otherwise")
      return [program]
    }
  }

  @Test(.enabled(if: Tool.exists("rustc"), "there is no Rust here"))
  func `the Rust starter runs`() throws {
    try Starter("rust", "adapter.rs").isConformant { source in
      let program = Starter.program(source)
      try Tool.run("rustc", "--edition", "2021", "-D", "warnings", "-o", program, source)
      return [program]
    }
  }

  @Test(.enabled(if: Tool.exists("node"), "there is no Node.js here"))
  func `the JavaScript starter runs`() throws {
    try Starter("javascript", "adapter.mjs").isConformant { ["node", $0] }
  }

  @Test func `the Swift starter passes the compiler`() throws {
    let starter = try Starter("swift", "adapter.swift")
    try Tool.run(
      "swiftc", "-typecheck", "-swift-version", "6", "-warnings-as-errors", starter.file.path)
  }
}

/// A starter, freshly written.
private struct Starter {
  let folder = try? TemporaryFolder()
  let file: URL

  init(_ language: String, _ name: String) throws {
    let folder = try #require(folder)
    let made = try Command(folder: folder.url).run("new", "adapter", "--language", language)
    try #require(made.status == 0, "\(made.errors)")
    file = folder.url.appending(path: name)
  }

  /// Where the program of a source is built.
  static func program(_ source: String) -> String {
    URL(filePath: source).deletingPathExtension().path
  }

  /// Whether the adapter is valid and nothing that applies fails, and enough applies.
  ///
  /// - Parameter build: builds the source where it is built, and gives the adapter's words.
  func isConformant(_ build: (String) throws -> [String]) throws {
    let words = try build(file.path)
    let walk = try Command().run(["validate-adapter", "--"] + words)
    #expect(walk.status == 0, "\(walk.output)\(walk.errors)")
    let adapter = words.map { "'\($0)'" }.joined(separator: " ")
    let run = try Command().run("run", "--adapter", adapter)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    // A hundred traces are about votes alone; with fewer a starter would show too little.
    let counts = try #require(run.output.firstMatch(of: /(\d+) passed, 0 failed/))
    #expect(Int(counts.1) ?? 0 >= 60, "\(run.output)")
    #expect(run.output.contains("Height: 3.2"))
    try keepsGreatNumbers(words)
  }

  /// Terms above 2^53 come and go as strings of digits, and a line that is no request ends nothing.
  private func keepsGreatNumbers(_ words: [String]) throws {
    let greatest = "18446744073709551615"
    let vote =
      #"{"type":"RequestVote","term":"\#(greatest)","lastLogIndex":0,"lastLogTerm":0}"#
    let lines = [
      #"{"id":1,"op":"begin","trace":"t","seed":"0000000000000001"}"#,
      #"{"id":2,"op":"create","node":"n1","voters":["n1","n2"],"hardState":{"term":7}}"#,
      #"{"id":3,"op":"receive","node":"n1","from":"n2","message":\#(vote)}"#,
      #"{"id":4,"op":"state","node":"n2"}"#, #"{"id":5,"op":"bye"}"#, "",
    ]
    let folder = try TemporaryFolder()
    let input = try folder.write(lines.joined(separator: "\n"), to: "lines")
    let adapter = words.map { "'\($0)'" }.joined(separator: " ")
    let answers = try Tool.run("sh", "-c", "\(adapter) <'\(input.path)'")
      .replacing(" ", with: "").split(separator: "\n")
    #expect(answers.count == 5)
    #expect(answers[2].components(separatedBy: #""term":"\#(greatest)""#).count == 3)
    #expect(answers[2].contains(#""granted":true"#))
    #expect(answers[2].contains(#""votedFor":"n2""#))
    #expect(answers[3].hasPrefix(#"{"id":4,"error":"#) || answers[3].contains(#""error":{"#))
  }
}

/// Programs of other languages.
enum Tool {
  /// The Python that the tests use.
  static let python = ProcessInfo.processInfo.environment["RAFT_LADDER_PYTHON"] ?? "python3"

  struct Failure: Error, CustomStringConvertible { var description: String }

  static func exists(_ name: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  /// Runs a program to its end.
  ///
  /// - Parameter environment: variables beside those of the tests themselves.
  /// - Returns: what it wrote.
  /// - Throws: where it fails, with what it wrote.
  @discardableResult
  static func run(_ words: String..., in folder: URL? = nil, environment: [String: String] = [:])
    throws -> String
  {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: said, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(words) ended with \(process.terminationStatus):\n\(text)")
    }
    return text
  }
}
