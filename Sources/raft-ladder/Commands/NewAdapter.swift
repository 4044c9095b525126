import ArgumentParser
import Conformance
import Foundation

/// An adapter to start from.
struct NewAdapter: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapter",
    abstract: "Write an adapter that runs as it is, to put your own Raft into.",
    discussion: """
      One file without dependencies: it says hello, implements a voter, answers everything else \
      'unsupported', and lists what comes next in the order of the ladder.

      EXAMPLES
        raft-ladder new adapter --language python
        raft-ladder new adapter --language go --output my-adapter
        raft-ladder validate-adapter -- python3 adapter.py
      """)

  @Option(help: "The language: \(Starter.Language.words).")
  var language: Starter.Language

  @Option(help: ArgumentHelp("The folder to write it into.", valueName: "folder"))
  var output = "."

  func run() throws {
    let folder = URL(filePath: output)
    let file = folder.appending(path: language.fileName)
    let path = output == "." ? language.fileName : file.relativePath
    guard !FileManager.default.fileExists(atPath: file.path) else {
      throw ValidationError("\(path) exists already.")
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(Starter.text(language).utf8).write(to: file)
    } catch {
      Console.complain("\(path) can't be written: \(error.localizedDescription)")
      throw ExitCode(ExitStatus.unable.rawValue)
    }
    Console.write("\(path)\n")
    let commands = language.commands(path)
    if let build = commands.build { Console.complain("Build it:    \(build)") }
    Console.complain(
      """
      Check it:    raft-ladder validate-adapter -- \(commands.run)
      Go up with:  raft-ladder climb --adapter '\(commands.run)'
      """)
  }
}
