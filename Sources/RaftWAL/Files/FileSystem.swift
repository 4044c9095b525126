/// What the log asks of a file system: the few system calls that it is built on.
///
/// Each function stands for one call. `read` and `write` may do less than they were asked for, and
/// any of them may be interrupted (`EINTR`); the loops that deal with both are in `FileLoops.swift`,
/// so that a model disk can produce both and the log's own loops are what is tested. Everything that
/// is not synced may be lost in a power cut: bytes until `syncData` or `syncAll` on their file,
/// names until `syncDirectory` on their directory.
///
/// - Clause: durability.explicit-sync.
public protocol FileSystem: Sendable {
  /// Opens a file.
  func open(_ path: String, _ mode: OpenMode) throws(FileSystemError) -> FileHandle
  /// Closes a file, and gives up its lock. A handle is closed once and not used afterwards.
  func close(_ file: FileHandle)
  /// The length of a file, bytes.
  func size(of file: FileHandle) throws(FileSystemError) -> UInt64
  /// Reads from `offset` on into `buffer` (`pread`).
  ///
  /// - Returns: the number of bytes read, perhaps fewer than there is room for; 0 at the end.
  func read(
    _ file: FileHandle, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileSystemError) -> Int
  /// Writes `bytes` at `offset` (`pwrite`).
  ///
  /// - Returns: the number of bytes written, perhaps fewer than given.
  func write(
    _ file: FileHandle, at offset: UInt64, _ bytes: UnsafeRawBufferPointer
  ) throws(FileSystemError) -> Int
  /// Makes a file `size` bytes long and claims the room for them, which then reads as zeros
  /// (`posix_fallocate`).
  func allocate(_ file: FileHandle, size: UInt64) throws(FileSystemError)
  /// Makes a file `size` bytes long: cut, or continued with zeros that claim no room (`ftruncate`).
  func truncate(_ file: FileHandle, to size: UInt64) throws(FileSystemError)
  /// Makes a file's bytes durable, and of what is known about the file only what reading them back
  /// needs (`fdatasync`).
  func syncData(_ file: FileHandle) throws(FileSystemError)
  /// Makes a file's bytes and length durable (`fsync`).
  func syncAll(_ file: FileHandle) throws(FileSystemError)
  /// Takes the file's lock for this process without waiting.
  ///
  /// - Returns: whether it was free.
  func lock(_ file: FileHandle) throws(FileSystemError) -> Bool
  /// Gives a file another name, replacing what had it.
  func rename(_ path: String, to newPath: String) throws(FileSystemError)
  /// Removes a name.
  func remove(_ path: String) throws(FileSystemError)
  /// The names in a directory, without `.` and `..`, in no order.
  func list(_ directory: String) throws(FileSystemError) -> [String]
  /// Makes a directory; one that exists is left as it is.
  ///
  /// - Returns: whether there was none before.
  func makeDirectory(_ path: String) throws(FileSystemError) -> Bool
  /// Makes the names in a directory durable.
  func syncDirectory(_ path: String) throws(FileSystemError)
}

/// An open file.
public struct FileHandle: RawRepresentable, Hashable, Sendable {
  /// The number that its file system gave it.
  public var rawValue: Int32

  /// The handle of this number.
  public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// How a file is opened.
public enum OpenMode: Hashable, Sendable {
  /// An existing file, to read.
  case read
  /// An existing file, to read and write.
  case update
  /// A file that does not exist, made to read and write.
  case create
  /// A file to read and write, made if it does not exist.
  case createOrUpdate
}

/// The calls of a `FileSystem`, as errors and planned faults name them.
public enum FileOperation: String, Hashable, Sendable, CaseIterable {
  case open
  case size
  case read
  case write
  case allocate
  case truncate
  case sync
  case lock
  case rename
  case remove
  case list
  case makeDirectory = "make directory"
  case syncDirectory = "sync directory"
}

/// A system call that failed.
public struct FileSystemError: Error, Hashable, Sendable {
  /// The call.
  public var operation: FileOperation
  /// What it was made on.
  public var path: String
  /// The system's number for the reason, `errno`.
  public var code: Int32

  /// Names a failure.
  public init(_ operation: FileOperation, _ path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }
}
