import Glibc
import RaftStorage

/// Why a log can't be opened. Nothing was altered.
public enum WALOpenError: Error, Hashable, Sendable {
  /// What was durable is damaged.
  case corrupt(LogDamage)
  /// There is no log, and none is to be made.
  case missing(directory: String)
  /// Another process has the log open.
  case locked(path: String)
  /// The log belongs to another cluster or server.
  case wrongIdentity(path: String, field: String, expected: UInt64, found: UInt64)
  /// The log was written by a later version.
  case unsupportedVersion(path: String, offset: UInt64, version: UInt16)
  /// The file system failed a call.
  case fileSystem(FileSystemError)
}

extension WALOpenError: CustomStringConvertible {
  /// A stable name of the kind of error.
  public var code: String {
    switch self {
    case .corrupt: "wal.corrupt"
    case .missing: "wal.missing"
    case .locked: "wal.locked"
    case .wrongIdentity: "wal.wrong-identity"
    case .unsupportedVersion: "wal.unsupported-version"
    case .fileSystem: "wal.file-system"
    }
  }

  /// The code, the place with what was found there, and what to do.
  public var description: String { "\(code): \(finding); \(remedy)" }

  /// What was found, and where.
  public var finding: String {
    switch self {
    case .corrupt(let damage):
      "\(damage.path), byte \(damage.offset): \(damage.finding.rawValue) (\(damage.detail))"
    case .missing(let directory): "\(directory) holds no log"
    case .locked(let path): "another process holds \(path)"
    case .wrongIdentity(let path, let field, let expected, let found):
      "\(path) belongs to \(field) \(found), not \(expected)"
    case .unsupportedVersion(let path, let offset, let version):
      "\(path), byte \(offset): format version \(version), this program reads up to "
        + "\(WALFormat.version)"
    case .fileSystem(let error): error.description
    }
  }

  /// What whoever meets the error should do.
  public var remedy: String {
    switch self {
    case .corrupt:
      "alter nothing and restore the node from its peers; `raft-kv wal repair --help` tells what "
        + "else there is"
    case .missing:
      "give the node its disk back, or let it join the cluster anew as a learner"
    case .locked: "stop the other process, or give this one a folder of its own"
    case .wrongIdentity: "check the node's folder, cluster id and node id"
    case .unsupportedVersion: "run the program that wrote it, or a later one"
    case .fileSystem(let error):
      error.isOutOfRoom ? "make room and start again" : "check the folder, its disk and its rights"
    }
  }

  /// The number that stands for a full disk.
  static let noRoom = ENOSPC

  /// The error as a storage reports it.
  public var storageError: StorageError {
    switch self {
    case .corrupt(let damage):
      .corrupt(at: .file(path: damage.path, offset: damage.offset), finding: damage.finding)
    case .missing(let directory):
      .corrupt(at: .file(path: directory, offset: 0), finding: .missing)
    case .locked(let path), .wrongIdentity(let path, _, _, _):
      .corrupt(at: .file(path: path, offset: 0), finding: .foreign)
    case .unsupportedVersion(let path, let offset, _):
      .corrupt(at: .file(path: path, offset: offset), finding: .foreign)
    case .fileSystem(let error): error.storageError(.read, at: 0)
    }
  }
}

/// Carries out calls, with their failure as that of opening a log.
func calling<Result>(
  _ body: () throws(FileSystemError) -> Result
) throws(WALOpenError) -> Result {
  do {
    return try body()
  } catch {
    throw .fileSystem(error)
  }
}
