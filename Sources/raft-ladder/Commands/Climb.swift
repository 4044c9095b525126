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
    let library = try home.runnableLibrary()
    var climbed: RunResults?
    let start = Ladder.todos.firstIndex { $0.id == from } ?? 0
    for todo in Ladder.todos[start...] where Ladder.phase(todo.phase)?.isBuilt == true {
      let results = try await climb(todo, library)
      var all = climbed ?? results
      if climbed != nil { all.traces += results.traces }
      climbed = all
      Console.write(line(of: results, todo))
      if results.rungs.first?.state == .fails {
        try explainFailure(of: results, todo, home, library)
        throw ExitCode(results.exitStatus.rawValue)
      }
    }
    guard let climbed else { throw ExitCode(ExitStatus.unable.rawValue) }
    Console.write("\n\(climbed.implementation.name) stands at \(climbed.height.text).\n")
    throw ExitCode(climbed.exitStatus.rawValue)
  }

  private func line(of results: RunResults, _ todo: Ladder.Todo) -> String {
    let passed = results.traces.count { $0.verdict.isPass }
    let state: String
    switch results.rungs.first?.state {
    case .holds: state = "holds"
    case .fails: state = "FAILS"
    case .notShown, nil: state = "not shown"
    }
    return "\(todo.id.padded(to: 5)) \(todo.title.padded(to: 40)) "
      + "\(state)  \(passed) of \(results.traces.count) traces\n"
  }

  /// What failed, what the rung demands, and where that is written.
  private func explainFailure(
    of results: RunResults, _ todo: Ladder.Todo, _ home: Home, _ library: TraceLibrary
  ) throws {
    Console.write("\n" + options.report(of: results, library).failures())
    Console.write("\n" + (try LadderChapter.section(of: todo, home: home)) + "\n")
    Console.write("The whole text: \(home.relative(LadderChapter.file(of: todo, home: home)))\n")
  }

  private func climb(_ todo: Ladder.Todo, _ library: TraceLibrary) async throws -> RunResults {
    let factory = try options.factory()
    let runner = SuiteRunner(factory: factory, seed: options.seed, jobs: options.jobs)
    do throws(SystemFailure) {
      var results = try await runner.run(library.traces.filter { $0.todo == todo.id })
      if todo.id == Ladder.todos.first?.id {
        results.traces =
          HarnessContract(factory: factory, seed: options.seed).run() + results.traces
      }
      return results
    } catch {
      Console.complain(error.message)
      throw ExitCode(ExitStatus.unable.rawValue)
    }
  }
}
