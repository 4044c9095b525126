import ArgumentParser
import RaftWAL

/// Checks a log without altering it.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every byte of a log, and name the first bad place.",
    discussion: """
      Nothing is altered.

      EXAMPLES
        raft-kv wal verify /var/lib/raft-kv/wal
        raft-kv wal verify /var/lib/raft-kv/wal --json

      \(WALExit.help)
      """)

  @Argument(help: "The log's folder.")
  var directory: String

  @Flag(help: "Print an object of JSON.")
  var json = false

  func run() throws {
    let inspection = try inspect(directory)
    Console.line(json ? Self.json(inspection) : Self.text(inspection))
    if let code = WALExit.code(inspection.verdict) { throw code }
  }

  static func text(_ inspection: LogInspection) -> String {
    let report = inspection.report
    var lines = [
      "\(inspection.verdict.word): \(report.records) records, \(report.bytes) bytes, "
        + "\(report.segments) segments"
    ]
    if let cluster = inspection.cluster, let node = inspection.node {
      let vote = inspection.hardState.votedFor.map { String($0.rawValue) } ?? "nobody"
      lines.append(
        "cluster \(cluster.rawValue), node \(node.rawValue), term "
          + "\(inspection.hardState.term.rawValue), vote \(vote), last entry "
          + "\(inspection.last.index.rawValue)@\(inspection.last.term.rawValue)")
    }
    if let finding = inspection.verdict.finding { lines.append("found:  \(finding)") }
    if let remedy = inspection.verdict.remedy { lines.append("remedy: \(remedy)") }
    return lines.joined(separator: "\n")
  }

  static func json(_ inspection: LogInspection) -> String {
    let report = inspection.report
    var members = [
      "\"verdict\":\"\(inspection.verdict.word)\"", "\"records\":\(report.records)",
      "\"bytes\":\(report.bytes)", "\"segments\":\(report.segments)",
      "\"lastIndex\":\"\(inspection.last.index.rawValue)\"",
      "\"lastTerm\":\"\(inspection.last.term.rawValue)\"",
    ]
    if let finding = inspection.verdict.finding {
      members.append("\"finding\":\(Console.quoted(finding))")
    }
    if let remedy = inspection.verdict.remedy {
      members.append("\"remedy\":\(Console.quoted(remedy))")
    }
    return "{" + members.joined(separator: ",") + "}"
  }
}
