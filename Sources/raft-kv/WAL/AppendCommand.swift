import ArgumentParser
import RaftTypes
import RaftWAL

/// Appends entries and tells which are durable: what a test kills to see what is left.
struct AppendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "append", abstract: "Append numbered entries, and print each once it is durable.",
    discussion: """
      For trying a disk, and for tests that kill the process: an index that was printed must be
      there afterwards. Entry i holds the digits of i, repeated to the size asked for. Not for the
      log of a node.

      EXAMPLES
        raft-kv wal append /tmp/try --count 1000
        raft-kv wal append /tmp/try --count 1000 --batch 64 --bytes 4096
      """)

  @Argument(help: "The log's folder; made if it does not exist.")
  var directory: String

  @Option(help: "How many entries to append.")
  var count = 100

  @Option(help: "How many bytes each payload has.")
  var bytes = 512

  @Option(help: "How many entries share a sync.")
  var batch = 1

  @Option(help: "The size of a segment, bytes.")
  var segmentBytes = 64 << 20

  func validate() throws {
    if count < 0 || bytes < 0 || batch < 1 {
      throw ValidationError("--count and --bytes are 0 or more, --batch is 1 or more")
    }
    if segmentBytes < 128 << 10 { throw ValidationError("--segment-bytes is 131072 or more") }
  }

  func run() throws {
    var options = WALOptions(directory: directory, cluster: ClusterID(0), node: ServerID(0))
    options.segmentBytes = segmentBytes
    let log: WriteAheadLog
    do throws(WALOpenError) {
      log = try WriteAheadLog.open(options)
    } catch {
      Console.error(error.description)
      throw WALExit.unreadable
    }
    Console.line("opened at \(log.lastIndex.rawValue)")
    var left = count
    while left > 0 {
      let first = log.lastIndex.next
      let entries = (0..<min(batch, left)).map { entry(first + $0) }
      _ = try log.append(entries)
      try log.sync()
      left -= entries.count
      for entry in entries { Console.line("\(entry.index.rawValue)") }
    }
    log.close()
  }

  private func entry(_ index: LogIndex) -> Entry {
    let digits = Array(String(index.rawValue).utf8)
    let payload = (0..<bytes).map { digits[$0 % digits.count] }
    return Entry(index: index, term: Term(1), payload: payload)
  }
}
