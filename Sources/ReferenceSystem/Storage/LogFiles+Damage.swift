import AdapterProtocol
import RaftStorage
import RaftTypes
import RaftWAL

// Damage to the files of a log that no process has open.

extension LogFiles {
  /// Damages the record of an entry.
  ///
  /// - Returns: whether the log holds such an entry.
  /// - Throws: what keeps the files from being read or written.
  func corrupt(_ corruption: Corruption) throws(StorageError) -> Bool {
    guard let record = try record(of: corruption.entry) else { return false }
    do throws(FileSystemError) {
      let file = try files.open(record.path, .update)
      defer { files.close(file) }
      switch corruption.damage {
      case .flip:
        let middle = record.offset + UInt64(record.byteCount / 2)
        var byte: [UInt8] = [0]
        try withBytes(&byte) { buffer throws(FileSystemError) in
          _ = try files.read(file, at: middle, into: buffer)
        }
        byte[0] ^= 1
        try overwrite(file, at: middle, byte)
      case .cut:
        try files.truncate(file, to: record.offset + UInt64(record.byteCount / 2))
      case .zero:
        try overwrite(file, at: record.offset, [UInt8](repeating: 0, count: record.byteCount))
      }
      try files.syncAll(file)
    } catch {
      throw .ioFailed(
        .write, at: .file(path: record.path, offset: record.offset), reason: .device)
    }
    return true
  }

  /// The latest record of an entry.
  private func record(of index: LogIndex) throws(StorageError) -> InspectedRecord? {
    var found: InspectedRecord?
    do throws(WALOpenError) {
      _ = try LogInspection.run(directory: directory, files: files) { record in
        guard record.type == .entry, let held = record.fields.first(where: { $0.name == "index" })
        else { return }
        if held.value == index.rawValue { found = record }
      }
    } catch {
      throw error.storageError
    }
    return found
  }

  private func overwrite(
    _ file: FileHandle, at offset: UInt64, _ bytes: [UInt8]
  ) throws(FileSystemError) {
    var bytes = bytes
    try withBytes(&bytes) { buffer throws(FileSystemError) in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        done += try files.write(file, at: offset + UInt64(done), rest)
      }
    }
  }

  private func withBytes(
    _ bytes: inout [UInt8],
    _ body: (UnsafeMutableRawBufferPointer) throws(FileSystemError) -> Void
  ) throws(FileSystemError) {
    var failure: FileSystemError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(FileSystemError) { try body(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
