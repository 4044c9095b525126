import Glibc

/// The loops around single calls: what was interrupted is asked for again, what was done in part is
/// continued.
extension FileSystem {
  /// Carries out a call again as long as a signal interrupts it.
  func retrying<Result>(
    _ call: () throws(FileSystemError) -> Result
  ) throws(FileSystemError) -> Result {
    while true {
      do {
        return try call()
      } catch  where error.code == EINTR {
        continue
      }
    }
  }

  /// Writes all of `bytes` at `offset`.
  ///
  /// - Throws: what the call fails with; how much was written is then unknown.
  func writeAll(
    _ bytes: UnsafeRawBufferPointer, to file: FileHandle, at offset: UInt64, path: String
  ) throws(FileSystemError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let written = try retrying { () throws(FileSystemError) in
        try write(file, at: offset + UInt64(done), rest)
      }
      // A call that writes nothing and reports nothing would be repeated for ever.
      if written <= 0 { throw FileSystemError(.write, path, code: EIO) }
      done += written
    }
  }

  /// Writes all of `bytes` at `offset`.
  func writeAll(
    _ bytes: [UInt8], to file: FileHandle, at offset: UInt64, path: String
  ) throws(FileSystemError) {
    var failure: FileSystemError?
    bytes.withUnsafeBytes { buffer in
      do throws(FileSystemError) {
        try writeAll(buffer, to: file, at: offset, path: path)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Fills `buffer` from `offset` on.
  ///
  /// - Returns: the number of bytes read; fewer than there is room for only at the file's end.
  func readAll(
    _ file: FileHandle, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileSystemError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let got = try retrying { () throws(FileSystemError) in
        try read(file, at: offset + UInt64(done), into: rest)
      }
      if got == 0 { break }
      done += got
    }
    return done
  }

  /// Reads up to `count` bytes from `offset` on; fewer only at the file's end.
  func readAll(
    _ file: FileHandle, at offset: UInt64, count: Int
  ) throws(FileSystemError) -> [UInt8] {
    var failure: FileSystemError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(FileSystemError) {
        initialized = try readAll(file, at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Makes a file's bytes durable, whatever interrupts it. A failure is never tried again.
  func syncDataRetrying(_ file: FileHandle) throws(FileSystemError) {
    try retrying { () throws(FileSystemError) in try syncData(file) }
  }

  /// Makes a file's bytes and length durable, whatever interrupts it.
  func syncAllRetrying(_ file: FileHandle) throws(FileSystemError) {
    try retrying { () throws(FileSystemError) in try syncAll(file) }
  }

  /// Makes the names in a directory durable, whatever interrupts it.
  func syncDirectoryRetrying(_ path: String) throws(FileSystemError) {
    try retrying { () throws(FileSystemError) in try syncDirectory(path) }
  }

  /// Removes a name if it exists.
  func removeIfPresent(_ path: String) throws(FileSystemError) {
    do {
      try retrying { () throws(FileSystemError) in try remove(path) }
    } catch  where error.isMissing {
      return
    }
  }
}
