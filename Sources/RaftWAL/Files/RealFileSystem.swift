import Glibc

/// The machine's file system, by plain system calls.
public struct RealFileSystem: FileSystem {
  /// The file system of this machine.
  public init() {}
}

// MARK: - Files, as `FileSystem` documents them

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension RealFileSystem {
  public func open(_ path: String, _ mode: OpenMode) throws(FileSystemError) -> FileHandle {
    let flags =
      switch mode {
      case .read: O_RDONLY
      case .update: O_RDWR
      case .create: O_RDWR | O_CREAT | O_EXCL
      case .createOrUpdate: O_RDWR | O_CREAT
      }
    let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw FileSystemError(.open, path, code: errno) }
    return FileHandle(rawValue: descriptor)
  }

  public func close(_ file: FileHandle) { _ = Glibc.close(file.rawValue) }

  public func size(of file: FileHandle) throws(FileSystemError) -> UInt64 {
    var status = stat()
    if fstat(file.rawValue, &status) != 0 { throw failure(.size, file) }
    return UInt64(status.st_size)
  }

  public func read(
    _ file: FileHandle, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileSystemError) -> Int {
    let got = pread(file.rawValue, buffer.baseAddress, buffer.count, off_t(offset))
    if got < 0 { throw failure(.read, file) }
    return got
  }

  public func write(
    _ file: FileHandle, at offset: UInt64, _ bytes: UnsafeRawBufferPointer
  ) throws(FileSystemError) -> Int {
    let written = pwrite(file.rawValue, bytes.baseAddress, bytes.count, off_t(offset))
    if written < 0 { throw failure(.write, file) }
    return written
  }

  public func allocate(_ file: FileHandle, size: UInt64) throws(FileSystemError) {
    // This one returns its error and leaves errno alone.
    let code = posix_fallocate(file.rawValue, 0, off_t(size))
    if code != 0 { throw FileSystemError(.allocate, path(of: file), code: code) }
  }

  public func truncate(_ file: FileHandle, to size: UInt64) throws(FileSystemError) {
    if ftruncate(file.rawValue, off_t(size)) != 0 { throw failure(.truncate, file) }
  }

  public func syncData(_ file: FileHandle) throws(FileSystemError) {
    if fdatasync(file.rawValue) != 0 { throw failure(.sync, file) }
  }

  public func syncAll(_ file: FileHandle) throws(FileSystemError) {
    if fsync(file.rawValue) != 0 { throw failure(.sync, file) }
  }

  public func lock(_ file: FileHandle) throws(FileSystemError) -> Bool {
    if flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 { return true }
    if errno == EWOULDBLOCK { return false }
    throw failure(.lock, file)
  }
}

// MARK: - Names, as `FileSystem` documents them

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension RealFileSystem {
  public func rename(_ path: String, to newPath: String) throws(FileSystemError) {
    if Glibc.rename(path, newPath) != 0 { throw FileSystemError(.rename, path, code: errno) }
  }

  public func remove(_ path: String) throws(FileSystemError) {
    if unlink(path) != 0 { throw FileSystemError(.remove, path, code: errno) }
  }

  public func list(_ directory: String) throws(FileSystemError) -> [String] {
    guard let stream = opendir(directory) else {
      throw FileSystemError(.list, directory, code: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let item = readdir(stream) else { break }
      let name = withUnsafePointer(to: &item.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    if errno != 0 { throw FileSystemError(.list, directory, code: errno) }
    return names
  }

  public func makeDirectory(_ path: String) throws(FileSystemError) -> Bool {
    if mkdir(path, 0o755) == 0 { return true }
    if errno == EEXIST { return false }
    throw FileSystemError(.makeDirectory, path, code: errno)
  }

  public func syncDirectory(_ path: String) throws(FileSystemError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw FileSystemError(.syncDirectory, path, code: errno) }
    defer { _ = Glibc.close(descriptor) }
    if fsync(descriptor) != 0 { throw FileSystemError(.syncDirectory, path, code: errno) }
  }

  /// The error of the call just made on `file`.
  private func failure(_ operation: FileOperation, _ file: FileHandle) -> FileSystemError {
    let code = errno
    return FileSystemError(operation, path(of: file), code: code)
  }

  /// The name that an open file has, for messages.
  private func path(of file: FileHandle) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let link = "/proc/self/fd/\(file.rawValue)"
    let count = readlink(link, &buffer, buffer.count)
    let name = buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
    return count > 0 ? String(decoding: name, as: UTF8.self) : link
  }
}
