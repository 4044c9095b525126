import ArgumentParser
import RaftWAL

/// Prints the records of a log.
struct DumpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump", abstract: "Print the records of a log, one on a line.",
    discussion: """
      Records are printed up to the first bad place; what is wrong there goes to standard error.

      EXAMPLES
        raft-kv wal dump /var/lib/raft-kv/wal
        raft-kv wal dump /var/lib/raft-kv/wal --json | jq 'select(.type == "entry")'

      \(WALExit.help)
      """)

  @Argument(help: "The log's folder.")
  var directory: String

  @Flag(help: "Print an object of JSON on each line; 64-bit numbers are strings of digits.")
  var json = false

  @Option(help: "How many bytes of an entry's payload to print in text.")
  var payloadBytes = 32

  func validate() throws {
    if payloadBytes < 0 { throw ValidationError("--payload-bytes is 0 or more") }
  }

  func run() throws {
    let inspection = try inspect(directory) { record in
      Console.line(json ? Self.json(record) : text(record))
    }
    guard let code = WALExit.code(inspection.verdict) else { return }
    Console.error("\(inspection.verdict.word): \(inspection.verdict.finding ?? "")")
    throw code
  }

  private func text(_ record: InspectedRecord) -> String {
    let name = record.path.split(separator: "/").last.map(String.init) ?? record.path
    var text = "\(name):\(record.offset)  #\(record.sequence)"
    text += "  synced #\(record.syncedSequence)  \(record.type.name)"
    if let kind = record.kind { text += " \(kind)" }
    for field in record.fields where field.name != "endMark" && field.name != "reserved" {
      text += " \(field.name)=\(field.value)"
    }
    if record.type == .entry {
      text += " payload=\(record.payload.count)B"
      if !record.payload.isEmpty && payloadBytes > 0 {
        text += " " + Self.hex(record.payload.prefix(payloadBytes))
        if record.payload.count > payloadBytes { text += "..." }
      }
    }
    return text
  }

  static func json(_ record: InspectedRecord) -> String {
    var members = [
      "\"file\":\(Console.quoted(record.path))", "\"offset\":\(record.offset)",
      "\"bytes\":\(record.byteCount)", "\"sequence\":\"\(record.sequence)\"",
      "\"synced\":\"\(record.syncedSequence)\"", "\"type\":\"\(record.type.name)\"",
    ]
    members += record.fields.map { "\"\($0.name)\":\"\($0.value)\"" }
    if let kind = record.kind {
      members.append("\"kind\":\"\(kind)\"")
      members.append("\"payload\":\"\(hex(record.payload[...]))\"")
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
