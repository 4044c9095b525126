import ArgumentParser
import Conformance
import ConformanceReport
import Foundation
import TraceFormat

/// Takes a system up rung by rung.
struct Climb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go up rung by rung; stop at the first that does not hold and say what it demands.",
    discussion: """
      EXAMPLES
        raft-ladder climb                  from the lowest rung
        raft-ladder climb --from 3.1       from a rung further up
      """)

  @Option(help: ArgumentHelp("The rung to begin with.", valueName: "todo"))
  var from: String = Ladder.todos.first?.id ?? "0.1"

  @OptionGroup var options: RunOptions

  func validate() throws {
    guard Ladder.todo(from) != nil else { throw ValidationError("There is no TODO \(from).") }
  }

  func run() async throws {
    let home = try Home.find()
    let library = try home.runnableLibrary(for: SelectionOptions())
    let report = options.report(library: library, isVerbose: false)
    var rungs: [TraceResult] = []
    let start = Ladder.todos.firstIndex { $0.id == from } ?? 0
    var height: RunResults?
    for todo in Ladder.todos[start...] where Ladder.phase(todo.phase)?.isBuilt == true {
      let results = try await climb(todo, library)
      rungs += results.traces
      height = results
      height?.traces = rungs
      Console.write(report.line(of: results, todo: todo))
      guard results.rungs.first?.state != .fails else {
        Console.write("\n" + report.failures(of: results))
        Console.write("\n" + (try LadderChapter.section(of: todo, home: home)) + "\n")
        Console.write(
          "The whole text: \(home.relative(LadderChapter.file(of: todo, home: home)))\n")
        throw ExitCode(results.exitStatus.rawValue)
      }
    }
    guard let height else { throw ExitCode(ExitStatus.unable.rawValue) }
    Console.write("\nHeight: \(height.height.text)\n")
    throw ExitCode(height.exitStatus.rawValue)
  }

  private func climb(_ todo: Ladder.Todo, _ library: TraceLibrary) async throws -> RunResults {
    let factory = try options.factory()
    let runner = SuiteRunner(factory: factory, seed: options.seed, jobs: options.jobs)
    do {
      var results = try await runner.run(library.traces.filter { $0.todo == todo.id })
      if todo.id == Ladder.todos.first?.id {
        results.traces = HarnessContract(factory: factory, seed: options.seed).run() + results.traces
      }
      return results
    } catch let failure as SystemFailure {
      Console.complain(failure.message)
      throw ExitCode(ExitStatus.unable.rawValue)
    }
  }
}
