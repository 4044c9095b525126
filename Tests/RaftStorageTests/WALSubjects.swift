import FaultyFileSystem
import Foundation
import RaftStorage
import RaftTypes
import RaftWAL
import Synchronization

/// A write-ahead log that the contract's tests can take the power from.
protocol CrashableLog: CrashableStorage {
  var log: WriteAheadLog { get }
}

extension CrashableLog {
  var hardState: HardState { log.hardState }
  var snapshotPosition: LogPosition { log.snapshotPosition }
  var firstIndex: LogIndex { log.firstIndex }
  var lastIndex: LogIndex { log.lastIndex }
  var durableSequence: WriteSequence { log.durableSequence }
  var failure: StorageError? { log.failure }

  func terms() throws(StorageError) -> [TermRun] { try log.terms() }
  func term(at index: LogIndex) throws(StorageError) -> Term { try log.term(at: index) }
  func entries(_ range: LogRange, maxBytes: Int) throws(StorageError) -> [Entry] {
    try log.entries(range, maxBytes: maxBytes)
  }
  func snapshot() throws(StorageError) -> Snapshot? { try log.snapshot() }
  func write(_ hardState: HardState) throws(StorageError) -> WriteSequence {
    try log.write(hardState)
  }
  func append(_ entries: [Entry]) throws(StorageError) -> WriteSequence { try log.append(entries) }
  func write(_ snapshot: Snapshot) throws(StorageError) -> WriteSequence { try log.write(snapshot) }
  func discard(upTo index: LogIndex) throws(StorageError) -> WriteSequence {
    try log.discard(upTo: index)
  }
  func sync() throws(StorageError) { try log.sync() }
}

/// Options for small segments, so that short tests cross their borders.
func options(_ directory: String) -> WALOptions {
  var options = WALOptions(directory: directory, cluster: ClusterID(7), node: ServerID(1))
  options.segmentBytes = 2048
  options.reservedBytes = 256
  options.cachedBytes = 8
  options.newLogID = 42
  return options
}

/// The log on a disk in memory.
struct ModelDiskLog: CrashableLog {
  var log: WriteAheadLog
  private var files: FaultyFileSystem

  init(_ files: FaultyFileSystem) throws {
    self.files = files
    log = try WriteAheadLog.open(options("/log"), files: files)
  }

  func reopened(after cut: PowerCut) throws -> any CrashableStorage {
    try log.crash(leaving: cut.fate)
    return try ModelDiskLog(files.crash(cut == .losingUnsynced ? .lost : .kept))
  }

  mutating func failNext(_ operation: StorageOperation) -> StorageOperation {
    switch operation {
    case .snapshot:
      files.failNext(.write, on: ".snap.tmp")
      return .snapshot
    case .sync: files.failNext(.sync, on: ".wal")
    case .append, .write, .discard, .read: files.failNext(.write, on: ".wal")
    }
    return .sync
  }
}

/// The log in files of this machine.
struct FileLog: CrashableLog {
  var log: WriteAheadLog
  private var folder: TemporaryFolder
  private var files = FailingFileSystem()

  init(_ folder: TemporaryFolder) throws {
    self.folder = folder
    log = try WriteAheadLog.open(options(folder.url.path), files: files)
  }

  func reopened(after cut: PowerCut) throws -> any CrashableStorage {
    try log.crash(leaving: cut.fate)
    return try FileLog(folder)
  }

  mutating func failNext(_ operation: StorageOperation) -> StorageOperation {
    switch operation {
    case .snapshot:
      files.fail(.write, ".snap.tmp")
      return .snapshot
    case .sync: files.fail(.sync, ".wal")
    case .append, .write, .discard, .read: files.fail(.write, ".wal")
    }
    return .sync
  }
}

extension PowerCut {
  var fate: UnsyncedFate {
    switch self {
    case .losingUnsynced: .lost
    case .keepingUnsynced: .kept
    case .tearingLastWrite: .torn
    }
  }
}

/// A folder that goes when it is no longer needed.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "raft-wal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// The machine's file system, one call of which can be made to fail.
final class FailingFileSystem: FileSystem {
  private struct Plan {
    var paths: [RaftWAL.FileHandle: String] = [:]
    /// The place of the last write.
    var written: (offset: UInt64, count: Int) = (0, 0)
    var operation: FileOperation?
    var suffix = ""
  }

  private let real = RealFileSystem()
  private let plan = Mutex(Plan())

  func fail(_ operation: FileOperation, _ suffix: String) {
    plan.withLock {
      $0.operation = operation
      $0.suffix = suffix
    }
  }

  private func meet(
    _ operation: FileOperation, _ file: RaftWAL.FileHandle
  ) throws(FileSystemError) {
    try plan.withLock { plan throws(FileSystemError) in
      guard plan.operation == operation, let path = plan.paths[file], path.hasSuffix(plan.suffix)
      else { return }
      plan.operation = nil
      throw FileSystemError(operation, path, code: EIO)
    }
  }

  func open(_ path: String, _ mode: OpenMode) throws(FileSystemError) -> RaftWAL.FileHandle {
    let file = try real.open(path, mode)
    plan.withLock { $0.paths[file] = path }
    return file
  }
  func close(_ file: RaftWAL.FileHandle) { real.close(file) }
  func size(of file: RaftWAL.FileHandle) throws(FileSystemError) -> UInt64 {
    try real.size(of: file)
  }
  func read(
    _ file: RaftWAL.FileHandle, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileSystemError) -> Int { try real.read(file, at: offset, into: buffer) }
  func write(
    _ file: RaftWAL.FileHandle, at offset: UInt64, _ bytes: UnsafeRawBufferPointer
  ) throws(FileSystemError) -> Int {
    try meet(.write, file)
    plan.withLock { $0.written = (offset, bytes.count) }
    return try real.write(file, at: offset, bytes)
  }
  func allocate(_ file: RaftWAL.FileHandle, size: UInt64) throws(FileSystemError) {
    try real.allocate(file, size: size)
  }
  func truncate(_ file: RaftWAL.FileHandle, to size: UInt64) throws(FileSystemError) {
    try real.truncate(file, to: size)
  }
  func syncData(_ file: RaftWAL.FileHandle) throws(FileSystemError) {
    do {
      try meet(.sync, file)
    } catch {
      // Without a power cut the system would go on showing the bytes that it failed to sync.
      let written = plan.withLock { $0.written }
      [UInt8](repeating: 0, count: written.count).withUnsafeBytes { bytes in
        _ = try? real.write(file, at: written.offset, bytes)
      }
      throw error
    }
    try real.syncData(file)
  }
  func syncAll(_ file: RaftWAL.FileHandle) throws(FileSystemError) { try real.syncAll(file) }
  func lock(_ file: RaftWAL.FileHandle) throws(FileSystemError) -> Bool { try real.lock(file) }
  func rename(_ path: String, to newPath: String) throws(FileSystemError) {
    try real.rename(path, to: newPath)
    plan.withLock { plan in
      for file in plan.paths.keys where plan.paths[file] == path { plan.paths[file] = newPath }
    }
  }
  func remove(_ path: String) throws(FileSystemError) { try real.remove(path) }
  func list(_ directory: String) throws(FileSystemError) -> [String] { try real.list(directory) }
  func makeDirectory(_ path: String) throws(FileSystemError) -> Bool {
    try real.makeDirectory(path)
  }
  func syncDirectory(_ path: String) throws(FileSystemError) { try real.syncDirectory(path) }
}
