import FaultyFileSystem
import Glibc
import RaftStorage
import RaftTypes
import RaftWAL
import Testing

/// How writes reach the disk, and what happens when they do not.
@Suite struct `Syncing` {
  @Test func `everything pending is one write and one sync`() throws {
    let model = try ModelLog()
    let before = model.files.changeCalls
    _ = try model.log.write(HardState(term: Term(1)))
    for index: UInt64 in 1...4 { _ = try model.log.append([entry(index)]) }
    #expect(model.files.changeCalls == before)
    try model.log.sync()
    #expect(model.files.changeCalls == before + 2)
    #expect(model.log.durableSequence == WriteSequence(5))
    try model.log.sync()
    #expect(model.files.changeCalls == before + 2)
  }

  @Test func `a sync that fails is never tried again`() throws {
    let model = try ModelLog()
    try model.append(1...1)
    model.files.failNext(.sync, with: .droppingPages)
    _ = try model.log.append([entry(2)])
    #expect(throws: StorageError.self) { try model.log.sync() }
    let calls = model.files.changeCalls
    #expect(model.log.failedCall?.code == EIO)
    #expect(throws: StorageError.self) { try model.log.sync() }
    #expect(throws: StorageError.self) { try model.log.append([entry(3)]) }
    #expect(throws: StorageError.self) { try model.log.idle() }
    model.log.close()
    #expect(model.files.changeCalls == calls)
    #expect(model.log.durableSequence == WriteSequence(1))
    #expect(try model.crashed(.kept).log.lastIndex == LogIndex(1))
  }

  @Test func `short writes are continued and interrupted calls repeated`() throws {
    let model = try ModelLog()
    for count in [1, 7, 300] {
      model.files.failNext(.write, with: .short(count))
      model.files.failNext(.write, nth: 2, with: .interrupted)
      model.files.failNext(.sync, with: .interrupted)
      let next = model.log.lastIndex.next.rawValue
      try model.append(next...next)
    }
    let files = model.files.crash(.lost)
    files.failNext(.read, with: .short(3))
    files.failNext(.read, nth: 2, with: .interrupted)
    files.failNext(.open, with: .interrupted)
    let opened = try ModelLog(files)
    #expect(try LogContents(of: opened.log).entries == [entry(1), entry(2), entry(3)])
  }

  @Test func `a batch is carried out elsewhere while the next one gathers`() throws {
    let model = try ModelLog()
    _ = try model.log.append([entry(1)])
    let first = try #require(try model.log.takeBatch())
    _ = try model.log.append([entry(2)])
    #expect(model.log.durableSequence == .zero)
    #expect(try LogContents(of: model.log).entries == [entry(1), entry(2)])
    try model.log.complete(first, first.run())
    #expect(model.log.durableSequence == WriteSequence(1))
    let second = try #require(try model.log.takeBatch())
    #expect(second.through == WriteSequence(2))
    try model.log.complete(second, second.run())
    #expect(try model.crashed().log.lastIndex == LogIndex(2))
  }

  @Test func `a batch that failed elsewhere poisons the log`() throws {
    let model = try ModelLog()
    _ = try model.log.append([entry(1)])
    model.files.failNext(.sync)
    let batch = try #require(try model.log.takeBatch())
    let result = batch.run()
    #expect(throws: StorageError.self) { try model.log.complete(batch, result) }
    #expect(model.log.failure != nil)
    #expect(model.log.durableSequence == .zero)
  }

  @Test func `a sync through a write leaves the writes behind it`() throws {
    let model = try ModelLog()
    let first = try model.log.append([entry(1)])
    _ = try model.log.append([entry(2)])
    try model.log.sync(through: first)
    #expect(model.log.durableSequence == first)
    #expect(try model.crashed().log.lastIndex == LogIndex(1))
  }

  @Test func `a seal is written once while nothing happens`() throws {
    let model = try ModelLog()
    try model.append(1...1)
    try model.log.idle()
    let calls = model.files.changeCalls
    try model.log.idle()
    #expect(model.files.changeCalls == calls)
    try model.append(2...2)
    #expect(try model.crashed().log.lastIndex == LogIndex(2))
  }

  @Test func `damage to the last batch behind a seal is refused, not cut`() throws {
    let model = try ModelLog()
    try model.append(1...2)
    try model.log.idle()
    var disk = model.files.disk
    disk.zero(184 + 264..<184 + 528, of: ModelLog.segment(1))
    #expect(throws: WALOpenError.self) { try ModelLog(FaultyFileSystem(disk)) }
  }

  @Test func `payloads that left the memory are read and checked`() throws {
    var options = smallOptions()
    options.cachedBytes = 150
    let model = try ModelLog(FaultyFileSystem(), options)
    try model.append(1...10)
    #expect(try LogContents(of: model.log).entries == (1...10).map { entry($0) })
    model.files.failNext(.read)
    #expect(throws: StorageError.self) {
      try model.log.entries(LogRange(first: LogIndex(1), count: 1), maxBytes: .max)
    }
    #expect(model.log.failure?.code == "storage.io-failed")
  }

  @Test func `the whole of a long batch gets a segment of its own`() throws {
    let model = try ModelLog()
    try model.append(1...1)
    _ = try model.log.append([entry(2, bytes: 10_000)])
    try model.log.sync()
    try model.append(3...3)
    let opened = try model.crashed()
    #expect(
      try LogContents(of: opened.log).entries == [entry(1), entry(2, bytes: 10_000), entry(3)])
  }
}

