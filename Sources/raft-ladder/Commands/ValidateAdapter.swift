import AdapterProcess
import AdapterProtocol
import ArgumentParser
import Conformance
import ConformanceReport
import Foundation
import TraceFormat

/// Goes through an adapter with its author.
struct ValidateAdapter: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate-adapter",
    abstract: "Go through an adapter operation by operation: what is wrong, and what comes next.",
    discussion: """
      Every answer is checked by the schema in Spec/schemas, then by what it says: what an adapter \
      tells bit by bit must add up to what it tells when asked for all of it. A finding is the \
      adapter's where the protocol says otherwise, and the implementation's where Raft does; the \
      traces judge the implementation.

      EXAMPLES
        raft-ladder validate-adapter -- ./my-adapter --some-option
        raft-ladder validate-adapter --adapter './my-adapter --some-option'
        raft-ladder validate-adapter --verbose -- python3 adapter.py

      EXIT CODES
        0   no fault of the adapter
        1   faults of the adapter
        2   the adapter could not be started, or answered no hello
        64  the command line is wrong
      """)

  @Option(
    help: ArgumentHelp(
      "The adapter, its words split as a shell does; or give it after '--'.", valueName: "command"))
  var adapter: String?

  @Flag(help: "Show every request and its answer.")
  var verbose = false

  @Option(help: "Colours: auto, always or never.")
  var color: ColorChoice = .auto

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The adapter and its arguments, after '--'.", valueName: "adapter"))
  var words: [String] = []

  func validate() throws { _ = try command() }

  func run() throws {
    let command = try command()
    let home = try Home.find()
    let schema = try home.answerSchema()
    let traces = try home.runnableLibrary().traces
    let text = ValidationText(
      isColoured: Console.wantsColor(STDOUT_FILENO, choice: color), isVerbose: verbose)
    let report: WalkReport
    do throws(SystemFailure) {
      report = try AdapterWalk(
        schema: schema, stageEnded: { Console.write(text.stage($0)) },
        start: { () throws(SystemFailure) in try AdapterSystem(command) }
      ).run()
    } catch {
      Console.complain(error.message)
      throw ExitCode(ExitStatus.unable.rawValue)
    }
    Console.write(text.summary(report))
    guard let implementation = report.implementation else {
      throw ExitCode(ExitStatus.unable.rawValue)
    }
    guard report.isValid else { throw ExitCode(ExitStatus.failures.rawValue) }
    let declared = Set(implementation.capabilities.compactMap(Capability.init(rawValue:)))
    let line = adapter ?? words.map(Escaping.shell).joined(separator: " ")
    Console.write(
      text.advice(
        NextStep.best(3, from: declared, traces: traces), declared: declared,
        applicable: NextStep.applicable(traces, to: declared), of: traces.count, command: line))
  }

  /// The adapter's command, from one of the two ways to give it.
  private func command() throws -> AdapterCommandLine {
    switch (adapter, words.first) {
    case (let text?, nil):
      do throws(AdapterCommandLine.Mistake) {
        return try AdapterCommandLine(parsing: text)
      } catch {
        throw ValidationError("--adapter: \(error.message).")
      }
    case (nil, let program?):
      return AdapterCommandLine(program: program, arguments: Array(words.dropFirst()))
    case (nil, nil):
      throw ValidationError("Name the adapter: raft-ladder validate-adapter -- ./my-adapter")
    case (_?, _?):
      throw ValidationError("Name the adapter once: with --adapter, or after '--'.")
    }
  }
}

extension Home {
  /// The schema of an adapter's answers.
  fileprivate func answerSchema() throws -> JSONSchema {
    let file = spec.appending(path: "schemas/adapter-answer.schema.json")
    do {
      return try JSONSchema(parsing: Array(Data(contentsOf: file)))
    } catch let problem as ProtocolProblem {
      throw ValidationError("\(file.path): \(problem.message).")
    } catch {
      throw ValidationError("\(file.path) can't be read.")
    }
  }
}
