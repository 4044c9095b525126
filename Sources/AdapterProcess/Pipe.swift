import Conformance
import Glibc
import SystemPackage

/// A new pipe. An end that nobody takes is closed with it; no other process inherits either.
final class Pipe {
  private var readEnd: Int32 = -1
  private var writeEnd: Int32 = -1

  init() throws(SystemFailure) {
    do {
      let (readEnd, writeEnd) = try FileDescriptor.pipe(options: .closeOnExec)
      (self.readEnd, self.writeEnd) = (readEnd.rawValue, writeEnd.rawValue)
    } catch {
      throw .crashed("no pipe could be made: \(error)")
    }
  }

  deinit {
    for descriptor in [readEnd, writeEnd] where descriptor >= 0 { close(descriptor) }
  }

  /// The end to read from, now the caller's to close.
  func takeReadEnd() -> Int32 {
    defer { readEnd = -1 }
    return readEnd
  }

  /// The end to write to, now the caller's to close.
  func takeWriteEnd() -> Int32 {
    defer { writeEnd = -1 }
    return writeEnd
  }
}