/// What a full disk still takes.
@Suite struct `A full disk` {
  /// A log on a disk with room for no other segment, whose segment takes no other entry.
  private func full() throws -> ModelLog {
    let model = try ModelLog()
    model.files.limit(to: model.files.disk.usedBytes)
    #expect(throws: StorageError.self) {
      while true {
        let next = model.log.lastIndex.next.rawValue
        try model.append(next...next)
      }
    }
    return model
  }

  @Test func `entries are refused, and nothing is poisoned`() throws {
    let model = try full()
    let last = model.log.lastIndex
    #expect(last > LogIndex(2))
    let error = #expect(throws: StorageError.self) {
      try model.log.append([entry(last.next.rawValue)])
    }
    #expect(error?.code == "storage.full")
    #expect(model.log.failure == nil)
    #expect(model.log.lastIndex == last)
    try model.log.sync()
  }

  @Test func `the reserve takes term and vote`() throws {
    let model = try full()
    _ = try model.log.write(HardState(term: Term(4), votedFor: ServerID(2)))
    try model.log.sync()
    let opened = try model.crashed()
    #expect(opened.log.hardState == HardState(term: Term(4), votedFor: ServerID(2)))
  }

  @Test func `work goes on when there is room`() throws {
    let model = try full()
    let next = model.log.lastIndex.next.rawValue
    model.files.limit(to: nil)
    try model.append(next...next + 20)
    #expect(try model.crashed().log.lastIndex == LogIndex(next + 20))
  }

  @Test func `a log opens on a full disk, a torn one too`() throws {
    let model = try full()
    _ = try model.log.write(HardState(term: Term(4)))
    try model.log.crash(leaving: .kept)
    let files = model.files.crash(.torn(afterBytes: 30))
    let opened = try ModelLog(files)
    #expect(opened.log.hardState == HardState())
    #expect(opened.log.recovery.cut?.bytes == 30)
    #expect(opened.log.recovery.cut?.copy == nil)
  }

  @Test func `a snapshot without room is refused and leaves nothing behind`() throws {
    let model = try full()
    let paths = model.files.disk.paths
    let error = #expect(throws: StorageError.self) { try model.log.write(snapshot(at: 2)) }
    #expect(error?.code == "storage.full")
    #expect(model.files.disk.paths == paths)
    #expect(model.log.failure == nil)
  }
}

/// Which files go when they are no longer needed.
@Suite struct `Compaction` {
  @Test func `segments that hold nothing needed go, and the log stays whole`() throws {
    let model = try ModelLog()
    try model.append(1...30)
    let segments = model.files.disk.paths.filter { $0.hasSuffix(".wal") }.count
    #expect(segments > 4)
    _ = try model.log.write(snapshot(at: 25))
    _ = try model.log.discard(upTo: LogIndex(25))
    #expect(model.files.disk.paths.filter { $0.hasSuffix(".wal") }.count >= segments)
    try model.log.sync()
    #expect(model.files.disk.paths.filter { $0.hasSuffix(".wal") }.count < 4)
    for unsynced in [UnsyncedChanges.lost, .kept, .random(seed: 1), .random(seed: 2)] {
      let opened = try ModelLog(FaultyFileSystem(model.files.disk.crashed(unsynced)))
      #expect(opened.log.firstIndex == LogIndex(26))
      #expect(try LogContents(of: opened.log).entries == (26...30).map { entry($0) })
      #expect(try opened.log.snapshot() == snapshot(at: 25))
    }
  }

  @Test func `the newest snapshots are kept, as many as asked for`() throws {
    var options = smallOptions()
    options.snapshotsKept = 2
    let model = try ModelLog(FaultyFileSystem(), options)
    try model.append(1...6)
    for index: UInt64 in [2, 4, 6] {
      _ = try model.log.write(snapshot(at: index))
      try model.log.sync()
    }
    #expect(model.files.disk.paths.filter { $0.hasSuffix(".snap") }.count == 2)
    let opened = try ModelLog(model.files.crash(.kept), options)
    #expect(opened.files.disk.paths.filter { $0.hasSuffix(".snap") }.count == 2)
    #expect(try opened.log.snapshot() == snapshot(at: 6))
  }

  @Test func `a snapshot that the log does not name yet is not used`() throws {
    let model = try ModelLog()
    try model.append(1...3)
    _ = try model.log.write(snapshot(at: 2))
    let opened = try model.crashed(.kept)
    #expect(try opened.log.snapshot() == nil)
    #expect(opened.files.disk.paths.allSatisfy { !$0.hasSuffix(".snap") })
  }

  @Test func `a damaged snapshot is refused`() throws {
    let model = try ModelLog()
    try model.append(1...3)
    _ = try model.log.write(snapshot(at: 2))
    try model.log.sync()
    var disk = model.files.crash(.lost).disk
    let path = try #require(disk.paths.first { $0.hasSuffix(".snap") })
    disk.flipBit(500, of: path)
    let error = #expect(throws: WALOpenError.self) { try ModelLog(FaultyFileSystem(disk)) }
    #expect(error?.description.contains(path) == true)
  }
}
