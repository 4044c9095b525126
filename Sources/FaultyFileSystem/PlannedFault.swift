import Glibc
import RaftWAL

/// How a call goes wrong.
public enum FileFault: Hashable, Sendable {
  /// It fails with this `errno` and does nothing.
  case error(Int32)
  /// A sync fails with `EIO`, and the system forgets that the bytes are not durable: readers go on
  /// seeing them, and no later sync writes them.
  ///
  /// - Source: Rebello et al., Can Applications Recover from fsync Failures?, ATC 2020.
  case droppingPages
  /// A write or read does only this many bytes, at least 1.
  case short(Int)

  /// A signal interrupts the call.
  public static var interrupted: FileFault { .error(EINTR) }
  /// The device fails.
  public static var device: FileFault { .error(EIO) }
  /// There is no room.
  public static var noRoom: FileFault { .error(ENOSPC) }
}

/// A fault to come.
struct PlannedFault: Sendable {
  var operation: FileOperation
  /// The end of the paths that it concerns; empty for all.
  var suffix: String
  /// How many calls are left, the failing one included.
  var countdown: Int
  var fault: FileFault
}
