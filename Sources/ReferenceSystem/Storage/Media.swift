import Foundation
import RaftStorage
import RaftTypes
import RaftWAL

/// What a disk holds before its server's first life.
struct InitialContents {
  var hardState: HardState
  var snapshot: Snapshot?
  /// The entries after the snapshot, or from position 1 on without one.
  var entries: [Entry]
}

/// Makes the disks of a trace's servers.
protocol MediaMaker: AnyObject {
  /// A disk, closed, that holds what is given.
  ///
  /// - Throws: what keeps it from being a server's state, or the machine from storing it.
  func make(
    for server: ServerID, holding contents: InitialContents
  ) throws(StorageError) -> any Medium

  /// All disks are gone.
  func discardAll()
}

/// Disks in memory.
final class MemoryMedia: MediaMaker {
  func make(
    for server: ServerID, holding contents: InitialContents
  ) throws(StorageError) -> any Medium {
    try MemoryStorage(
      hardState: contents.hardState, snapshot: contents.snapshot, entries: contents.entries)
  }

  func discardAll() {}
}

/// Write-ahead logs in the machine's files, in a temporary folder that goes with this object.
final class FileMedia: MediaMaker {
  /// The size of a log's segment, bytes: small, so that traces come to the end of some.
  private static let segmentBytes = 192 << 10

  private let files = RealFileSystem()
  /// The folder; `nil` until there is something to put into it.
  private var folder: URL?

  deinit { discardAll() }

  func make(
    for server: ServerID, holding contents: InitialContents
  ) throws(StorageError) -> any Medium {
    let directory = try makeFolder().appending(path: "\(server.rawValue)").path
    var options = WALOptions(directory: directory, cluster: ClusterID(1), node: server)
    options.segmentBytes = Self.segmentBytes
    var medium: any Medium = LogFiles(options, files: files)
    try medium.open()
    do throws(StorageError) {
      if contents.hardState != HardState() { try medium.store(.hardState(contents.hardState)) }
      if let snapshot = contents.snapshot {
        try medium.store(.snapshot(snapshot, replacesLog: true))
      }
      if !contents.entries.isEmpty { try medium.store(.entries(contents.entries)) }
      try medium.sync()
    } catch {
      try medium.crash(leaving: .lost)
      throw error
    }
    try medium.crash(leaving: .lost)
    return medium
  }

  func discardAll() {
    guard let folder else { return }
    try? FileManager.default.removeItem(at: folder)
    self.folder = nil
  }

  private func makeFolder() throws(StorageError) -> URL {
    if let folder { return folder }
    let made = FileManager.default.temporaryDirectory
      .appending(path: "raft-ladder-wal-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
    } catch {
      throw .ioFailed(.write, at: .file(path: made.path, offset: 0), reason: .device)
    }
    folder = made
    return made
  }
}
