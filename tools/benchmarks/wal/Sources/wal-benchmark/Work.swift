import Foundation
import Glibc
import RaftTypes
import RaftWAL

/// The log's side.
enum LogWork {
  static func options(_ directory: String) -> WALOptions {
    WALOptions(directory: directory, cluster: ClusterID(1), node: ServerID(1))
  }

  static func append(_ log: WriteAheadLog, syncs: Int, batch: Int, bytes: Int) throws {
    let payload = [UInt8](repeating: 0x5A, count: bytes)
    for _ in 0..<syncs {
      let first = log.lastIndex.next
      _ = try log.append(
        (0..<batch).map { Entry(index: first + $0, term: Term(1), payload: payload) })
      try log.sync()
    }
  }
}

/// The bare side: one file, written from its start to its end.
final class BareFile {
  private let descriptor: Int32
  private let size: Int
  private var offset = 0

  init(_ path: String, size: Int) throws {
    self.size = size
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0, posix_fallocate(descriptor, 0, size) == 0, fsync(descriptor) == 0
    else { throw CocoaError(.fileWriteUnknown) }
  }

  deinit { close(descriptor) }

  func append(syncs: Int, bytes: Int) throws {
    let buffer = [UInt8](repeating: 0x5A, count: bytes)
    for _ in 0..<syncs {
      precondition(offset + bytes <= size, "the bare file is too short")
      guard pwrite(descriptor, buffer, bytes, offset) == bytes, fdatasync(descriptor) == 0
      else { throw CocoaError(.fileWriteUnknown) }
      offset += bytes
    }
  }
}

/// Appends with one entry and with 64 to a sync.
func measureAppends(_ folder: String) throws {
  for (name, batch, syncs) in [
    ("synced appends of 512 bytes", 1, 2_000), ("group commit of 64 entries of 512 bytes", 64, 500),
  ] {
    let directory = "\(folder)/log-\(batch)"
    let log = try WriteAheadLog.open(LogWork.options(directory))
    let bytes = 512 * batch
    let bare = try BareFile("\(folder)/bare-\(batch)", size: bytes * syncs * (Comparison.runs + 1))
    try LogWork.append(log, syncs: 50, batch: batch, bytes: 512)
    try bare.append(syncs: 50, bytes: bytes)
    let comparison = try Comparison(units: Double(syncs)) {
      try bare.append(syncs: syncs, bytes: bytes)
    } log: {
      try LogWork.append(log, syncs: syncs, batch: batch, bytes: 512)
      try log.idle()
    }
    comparison.report(name, unit: "syncs a second")
    log.close()
    try FileManager.default.removeItem(atPath: directory)
    try FileManager.default.removeItem(atPath: "\(folder)/bare-\(batch)")
  }
}

/// Opening a log of 1 GiB.
func measureRecovery(_ folder: String) throws {
  let directory = "\(folder)/gigabyte"
  let made = try WriteAheadLog.open(LogWork.options(directory))
  try LogWork.append(made, syncs: 4_096, batch: 64, bytes: 4_096)
  made.close()
  let segments = try FileManager.default.contentsOfDirectory(atPath: directory)
    .filter { $0.hasSuffix(".wal") }.sorted().map { "\(directory)/\($0)" }
  var checksum: UInt32 = 0
  let bytes = Double(segments.count * (64 << 20))
  let comparison = try Comparison(units: bytes / Double(1 << 20)) {
    for segment in segments { checksum ^= try checksumOfFile(segment) }
  } log: {
    let log = try WriteAheadLog.open(LogWork.options(directory))
    guard log.lastIndex == LogIndex(4_096 * 64) else { throw CocoaError(.fileReadCorruptFile) }
    log.close()
  }
  comparison.report("recovery of 1 GiB of 4 KiB entries", unit: "MiB a second")
  print("  (checksums of the files: \(checksum))")
  try reportMemory(directory)
}

private func checksumOfFile(_ path: String) throws -> UInt32 {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { throw CocoaError(.fileReadNoSuchFile) }
  defer { close(descriptor) }
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
  defer { buffer.deallocate() }
  var checksum: UInt32 = 0
  while true {
    let count = read(descriptor, buffer.baseAddress, buffer.count)
    if count <= 0 { return checksum }
    checksum = CRC32C.of(UnsafeRawBufferPointer(rebasing: buffer[..<count]), after: checksum)
  }
}

private func reportMemory(_ directory: String) throws {
  let process = Process()
  process.executableURL = URL(filePath: CommandLine.arguments[0])
  process.arguments = ["open", directory]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
  guard numbers.count == 2 else { throw CocoaError(.executableLoad) }
  print("peak memory while opening it\n  \(numbers[1] >> 20) MiB, \(numbers[0]) entries")
}
