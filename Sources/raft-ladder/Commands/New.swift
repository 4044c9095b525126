import ArgumentParser
import Conformance
import Foundation
import TraceFormat

/// Things to start from.
struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a scaffold to start from.",
    subcommands: [NewTrace.self, NewAdapter.self])
}

/// A trace to start from.
struct NewTrace: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Write a trace with blanks into the folder of its TODO.",
    discussion: """
      EXAMPLES
        raft-ladder new trace vote.my-case --todo 3.2
        raft-ladder check Traces/Phase03-Elections/3.2-vote-granting-rules/my-case.yaml
      """)

  @Argument(help: "The id: lower-case words in two parts, such as 'vote.my-case'.")
  var id: String

  @Option(help: "The TODO that the trace belongs to.")
  var todo: String

  func run() throws {
    let home = try Home.find()
    guard let rung = Ladder.todo(todo) else {
      throw ValidationError("There is no TODO \(todo); see 'raft-ladder list --ladder'.")
    }
    guard Scaffold.isID(id) else {
      throw ValidationError("'\(id)' is no id: write lower-case words, as in 'vote.my-case'.")
    }
    guard try home.library().traces.allSatisfy({ $0.id != id }) else {
      throw ValidationError("There is a trace '\(id)' already.")
    }
    let name = id.split(separator: ".").dropFirst().joined(separator: "-")
    let folder = home.traces.appending(path: Ladder.folder(of: rung))
    let file = folder.appending(path: "\(name).yaml")
    guard !FileManager.default.fileExists(atPath: file.path) else {
      throw ValidationError("\(home.relative(file)) exists already.")
    }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(Scaffold.trace(id: id, todo: todo).utf8).write(to: file)
    Console.write("\(home.relative(file))\n")
    Console.complain("Fill the <blanks>, then: raft-ladder check \(home.relative(file))")
  }
}
