import FaultyFileSystem
import Foundation
import Glibc
import RaftTypes
import RaftWAL
import Testing

/// A process that appends is killed at random moments; what it was told is durable must be there.
@Suite struct `Kill -9` {
  @Test func `nothing acknowledged is missing after 20 kills`() throws {
    let folder = try TemporaryFolder()
    var random = SeededSource(seed: 9)
    var acknowledged: UInt64 = 0
    for _ in 0..<20 {
      let lines = Int.random(in: 2...60, using: &random)
      let told = try killed(folder, afterLines: lines, batch: Int.random(in: 1...8, using: &random))
      acknowledged = max(acknowledged, told)
      var options = WALOptions(
        directory: folder.url.path, cluster: ClusterID(0), node: ServerID(0))
      options.segmentBytes = 128 << 10
      let log = try WriteAheadLog.open(options)
      #expect(log.recovery.standing == .certain)
      #expect(log.lastIndex.rawValue >= acknowledged)
      let range = LogRange(first: LogIndex(1), count: Int(acknowledged))
      for entry in try log.entries(range, maxBytes: .max) {
        let digits = Array(String(entry.index.rawValue).utf8)
        #expect(entry.payload == (0..<512).map { digits[$0 % digits.count] })
      }
      // Its files are closed and nothing else is done: the next life finds it as it is.
      try log.crash(leaving: .lost)
    }
    #expect(acknowledged > 400)
  }

  /// Runs the process until it has printed so many lines, and kills it.
  ///
  /// - Returns: the last index that it printed.
  private func killed(
    _ folder: TemporaryFolder, afterLines lines: Int, batch: Int
  ) throws -> UInt64 {
    let process = Process()
    process.executableURL = Command.program
    process.arguments = [
      "wal", "append", folder.url.path, "--count", "1000000", "--batch", "\(batch)",
      "--segment-bytes", "131072",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    var output = Data()
    while output.count(where: { $0 == UInt8(ascii: "\n") }) < lines {
      let more = pipe.fileHandleForReading.availableData
      if more.isEmpty { break }
      output += more
    }
    kill(process.processIdentifier, SIGKILL)
    output += pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    // The last line counts only where it was printed whole.
    let whole = output[..<(output.lastIndex(of: UInt8(ascii: "\n")) ?? output.startIndex)]
    let last = String(decoding: whole, as: UTF8.self).split(separator: "\n").last
    return try #require(UInt64(last ?? "") ?? (lines < 2 ? 0 : nil))
  }
}
