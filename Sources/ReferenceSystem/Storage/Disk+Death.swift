import AdapterProtocol
import RaftStorage
import RaftTypes

// What a process leaves on its disk when it dies.

extension Disk {
  /// What the process leaves behind when it dies.
  ///
  /// - Parameter unsynced: what becomes of the writes that are not durable. Torn, all but the last
  ///   had reached the disk, and the last one was cut in the middle.
  func remains(unsynced: UnsyncedWrites) throws(StorageError) -> any Medium {
    var medium = self.medium
    do throws(StorageError) {
      try medium.crash(leaving: finishQueue(on: &medium, unsynced))
    } catch {
      // It dies of what it could not write, and then what it did write is all there is.
      try medium.crash(leaving: .lost)
    }
    return medium
  }

  private func finishQueue(
    on medium: inout any Medium, _ unsynced: UnsyncedWrites
  ) throws(StorageError) -> UnsyncedFate {
    // What waits for room was never written.
    let written = isFull ? queue.filter { !$0.write.needsRoom } : queue
    guard unsynced != .lost, let last = written.last else { return .lost }
    for write in written.dropLast() { try medium.store(write.write) }
    if unsynced == .kept {
      try medium.store(last.write)
      return .kept
    }
    let (whole, cut) = last.write.torn
    if let whole { try medium.store(whole) }
    try medium.sync()
    try medium.store(cut)
    return .torn
  }
}
