import Foundation
import RaftWAL

// With a folder: everything. With `open FOLDER`: opens the log there and prints the peak of memory.
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.count == 2 && arguments[0] == "open" {
  let log = try WriteAheadLog.open(LogWork.options(arguments[1]))
  print("\(log.lastIndex.rawValue) \(try peakMemoryBytes())")
} else if arguments.count == 1 {
  try measureAppends(arguments[0])
  try measureRecovery(arguments[0])
} else {
  FileHandle.standardError.write(Data("usage: wal-benchmark FOLDER\n".utf8))
  exit(64)
}

/// The most memory that this process held, bytes.
func peakMemoryBytes() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  let kilobytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
  return (kilobytes.flatMap { Int($0) } ?? 0) << 10
}
