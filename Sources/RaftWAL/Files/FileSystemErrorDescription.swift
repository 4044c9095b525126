import Glibc
import RaftStorage

extension FileSystemError: CustomStringConvertible {
  /// The call, the path and the system's words for the reason.
  public var description: String {
    "\(operation.rawValue) failed on \(path): \(reason) (errno \(code))"
  }

  /// The reason in the system's words.
  public var reason: String { String(cString: strerror(code)) }

  /// Whether there was no room.
  public var isOutOfRoom: Bool { code == ENOSPC || code == EDQUOT }

  /// Whether what was asked for does not exist.
  public var isMissing: Bool { code == ENOENT }

  /// The failure as a storage reports it.
  func storageError(_ operation: StorageOperation, at offset: UInt64) -> StorageError {
    .ioFailed(
      operation, at: .file(path: path, offset: offset), reason: isOutOfRoom ? .noSpace : .device)
  }
}
