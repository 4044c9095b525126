import Dispatch
import FaultyFileSystem
import Foundation
import RaftStorage
import RaftTypes
import RaftWAL

private func options(_ directory: String) -> WALOptions {
  var options = WALOptions(directory: directory, cluster: ClusterID(0), node: ServerID(0))
  options.segmentBytes = 256 << 10
  return options
}

private func payload(_ index: UInt64) -> [UInt8] {
  let digits = Array(String(index).utf8)
  return (0..<512).map { digits[$0 % digits.count] }
}

/// Appends, and prints each index that is durable, until it is killed.
func appendForever(to directory: String, batch: Int) throws -> Never {
  let log = try WriteAheadLog.open(options(directory))
  while true {
    let first = log.lastIndex.next.rawValue
    let indices = first..<first + UInt64(batch)
    _ = try log.append(
      indices.map { Entry(index: LogIndex($0), term: Term(1), payload: payload($0)) })
    try log.sync()
    let lines = indices.map { "\($0)\n" }.joined()
    FileHandle.standardOutput.write(Data(lines.utf8))
  }
}

/// Kills a process that appends, again and again on one log.
///
/// - Returns: whether nothing that it was told is durable was missing or changed.
func runKills(_ count: Int) throws -> Bool {
  let folder = FileManager.default.temporaryDirectory.appending(path: "soak-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  var random = SeededSource(seed: 5)
  var acknowledged: UInt64 = 0
  var torn = 0
  for round in 1...count {
    let told = try kill(
      folder, microseconds: UInt32.random(in: 500...60_000, using: &random),
      batch: Int.random(in: 1...64, using: &random))
    acknowledged = max(acknowledged, told)
    let log = try WriteAheadLog.open(options(folder.path))
    if log.recovery.cut != nil { torn += 1 }
    let isWhole = log.recovery.standing == .certain && log.lastIndex.rawValue >= acknowledged
    let first = log.lastIndex.rawValue > 2_000 ? log.lastIndex.rawValue - 1_999 : 1
    let range = LogRange(first: LogIndex(first), count: Int(log.lastIndex.rawValue - first + 1))
    let entries = try log.entries(range, maxBytes: .max)
    let isRight = entries.allSatisfy { $0.payload == payload($0.index.rawValue) }
    guard isWhole, isRight else {
      print("VIOLATION kill \(round): \(acknowledged) acknowledged, \(log.lastIndex) is the last")
      return false
    }
    try log.crash(leaving: .lost)
  }
  print(
    "kills: \(count), \(acknowledged) entries acknowledged, \(torn) torn ends cut, none missing")
  return true
}

/// Runs this program's `append` for a while after its first line, and kills it.
///
/// - Returns: the last index that it printed; 0 for none.
private func kill(_ folder: URL, microseconds: UInt32, batch: Int) throws -> UInt64 {
  let process = Process()
  process.executableURL = URL(filePath: CommandLine.arguments[0])
  process.arguments = ["append", folder.path, "\(batch)"]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  var output = pipe.fileHandleForReading.availableData
  // The moment is what is random here; nothing waits for anything.
  let deadline = DispatchTime.now() + .microseconds(Int(microseconds))
  while DispatchTime.now() < deadline { output += pipe.fileHandleForReading.availableData }
  Foundation.kill(process.processIdentifier, SIGKILL)
  output += pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  let whole = output[..<(output.lastIndex(of: UInt8(ascii: "\n")) ?? output.startIndex)]
  let last = String(decoding: whole, as: UTF8.self).split(separator: "\n").last
  return last.flatMap { UInt64($0) } ?? 0
}
