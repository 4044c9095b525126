import RaftCore
import RaftStorage

/// A server's disk: a storage that the server's lives have open one after the other.
protocol Medium: Storage {
  /// Opens it for a new life, which finds what survived and counts its writes from 1.
  mutating func open() throws(StorageError)

  /// The process that has it open dies, and of the writes that were not synced there is left what
  /// `unsynced` says.
  mutating func crash(leaving unsynced: UnsyncedFate) throws(StorageError)

  /// How far what it holds can be trusted, as far as it can tell: an empty disk can't tell that it
  /// is not the first.
  var standing: Standing { get }

  /// What it may have lost has been repaired by the other servers.
  mutating func confirmRepair() throws(StorageError)

  /// Puts an empty disk in the place of this one, which no process has open.
  mutating func wipe() throws(StorageError)
}

extension MemoryStorage: Medium {
  mutating func open() {}

  var standing: Standing { .sound }

  mutating func confirmRepair() {}

  mutating func crash(leaving unsynced: UnsyncedFate) { self = crash(unsynced: unsynced) }

  mutating func wipe() { self = MemoryStorage() }
}

extension Medium {
  /// Writes, without making it durable.
  mutating func store(_ write: DiskWrite) throws(StorageError) {
    switch write {
    case .hardState(let hardState): _ = try self.write(hardState)
    case .entries(let entries): _ = try append(entries)
    case .snapshot(let snapshot, _): _ = try self.write(snapshot)
    case .discard(let index): _ = try discard(upTo: index)
    }
  }
}
