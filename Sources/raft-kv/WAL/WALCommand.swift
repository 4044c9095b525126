import ArgumentParser
import RaftWAL

/// The tools for a write-ahead log.
struct WALCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wal", abstract: "Look into a write-ahead log, check it, repair it.",
    discussion: """
      EXAMPLES
        raft-kv wal verify /var/lib/raft-kv/wal
        raft-kv wal dump /var/lib/raft-kv/wal | less
        raft-kv wal repair /var/lib/raft-kv/wal

      The node has to be stopped: a log that a process has open is refused. The format is described
      in Spec/WALFormat.md.
      """,
    subcommands: [DumpCommand.self, VerifyCommand.self, RepairCommand.self, AppendCommand.self])
}

/// How the commands end, as `--help` lists them.
enum WALExit {
  static let torn = ExitCode(1)
  static let corrupt = ExitCode(2)
  static let uncertain = ExitCode(3)
  /// The log can't be read: no log, no rights, in use, another version.
  static let unreadable = ExitCode(4)

  static let help = """
    EXIT CODES
      0  healthy
      1  the last batch was not completely written; nothing acknowledged is missing
      2  something durable is damaged or missing
      3  the end is damaged, and acknowledged entries may be missing
      4  the log can't be read: no log, no rights, in use, a later version
    """

  /// The code of a verdict; `nil` for a healthy log.
  static func code(_ verdict: LogInspection.Verdict) -> ExitCode? {
    switch verdict {
    case .healthy: nil
    case .torn: torn
    case .uncertain: uncertain
    case .corrupt: corrupt
    }
  }
}

/// Runs an inspection, and ends the command where the log can't be read.
func inspect(
  _ directory: String, visit: ((InspectedRecord) -> Void)? = nil
) throws -> LogInspection {
  do throws(WALOpenError) {
    return try LogInspection.run(directory: directory, visit: visit)
  } catch {
    Console.error(error.description)
    throw WALExit.unreadable
  }
}

extension LogInspection.Verdict {
  /// The verdict in one word.
  var word: String {
    switch self {
    case .healthy: "healthy"
    case .torn: "torn"
    case .uncertain: "uncertain"
    case .corrupt: "corrupt"
    }
  }

  /// What was found and where; `nil` for a healthy log.
  var finding: String? {
    switch self {
    case .healthy: nil
    case .torn(let cut):
      "\(cut.path), byte \(cut.offset): a batch that was not completely written, "
        + "\(cut.bytes) bytes; no sync covered it, nothing acknowledged is missing"
    case .uncertain(let claim):
      "the end of the log is damaged and acknowledged entries may be missing; the log claimed to "
        + "reach "
        + (claim.map { "\($0.last.index.rawValue)@\($0.last.term.rawValue)" } ?? "an unknown end")
    case .corrupt(let damage): WALOpenError.corrupt(damage).finding
    }
  }

  /// What to do about it; `nil` for a healthy log.
  var remedy: String? {
    switch self {
    case .healthy: nil
    case .torn: "start the node, or run `raft-kv wal repair`: both cut it off and keep a copy"
    case .uncertain:
      "start the node in its cluster: it neither leads nor acknowledges until its peers have "
        + "repaired it; alone, see `raft-kv wal repair --help`"
    case .corrupt(let damage): WALOpenError.corrupt(damage).remedy
    }
  }
}
