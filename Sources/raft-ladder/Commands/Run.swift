import ArgumentParser
import Conformance
import ConformanceReport
import Foundation
import Synchronization
import TraceFormat
import YAMLTree

/// Runs traces.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run traces and say how far up the ladder the system stands.",
    discussion: """
      EXAMPLES
        raft-ladder run                              everything
        raft-ladder run --todo 3.2 --todo 3.3        some rungs
        raft-ladder run 'commit.*' --verbose         traces by id, with the invariants checked
        raft-ladder run my-trace.yaml                a file of your own
        raft-ladder run --json results.json          the results as JSON ('-' for standard output)
        raft-ladder run --fail-fast                  stop at the first failure
        raft-ladder run --todo 11.3 --seeds 1000     chaos with the seeds 1 to 1000
        raft-ladder run --known-failures known.yaml  failures that are listed do not fail the run
      """)

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var options: RunOptions

  @Flag(help: "Stop at the first trace that fails.")
  var failFast = false

  @Option(
    help: ArgumentHelp("Write the results as JSON; '-' is standard output.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp(
      "A list of failures that are known; one that passes or fails elsewhere fails the run.",
      valueName: "file"))
  var knownFailures: String?

  @Option(
    help: ArgumentHelp(
      "Write what fails as a list of known failures; reasons that the file has are kept.",
      valueName: "file"))
  var writeKnownFailures: String?

  @Option(
    help: ArgumentHelp(
      "Run traces that have seeds with the seeds from 1 to this, instead of their own; '5-9' is a "
        + "range.", valueName: "seeds"))
  var seeds: SeedRange?

  @Option(
    help: ArgumentHelp(
      "The folder that gets the short traces of failing chaos runs.", valueName: "folder"))
  var shrunkOutput = "shrunk-traces"

  @Flag(help: "Also show what did not apply and which invariants were observed.")
  var verbose = false

  func run() async throws {
    let home = try Home.find()
    let library = try home.runnableLibrary(naming: selection.patterns)
    var traces = try selection.select(from: library, home: home)
    if let seeds { traces = traces.perSeed(seeds.range) }
    let factory = try options.factory()
    let harness =
      try selection.includesHarness()
      ? HarnessContract(factory: factory, seed: options.seed).run() : []
    let progress = ProgressLine(total: traces.count)
    var runner = SuiteRunner(
      factory: factory, seed: options.seed, jobs: options.jobs, failFast: failFast,
      progress: { _ in progress.advance() })
    runner.shrunkFolder = shrunkOutput
    var results: RunResults
    do throws(SystemFailure) {
      results = try await runner.run(traces)
    } catch {
      Console.complain(error.message)
      throw ExitCode(ExitStatus.unable.rawValue)
    }
    progress.clear()
    results.traces = harness + results.traces
    try compareWithKnownFailures(&results)
    try report(results, library)
    throw ExitCode(results.exitStatus.rawValue)
  }

  /// Writes the list of known failures, or judges the results by it.
  private func compareWithKnownFailures(_ results: inout RunResults) throws {
    if let path = writeKnownFailures {
      let exists = FileManager.default.fileExists(atPath: path)
      let earlier = exists ? try readKnownFailures(path) : nil
      let list = KnownFailures(of: results, keeping: earlier)
      try Data(list.text.utf8).write(to: URL(filePath: path))
      Console.complain("\(path): \(list.failures.count) known failures; give each its reason")
    }
    guard let path = knownFailures else { return }
    let list = try readKnownFailures(path)
    let actual = results.implementation
    guard list.implementation == actual.name, list.version == actual.version else {
      throw ValidationError(
        "\(path) lists failures of \(list.implementation) \(list.version); this is "
          + "\(actual.name) \(actual.version).")
    }
    list.judge(&results)
  }

  private func readKnownFailures(_ path: String) throws -> KnownFailures {
    do throws(YAMLProblems) {
      return try KnownFailures.load(path: path)
    } catch {
      for problem in error.problems { Console.complain("\(problem.location): \(problem.message)") }
      throw ExitCode(ExitStatus.usage.rawValue)
    }
  }

  private func report(_ results: RunResults, _ library: TraceLibrary) throws {
    if let json {
      let document = try ResultsJSON.encode([results])
      if json == "-" { return FileHandle.standardOutput.write(document) }
      try document.write(to: URL(filePath: json))
    }
    Console.write(options.report(of: results, library, isVerbose: verbose).text())
  }
}

extension RunOptions {
  /// The report for a terminal, or for whatever standard output is.
  func report(
    of results: RunResults, _ library: TraceLibrary, isVerbose: Bool = false
  ) -> TerminalReport {
    TerminalReport(
      results,
      style: TerminalReport.Style(
        width: Console.width, isColoured: Console.wantsColor(STDOUT_FILENO, choice: color),
        isVerbose: isVerbose),
      rerun: Rerun(arguments: arguments),
      clauseTexts: Dictionary(
        library.clauses.clauses.map { ($0.slug, $0.text) },
        uniquingKeysWith: { first, _ in first }))
  }
}

/// How many traces have run, on one line of standard error, where that is a terminal.
final class ProgressLine: Sendable {
  private let total: Int
  private let isShown = Console.isTerminal(STDERR_FILENO)
  private let done = Mutex(0)

  init(total: Int) { self.total = total }

  func advance() {
    let count = done.withLock { count in
      count += 1
      return count
    }
    guard isShown, count % 16 == 0 || count == total else { return }
    FileHandle.standardError.write(Data("\r\(count) of \(total) traces".utf8))
  }

  func clear() {
    guard isShown else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
  }
}
