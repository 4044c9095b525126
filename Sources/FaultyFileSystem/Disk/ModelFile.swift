/// Bytes of a file: those up to the last one written, and zeros from there to its length.
struct FileContent: Hashable, Sendable {
  /// The bytes up to the last one written.
  private(set) var bytes: [UInt8] = []
  /// The length of the file, at least that of `bytes`.
  private(set) var size = 0

  mutating func write(_ new: some Collection<UInt8>, at offset: Int) {
    let end = offset + new.count
    if bytes.count < end {
      bytes.reserveCapacity(end)
      bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
    }
    bytes.replaceSubrange(offset..<end, with: new)
    size = max(size, end)
  }

  mutating func resize(to newSize: Int) {
    if newSize < bytes.count { bytes.removeLast(bytes.count - newSize) }
    size = newSize
  }

  /// The bytes from `offset` on, at most `count`.
  func read(at offset: Int, count: Int) -> [UInt8] {
    let end = min(offset + count, size)
    guard offset < end else { return [] }
    return [UInt8](unsafeUninitializedCapacity: end - offset) { buffer, initialized in
      initialized = read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Fills `buffer` from `offset` on.
  ///
  /// - Returns: how many bytes there were.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, max(size - offset, 0))
    let stored = min(count, max(bytes.count - offset, 0))
    guard count > 0, let target = buffer.baseAddress else { return 0 }
    bytes.withUnsafeBytes { source in
      if stored > 0, let base = source.baseAddress {
        target.copyMemory(from: base + offset, byteCount: stored)
      }
    }
    (target + stored).initializeMemory(as: UInt8.self, repeating: 0, count: count - stored)
    return count
  }
}

/// What an unsynced change does to a file.
enum FileChange: Hashable, Sendable {
  case write(at: Int, [UInt8])
  case resize(Int)
}

/// A file of the model disk.
struct ModelFile: Hashable, Sendable {
  /// What reading it gives.
  var visible = FileContent()
  /// What a power cut is certain to leave.
  var durable = FileContent()
  /// The changes that were not synced, oldest first.
  var unsynced: [Unsynced] = []

  /// Makes all changes durable.
  mutating func sync() {
    for item in unsynced { durable.apply(item.change) }
    unsynced.removeAll(keepingCapacity: true)
  }

  /// A change, and its place in the order of all changes.
  struct Unsynced: Hashable, Sendable {
    var order: Int
    var change: FileChange
  }
}

extension FileContent {
  mutating func apply(_ change: FileChange) {
    switch change {
    case .write(let offset, let bytes): write(bytes, at: offset)
    case .resize(let size): resize(to: size)
    }
  }
}

/// A change of the names in a directory.
enum NameChange: Hashable, Sendable {
  /// The name stands for the file from now on.
  case link(String, file: Int)
  case unlink(String)
  case rename(String, to: String, file: Int)

  /// The path whose directory has to be synced.
  var path: String {
    switch self {
    case .link(let path, _), .unlink(let path), .rename(_, let path, _): path
    }
  }

  func apply(to names: inout [String: Int]) {
    switch self {
    case .link(let path, let file): names[path] = file
    case .unlink(let path): names[path] = nil
    case .rename(let old, let new, let file):
      if names[old] == file { names[old] = nil }
      names[new] = file
    }
  }
}
