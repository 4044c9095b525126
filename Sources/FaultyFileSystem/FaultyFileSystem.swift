import Glibc
import RaftWAL
import Synchronization

/// A file system in memory that behaves like a machine on a bad day: it forgets what was not synced,
/// fails calls as planned, does them in part, and loses power before a call of one's choice.
///
/// The disk is a value (`ModelDisk`). A power cut is `crash(_:)`, which gives the file system that
/// the next life finds; the old one refuses everything from then on. Nothing depends on time or
/// chance: the same calls with the same plan give the same.
public final class FaultyFileSystem: FileSystem, Sendable {
  struct State: Sendable {
    var disk: ModelDisk
    /// The open files; `nil` where one was closed.
    var handles: [OpenFile?] = []
    var faults: [PlannedFault] = []
    /// The changing calls so far.
    var changeCalls = 0
    /// The number of the changing call before which the power fails.
    var powerCut: Int?
    var isOff = false
    /// The disk before each changing call; `nil` where that is not kept.
    var history: [ModelDisk]?
  }

  struct OpenFile: Sendable {
    var file: Int
    var path: String
    var isWritable: Bool
    var isLocked = false
  }

  private let state: Mutex<State>

  /// A file system on a disk.
  ///
  /// - Parameter keepsHistory: whether the disk before each changing call is kept in `history`.
  public init(_ disk: ModelDisk = ModelDisk(), keepsHistory: Bool = false) {
    state = Mutex(State(disk: disk, history: keepsHistory ? [] : nil))
  }

  /// The disk before each changing call of this life, if they are kept: every moment that a power
  /// cut could have come at.
  public var history: [ModelDisk] { state.withLock { $0.history ?? [] } }

  /// The disk as it is now.
  public var disk: ModelDisk { state.withLock { $0.disk } }

  /// How many calls so far changed something or could have: open for writing, write, allocate,
  /// truncate, sync, rename, remove, make and sync directory. Each is a point to cut the power at.
  public var changeCalls: Int { state.withLock { $0.changeCalls } }

  /// Whether the power is gone.
  public var isOff: Bool { state.withLock { $0.isOff } }

  /// Takes the power away before the `count`th changing call from the start of this life, counted
  /// from 0: that call and all after it fail with `EIO` and do nothing.
  public func cutPower(beforeCall count: Int) { state.withLock { $0.powerCut = count } }

  /// Takes the power away now.
  ///
  /// - Returns: the file system that the next life finds.
  public func crash(_ unsynced: UnsyncedChanges) -> FaultyFileSystem {
    state.withLock { $0.isOff = true }
    return FaultyFileSystem(disk.crashed(unsynced))
  }

  /// Makes the nth call of a kind from now on fail.
  ///
  /// - Parameters:
  ///   - suffix: counts only calls on paths that end so; all by default.
  ///   - nth: 1 for the next one.
  public func failNext(
    _ operation: FileOperation, on suffix: String = "", nth: Int = 1,
    with fault: FileFault = .device
  ) {
    precondition(nth > 0, "calls are counted from 1")
    let planned = PlannedFault(
      operation: operation, suffix: suffix, countdown: nth, fault: fault)
    state.withLock { $0.faults.append(planned) }
  }

  /// Limits the room on the disk, bytes; `nil` for no limit.
  public func limit(to capacity: Int?) { state.withLock { $0.disk.capacity = capacity } }

  /// Makes the disk refuse every change, or accept changes again.
  public func setReadOnly(_ isReadOnly: Bool) {
    state.withLock { $0.disk.isReadOnly = isReadOnly }
  }

  /// Carries out a call, unless a fault is planned for it.
  func perform<Result: Sendable>(
    _ operation: FileOperation, _ path: String, changes: Bool,
    _ body: (inout State, FileFault?) throws(FileSystemError) -> Result
  ) throws(FileSystemError) -> Result {
    try state.withLock { state throws(FileSystemError) in
      let fault = try state.begin(operation, path, changes: changes)
      return try body(&state, fault)
    }
  }

  /// Carries out a call on an open file, unless a fault is planned for it.
  func perform<Result: Sendable>(
    _ operation: FileOperation, _ file: FileHandle, changes: Bool,
    _ body: (inout State, OpenFile, FileFault?) throws(FileSystemError) -> Result
  ) throws(FileSystemError) -> Result {
    try state.withLock { state throws(FileSystemError) in
      let number = Int(file.rawValue)
      guard state.handles.indices.contains(number), let open = state.handles[number] else {
        preconditionFailure("a handle is used after it was closed")
      }
      let fault = try state.begin(operation, open.path, changes: changes)
      if changes && !open.isWritable {
        throw FileSystemError(operation, open.path, code: EBADF)
      }
      return try body(&state, open, fault)
    }
  }

  /// Closes a file.
  public func close(_ file: FileHandle) {
    state.withLock { $0.handles[Int(file.rawValue)] = nil }
  }
}

extension FaultyFileSystem.State {
  /// Counts a call, and decides its fate.
  ///
  /// - Returns: a fault that the call itself has to act out.
  mutating func begin(
    _ operation: FileOperation, _ path: String, changes: Bool
  ) throws(FileSystemError) -> FileFault? {
    if changes {
      if changeCalls == powerCut { isOff = true }
      if !isOff {
        changeCalls += 1
        history?.append(disk)
      }
    }
    if isOff { throw FileSystemError(operation, path, code: EIO) }
    var due: FileFault?
    for index in faults.indices
    where faults[index].operation == operation && path.hasSuffix(faults[index].suffix) {
      faults[index].countdown -= 1
      if faults[index].countdown == 0 { due = faults[index].fault }
    }
    faults.removeAll { $0.countdown == 0 }
    if case .error(let code) = due { throw FileSystemError(operation, path, code: code) }
    if changes && disk.isReadOnly { throw FileSystemError(operation, path, code: EROFS) }
    return due
  }

  /// Refuses what would need more room than there is.
  func claim(
    _ operation: FileOperation, _ path: String, file: Int, size: Int
  ) throws(FileSystemError) {
    guard let capacity = disk.capacity else { return }
    let more = max(0, size - disk.files[file].visible.size)
    if more > 0 && disk.usedBytes + more > capacity {
      throw FileSystemError(operation, path, code: ENOSPC)
    }
  }
}
