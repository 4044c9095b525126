import ArgumentParser
import Conformance
import Foundation
import TraceFormat

/// Everything that can be checked without running a trace.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check traces, or the whole repository: traces, clauses, coverage, generated texts.",
    discussion: """
      EXAMPLES
        raft-ladder check                        everything
        raft-ladder check my-trace.yaml          some files
        raft-ladder check --as-json trace.yaml   a trace as JSON, for a JSON Schema validator
        raft-ladder check --write                write the generated texts anew, then check

      Every mistake of a file is told at once, as file:line:column. Exit code 1 says that there are \
      some.
      """)

  @Argument(help: "Trace files; without any, everything is checked.")
  var files: [String] = []

  @Flag(help: "Print the one file given as JSON and check nothing.")
  var asJson = false

  @Flag(help: "Write the texts that are generated from code and traces.")
  var write = false

  func validate() throws {
    if asJson, files.count != 1 { throw ValidationError("--as-json takes one file.") }
    if write, !files.isEmpty { throw ValidationError("--write takes no files.") }
    for file in files where !FileManager.default.fileExists(atPath: file) {
      throw ValidationError("There is no file '\(file)'.")
    }
  }

  func run() throws {
    if asJson {
      Console.write(try TraceFile.json(path: files[0]) + "\n")
    } else if files.isEmpty {
      try checkEverything()
    } else {
      try checkFiles()
    }
  }

  private func checkFiles() throws {
    let home = try Home.find()
    let clauses = try home.clauses()
    let inside = home.traces.standardizedFileURL.path + "/"
    var problems: [TraceProblem] = []
    for path in files {
      let url = URL(filePath: path)
      let file = TraceFile.load(path: path, file: home.relative(url))
      problems += TraceLint.problems(
        of: [file], clauses: clauses,
        checksFolders: url.standardizedFileURL.path.hasPrefix(inside))
    }
    try conclude(problems.map(\.description), failed: problems.contains { $0.severity == .error })
  }

  private func checkEverything() throws {
    let home = try Home.find()
    let library = try home.library()
    let generated = try GeneratedText.all(home: home, library: library)
    if write {
      for text in generated { try text.write(home: home) }
    }
    let coverage = Coverage(home: home, library: library)
    var complaints = library.problems.map(\.description)
    complaints += coverage.uncoveredClauses()
    complaints += try coverage.staleMentions()
    complaints += generated.filter { !$0.isCurrent(home: home) }.map {
      "\($0.path): not what the code and the traces say; run 'raft-ladder check --write'"
    }
    try conclude(complaints, failed: !complaints.isEmpty)
    Console.complain(
      "\(library.files.count) trace files, \(library.traces.count) cases, "
        + "\(library.clauses.clauses.count) clauses: all in order")
  }

  private func conclude(_ complaints: [String], failed: Bool) throws {
    for complaint in complaints { Console.write(complaint + "\n") }
    if failed { throw ExitCode(ExitStatus.failures.rawValue) }
  }
}
