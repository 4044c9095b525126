import RaftCore
import RaftStorage
import RaftTypes
import RaftWAL

/// The write-ahead log in a folder of its own, through all lives of its server.
struct LogFiles: Medium {
  private var options: WALOptions
  let files: any FileSystem
  /// The log, while a process has it open.
  private var log: WriteAheadLog?

  /// A disk without a log, which opening it makes.
  ///
  /// - Parameter options: name a folder that does not exist, and its server.
  init(_ options: WALOptions, files: any FileSystem) {
    self.options = options
    self.options.newLogID = 1
    self.files = files
  }

  var directory: String { options.directory }

  private var opened: WriteAheadLog {
    guard let log else { preconditionFailure("no process has the log open") }
    return log
  }

  mutating func open() throws(StorageError) {
    do throws(WALOpenError) {
      log = try WriteAheadLog.open(options, files: files)
    } catch {
      throw error.storageError
    }
  }

  mutating func crash(leaving unsynced: UnsyncedFate) throws(StorageError) {
    defer { log = nil }
    try log?.crash(leaving: unsynced)
  }

  var standing: Standing {
    switch opened.recovery.standing {
    case .certain: .sound
    case .uncertain(let claim?): .uncertain(claimed: claim.last)
    // Nobody knows what it promised, as if the disk had been emptied.
    case .uncertain(nil): .wiped
    }
  }

  mutating func confirmRepair() throws(StorageError) { try opened.confirmRepair() }

  mutating func wipe() throws(StorageError) {
    options.newLogID = options.newLogID.map { $0 + 1 }
    do throws(FileSystemError) {
      for name in try files.list(options.directory) {
        try files.remove("\(options.directory)/\(name)")
      }
    } catch {
      throw .ioFailed(.write, at: .file(path: options.directory, offset: 0), reason: .device)
    }
  }
}

// MARK: - As `Storage` documents it

extension LogFiles {
  var hardState: HardState { opened.hardState }
  var snapshotPosition: LogPosition { opened.snapshotPosition }
  var firstIndex: LogIndex { opened.firstIndex }
  var lastIndex: LogIndex { opened.lastIndex }
  var durableSequence: WriteSequence { opened.durableSequence }
  var failure: StorageError? { opened.failure }

  func terms() throws(StorageError) -> [TermRun] { try opened.terms() }

  func term(at index: LogIndex) throws(StorageError) -> Term { try opened.term(at: index) }

  func entries(_ range: LogRange, maxBytes: Int) throws(StorageError) -> [Entry] {
    try opened.entries(range, maxBytes: maxBytes)
  }

  func snapshot() throws(StorageError) -> Snapshot? { try opened.snapshot() }

  mutating func write(_ hardState: HardState) throws(StorageError) -> WriteSequence {
    try opened.write(hardState)
  }

  mutating func append(_ entries: [Entry]) throws(StorageError) -> WriteSequence {
    try opened.append(entries)
  }

  mutating func write(_ snapshot: Snapshot) throws(StorageError) -> WriteSequence {
    try opened.write(snapshot)
  }

  mutating func discard(upTo index: LogIndex) throws(StorageError) -> WriteSequence {
    try opened.discard(upTo: index)
  }

  mutating func sync() throws(StorageError) { try opened.sync() }
}
