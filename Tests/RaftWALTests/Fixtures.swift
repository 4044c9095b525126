import FaultyFileSystem
import Foundation
import RaftStorage
import RaftTypes
import RaftWAL

/// Options for segments that a few entries fill.
func smallOptions(_ directory: String = "/log") -> WALOptions {
  var options = WALOptions(directory: directory, cluster: ClusterID(7), node: ServerID(1))
  options.segmentBytes = 2048
  options.reservedBytes = 256
  options.newLogID = 42
  return options
}

func entry(_ index: UInt64, term: UInt64 = 1, bytes: Int = 100) -> Entry {
  Entry(
    index: LogIndex(index), term: Term(term),
    payload: (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &+ Int(index)) })
}

func snapshot(at index: UInt64, term: UInt64 = 1, bytes: Int = 10) -> Snapshot {
  Snapshot(
    position: LogPosition(index: LogIndex(index), term: Term(term)),
    configuration: Configuration(
      voters: [ServerID(1), ServerID(2)], outgoing: [ServerID(3)], learners: [ServerID(4)],
      learnersNext: [ServerID(2)]),
    data: Array(repeating: UInt8(index), count: bytes))
}

/// A log in memory with its disk.
struct ModelLog {
  var files: FaultyFileSystem
  var log: WriteAheadLog

  init(_ files: FaultyFileSystem = FaultyFileSystem(), _ options: WALOptions = smallOptions())
    throws
  {
    self.files = files
    log = try WriteAheadLog.open(options, files: files)
  }

  /// Appends entries of one term and syncs each.
  func append(_ range: ClosedRange<UInt64>, term: UInt64 = 1) throws {
    for index in range {
      _ = try log.append([entry(index, term: term)])
      try log.sync()
    }
  }

  /// What the next life finds when the power fails now.
  func crashed(_ unsynced: UnsyncedChanges = .lost) throws -> ModelLog {
    try ModelLog(files.crash(unsynced))
  }

  /// The path of a segment.
  static func segment(_ number: UInt64) -> String { "/log/" + WALFormat.segmentName(number) }
}

/// A folder that goes when it is no longer needed.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "raft-wal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
