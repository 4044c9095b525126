#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads a file's bytes, at most one more than `limit`, so that a larger file can be told.
///
/// - Throws: a problem at the file's start with the system's reason.
func readBytes(path: String, limit: Int, file: String) throws(YAMLProblem) -> [UInt8] {
  func unreadable(_ code: Int32) -> YAMLProblem {
    YAMLProblem(
      location: SourceLocation(file: file, line: 1, column: 1),
      message: "can't read the file: \(String(cString: strerror(code)))")
  }
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw unreadable(errno) }
  defer { close(descriptor) }

  let chunk = 1 << 16
  var bytes: [UInt8] = []
  while bytes.count <= limit {
    let wanted = min(chunk, limit - bytes.count + 1)
    var failure: Int32 = 0
    let part = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      let got = read(descriptor, buffer.baseAddress, wanted)
      if got < 0 { failure = errno }
      count = max(got, 0)
    }
    if failure == EINTR { continue }
    guard failure == 0 else { throw unreadable(failure) }
    if part.isEmpty { break }
    bytes += part
  }
  return bytes
}
