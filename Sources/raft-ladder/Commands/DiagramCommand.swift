import ArgumentParser
import Conformance
import ConformanceReport
import Foundation
import TraceFormat

/// A trace in space and time.
struct DiagramCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagram",
    abstract: "Draw a trace in space and time: a line per node, messages as arrows.",
    discussion: """
      EXAMPLES
        raft-ladder diagram commit.figure-8
        raft-ladder diagram vote.up-to-date/equal
        raft-ladder diagram commit.figure-8 --svg figure8.svg
      """)

  @Argument(help: "The id of a trace, or its file; of a table, its first case unless one is named.")
  var trace: String

  @Option(
    help: ArgumentHelp("Write an SVG instead of text; '-' is standard output.", valueName: "file"))
  var svg: String?

  @OptionGroup var options: RunOptions

  func run() throws {
    let home = try Home.find()
    let library = try home.runnableLibrary(naming: [trace])
    let chosen = try library.traces(matching: [trace], home: home)[0]
    let recording: Recording
    let factory = try options.factory()
    do throws(SystemFailure) {
      let system = try factory.start()
      let runner = TraceRunner(
        system: system, implementation: try HarnessContract.hello(system), seed: options.seed)
      recording = runner.record(chosen)
    } catch {
      Console.complain(error.message)
      throw ExitCode(ExitStatus.unable.rawValue)
    }
    try draw(chosen, recording)
    if !recording.result.verdict.isPass { throw ExitCode(ExitStatus.failures.rawValue) }
  }

  private func draw(_ trace: Trace, _ recording: Recording) throws {
    let diagram = Diagram(
      recording.transcript, names: recording.names, boots: Diagram.boots(of: trace))
    guard let svg else {
      let style = Diagram.TextStyle(
        width: min(Console.width, 120),
        isColoured: Console.wantsColor(STDOUT_FILENO, choice: options.color), hasLegend: true)
      Console.write("\(trace.fullID): \(trace.title)\n\n\(diagram.text(style))")
      return
    }
    let drawing = diagram.svg(title: "\(trace.fullID): \(trace.title)")
    if svg == "-" { return Console.write(drawing) }
    try Data(drawing.utf8).write(to: URL(filePath: svg))
  }
}
