import AdapterProcess
import ArgumentParser
import Conformance

/// The suite's command.
@main
struct RaftLadder: AsyncParsableCommand {
  /// Runs the command named on the command line.
  static func main() async {
    ProcessGroups.endWithSignals()
    await main(nil)
  }

  static let configuration = CommandConfiguration(
    commandName: "raft-ladder",
    abstract: "Shows how far up the invariant ladder an implementation of Raft stands.",
    discussion: """
      The ladder has 13 phases and 33 TODOs, from storage to a linearizable KV store. Each TODO is \
      an invariant, and each invariant is a set of YAML traces: ticks, messages, faults, and the \
      state that must follow.

      EXAMPLES
        raft-ladder run                      run every trace on the reference core
        raft-ladder run --todo 6.2           one TODO
        raft-ladder run 'vote.*' --verbose   traces by their ids
        raft-ladder climb                    rung by rung; stop at the first that fails
        raft-ladder explain 6.2              what a rung demands, and how it goes wrong
        raft-ladder diagram commit.figure-8  a trace in space and time
        raft-ladder linearizable FILE        judge a recorded history of clients

      EXIT CODES
        0   conformant: nothing failed, and at least one 'must' trace passed
        1   something failed
        2   the suite or the adapter could not do its work, or no 'must' trace passed
        64  the command line, or a file named on it, is wrong
      """,
    version: Suite.version,
    subcommands: [
      Run.self, Report.self, Climb.self, List.self, Check.self, Explain.self, DiagramCommand.self,
      New.self, ValidateAdapter.self, Linearizable.self, SchemaCommand.self, AdapterCommand.self,
    ])
}
