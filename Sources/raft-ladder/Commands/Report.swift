import ArgumentParser
import Conformance
import ConformanceReport
import Foundation
import TraceFormat
import YAMLTree

/// Runs one system or several, or reads their results, and writes reports.
struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run systems side by side, or read results, and write reports.",
    discussion: """
      Every report is made from the same results; '-' writes one of them to standard output. The \
      exit code is the worst of the runs.

      EXAMPLES
        raft-ladder report --html report.html
        raft-ladder report --system reference --adapter './my-raft --adapter' --html report.html
        raft-ladder report --phase 3 --junit junit.xml --tap results.tap
        raft-ladder report --from etcd.json craft.json --html report.html
        raft-ladder report --from now.json --compare before.json --markdown comment.md
        raft-ladder report --json now.json --badge ladder.svg
      """)

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var systems: ReportedSystems
  @OptionGroup var outputs: ReportOutputs

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Read results that '--json' wrote instead of running anything.", valueName: "file"))
  var from: [String] = []

  @Option(help: ArgumentHelp("Compare with the results of an earlier run.", valueName: "file"))
  var compare: String?

  @Option(
    help: ArgumentHelp(
      "A list of failures that are known, of one of the implementations; may be repeated.",
      valueName: "file"))
  var knownFailures: [String] = []

  func validate() throws {
    guard from.isEmpty || (selection.isEverything && systems.areDefault) else {
      throw ValidationError("--from reads what was run: it goes with no traces, systems or seed.")
    }
  }

  func run() async throws {
    let earlier = try compare.map(readResults) ?? []
    var results: [RunResults] = []
    var isComplete = true
    var texts = SuiteTexts()
    if from.isEmpty {
      let home = try Home.find()
      let library = try home.runnableLibrary(naming: selection.patterns)
      texts = SuiteTexts(of: library, home: home)
      let traces = try selection.select(from: library, home: home)
      for options in try systems.options() {
        do throws(SystemFailure) {
          results.append(try await run(traces, options))
        } catch {
          // One system that can't be started does not take the others' reports away.
          Console.complain("\(options.name): \(error.message)")
          isComplete = false
        }
      }
    } else {
      results = try from.flatMap(readResults)
      if let home = try? Home.find(), let library = try? home.library() {
        texts = SuiteTexts(of: library, home: home)
      }
    }
    try judgeByKnownFailures(&results)
    let comparisons = Comparison.all(earlier: earlier, later: results)
    if compare != nil, comparisons.isEmpty {
      throw ValidationError("Nothing in the earlier results is of an implementation that ran now.")
    }
    try outputs.write(results, comparisons, texts)
    let worst = results.map(\.exitStatus.rawValue).max() ?? ExitStatus.unable.rawValue
    throw ExitCode(isComplete ? worst : ExitStatus.unable.rawValue)
  }

  private func run(
    _ traces: [Trace], _ options: RunOptions
  ) async throws(SystemFailure) -> RunResults {
    let factory: SystemFactory
    let includesHarness: Bool
    do {
      factory = try options.factory()
      includesHarness = try selection.includesHarness()
    } catch {
      throw .crashed("\(error)")
    }
    let progress = ProgressLine(total: traces.count)
    let runner = SuiteRunner(
      factory: factory, seed: options.seed, jobs: options.jobs,
      progress: { _ in progress.advance() })
    defer { progress.clear() }
    var results = try await runner.run(traces)
    if includesHarness {
      let harness = HarnessContract(factory: factory, seed: options.seed).run()
      results.traces = harness + results.traces
    }
    return results
  }

  private func readResults(_ path: String) throws -> [RunResults] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw ValidationError("\(path) can't be read.")
    }
    do throws(ResultsProblem) {
      return try ResultsJSON.decode(data)
    } catch {
      throw ValidationError("\(path) holds no results: \(error)")
    }
  }

  /// Gives failures that a list has, and listed ones that are not as listed, their verdicts.
  private func judgeByKnownFailures(_ results: inout [RunResults]) throws {
    for path in knownFailures {
      let list: KnownFailures
      do throws(YAMLProblems) {
        list = try KnownFailures.load(path: path)
      } catch {
        throw ValidationError(
          error.problems.map { "\($0.location): \($0.message)" }.joined(separator: "\n"))
      }
      let places = results.indices.filter {
        results[$0].implementation.name == list.implementation
          && results[$0].implementation.version == list.version
      }
      guard !places.isEmpty else {
        throw ValidationError(
          "\(path) lists failures of \(list.implementation) \(list.version), which did not run.")
      }
      for place in places { list.judge(&results[place]) }
    }
  }
}

/// Which systems are reported side by side.
struct ReportedSystems: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The systems to judge, with commas between: \(Systems.words).", valueName: "names"))
  var system: String?

  @Option(
    help: ArgumentHelp(
      "A program that speaks the adapter protocol, to judge too; may be repeated.",
      valueName: "command"))
  var adapter: [String] = []

  @Option(help: ArgumentHelp("The runs' seed; each trace's own comes from it and the trace's id."))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Traces at a time; by default one for each core.", valueName: "n"))
  var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

  /// Whether nothing is said of how to run.
  var areDefault: Bool { system == nil && adapter.isEmpty && seed == 1 }

  func validate() throws { _ = try options() }

  /// How each system is run, in the order they are named.
  ///
  /// - Throws: a usage error for a system that is not known, or an adapter's command that is none.
  func options() throws -> [RunOptions] {
    let names = system ?? (adapter.isEmpty ? "reference" : "")
    let named = names.split(separator: ",").map { ["--system", $0.trimmingSpaces] }
    let chosen = named + adapter.map { ["--adapter", $0] }
    guard !chosen.isEmpty else { throw ValidationError("--system names no system.") }
    return try chosen.map { words in
      do {
        return try RunOptions.parse(words + ["--seed", "\(seed)", "--jobs", "\(jobs)"])
      } catch {
        throw ValidationError(RunOptions.message(for: error))
      }
    }
  }
}

extension RunOptions {
  /// What messages call the system.
  fileprivate var name: String { adapter ?? system }
}

extension Substring {
  fileprivate var trimmingSpaces: String { trimmingCharacters(in: .whitespaces) }
}

extension SuiteTexts {
  /// The clauses and the files of a library.
  fileprivate init(of library: TraceLibrary, home: Home) {
    let clauses = library.clauses.clauses.map { ($0.slug, $0.text) }
    let files = library.files.compactMap { file -> (String, String)? in
      let isElsewhere = file.file.hasPrefix("/")
      let url = isElsewhere ? URL(filePath: file.file) : home.root.appending(path: file.file)
      return (try? String(contentsOf: url, encoding: .utf8)).map { (file.file, $0) }
    }
    self.init(
      clauses: Dictionary(clauses) { first, _ in first },
      files: Dictionary(files) { first, _ in first })
  }
}
