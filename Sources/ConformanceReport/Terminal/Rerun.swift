import Conformance

/// The command that runs one trace again.
public struct Rerun: Sendable, Hashable {
  /// As it is typed: `raft-ladder`.
  public var command: String
  /// What has to be said besides the id for the same run: `--system`, `--seed` where they are not
  /// the default.
  public var arguments: [String]

  /// A command with what is said besides the id.
  public init(command: String = "raft-ladder", arguments: [String] = []) {
    self.command = command
    self.arguments = arguments
  }

  /// The command that runs a trace of these results again, on the same system with the same seed.
  /// Results do not hold an adapter's command: it is left to the reader as `COMMAND`.
  public init(of results: RunResults) {
    let system: [String] =
      switch results.system {
      case "reference": []
      case "adapter": ["--adapter", "COMMAND"]
      default: ["--system", results.system]
      }
    let seed = results.seed == 1 ? [] : ["--seed", String(results.seed)]
    self.init(arguments: system + seed)
  }

  /// `raft-ladder run vote.up-to-date/equal --seed 7`, quoted for a shell.
  public func line(for id: String) -> String {
    let words = ["run", Escaping.plain(id)] + arguments.map(Escaping.plain)
    return ([command] + words.map(Escaping.shell)).joined(separator: " ")
  }
}
