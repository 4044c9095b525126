import Glibc
import RaftWAL

// MARK: - Files, as `FileSystem` documents them

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension FaultyFileSystem {
  public func open(_ path: String, _ mode: OpenMode) throws(FileSystemError) -> FileHandle {
    let changes = mode == .create || mode == .createOrUpdate
    return try perform(.open, path, changes: changes) { state, _ throws(FileSystemError) in
      if !changes && mode == .update && state.disk.isReadOnly {
        throw FileSystemError(.open, path, code: EROFS)
      }
      let file: Int
      if let found = state.disk.names[path] {
        if mode == .create { throw FileSystemError(.open, path, code: EEXIST) }
        file = found
      } else {
        guard changes, state.disk.directories.contains(ModelDisk.directory(of: path)) else {
          throw FileSystemError(.open, path, code: ENOENT)
        }
        state.disk.files.append(ModelFile())
        file = state.disk.files.count - 1
        state.disk.change(.link(path, file: file))
      }
      state.handles.append(OpenFile(file: file, path: path, isWritable: mode != .read))
      return FileHandle(rawValue: Int32(state.handles.count - 1))
    }
  }

  public func size(of file: FileHandle) throws(FileSystemError) -> UInt64 {
    try perform(.size, file, changes: false) { state, open, _ in
      UInt64(state.disk.files[open.file].visible.size)
    }
  }

  public func read(
    _ file: FileHandle, at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileSystemError) -> Int {
    let wanted = buffer.count
    let bytes = try perform(.read, file, changes: false) { state, open, fault in
      var count = wanted
      if case .short(let most) = fault { count = min(count, most) }
      return state.disk.files[open.file].visible.read(at: Int(offset), count: count)
    }
    buffer.copyBytes(from: bytes)
    return bytes.count
  }

  public func write(
    _ file: FileHandle, at offset: UInt64, _ bytes: UnsafeRawBufferPointer
  ) throws(FileSystemError) -> Int {
    let copied = [UInt8](bytes)
    return try perform(.write, file, changes: true) { state, open, fault throws(FileSystemError) in
      var count = copied.count
      if case .short(let most) = fault { count = min(count, most) }
      try state.claim(.write, open.path, file: open.file, size: Int(offset) + count)
      let written = count == copied.count ? copied : Array(copied[..<count])
      state.disk.change(open.file, .write(at: Int(offset), written))
      return count
    }
  }

  public func allocate(_ file: FileHandle, size: UInt64) throws(FileSystemError) {
    try perform(.allocate, file, changes: true) { state, open, _ throws(FileSystemError) in
      try state.claim(.allocate, open.path, file: open.file, size: Int(size))
      if Int(size) > state.disk.files[open.file].visible.size {
        state.disk.change(open.file, .resize(Int(size)))
      }
    }
  }

  public func truncate(_ file: FileHandle, to size: UInt64) throws(FileSystemError) {
    try perform(.truncate, file, changes: true) { state, open, _ in
      state.disk.change(open.file, .resize(Int(size)))
    }
  }

  public func syncData(_ file: FileHandle) throws(FileSystemError) {
    try perform(.sync, file, changes: true) { state, open, fault throws(FileSystemError) in
      if fault == .droppingPages {
        state.disk.files[open.file].unsynced.removeAll()
        throw FileSystemError(.sync, open.path, code: EIO)
      }
      state.disk.files[open.file].sync()
    }
  }

  public func syncAll(_ file: FileHandle) throws(FileSystemError) { try syncData(file) }

  public func lock(_ file: FileHandle) throws(FileSystemError) -> Bool {
    try perform(.lock, file, changes: false) { state, open, _ in
      let isHeld = state.handles.contains { $0?.file == open.file && $0?.isLocked == true }
      if !isHeld { state.handles[Int(file.rawValue)]?.isLocked = true }
      return !isHeld
    }
  }
}

// MARK: - Names, as `FileSystem` documents them

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension FaultyFileSystem {
  public func rename(_ path: String, to newPath: String) throws(FileSystemError) {
    try perform(.rename, path, changes: true) { state, _ throws(FileSystemError) in
      guard let file = state.disk.names[path] else {
        throw FileSystemError(.rename, path, code: ENOENT)
      }
      state.disk.change(.rename(path, to: newPath, file: file))
      // Planned faults and errors name open files by their present names.
      for handle in state.handles.indices where state.handles[handle]?.file == file {
        state.handles[handle]?.path = newPath
      }
    }
  }

  public func remove(_ path: String) throws(FileSystemError) {
    try perform(.remove, path, changes: true) { state, _ throws(FileSystemError) in
      if state.disk.names[path] == nil { throw FileSystemError(.remove, path, code: ENOENT) }
      state.disk.change(.unlink(path))
    }
  }

  public func list(_ directory: String) throws(FileSystemError) -> [String] {
    try perform(.list, directory, changes: false) { state, _ throws(FileSystemError) in
      guard state.disk.directories.contains(directory) else {
        throw FileSystemError(.list, directory, code: ENOENT)
      }
      return state.disk.paths.filter { ModelDisk.directory(of: $0) == directory }
        .map { String($0.dropFirst(directory == "/" ? 1 : directory.count + 1)) }
    }
  }

  public func makeDirectory(_ path: String) throws(FileSystemError) -> Bool {
    try perform(.makeDirectory, path, changes: true) { state, _ in
      state.disk.directories.insert(path).inserted
    }
  }

  public func syncDirectory(_ path: String) throws(FileSystemError) {
    try perform(.syncDirectory, path, changes: true) { state, _ in
      state.disk.syncDirectory(path)
    }
  }
}
