import AdapterProcess
import ArgumentParser
import Conformance

/// Serves a system of the suite as an adapter.
struct AdapterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adapter",
    abstract: "Answer the adapter protocol on standard input and output with a built-in system.",
    discussion: """
      What an adapter of your own does, done by the suite: an example to talk to, and the proof \
      that judging through a process is judging the same.

      EXAMPLES
        raft-ladder adapter reference
        raft-ladder run --adapter "raft-ladder adapter reference"
        echo '{"id":0,"op":"hello","protocols":[1]}' | raft-ladder adapter reference
      """)

  @Argument(help: "The system to serve: \(served).")
  var system: String

  /// The names of the systems that can be served.
  private static let served = Systems.embedded.map(\.name).joined(separator: ", ")

  func run() throws {
    guard let factory = Systems.embedded.first(where: { $0.name == system }) else {
      throw ValidationError("No system '\(system)' is built in. Known: \(Self.served).")
    }
    var server = AdapterServer(try factory.start())
    server.serve()
  }
}
