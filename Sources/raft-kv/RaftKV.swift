import ArgumentParser

/// The server's command.
@main
struct RaftKV: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "raft-kv", abstract: "A key-value store on Raft, and the tools for its log.",
    subcommands: [WALCommand.self])
}
