import FaultyFileSystem
import RaftStorage
import RaftTypes
import RaftWAL
import Testing

/// What opening a log does with what it finds.
@Suite struct `Recovery` {
  /// A log of entries 1 to 4, each synced, and 5 to 8 written together and not synced.
  private func unsyncedBatch() throws -> ModelDisk {
    let model = try ModelLog()
    try model.append(1...4)
    _ = try model.log.append((5...8).map { entry($0) })
    try model.log.crash(leaving: .kept)
    return model.files.disk
  }

  @Test func `a torn batch is cut at its last complete record, with a copy and a report`() throws {
    let disk = try unsyncedBatch().crashed(.torn(afterBytes: 400))
    let model = try ModelLog(FaultyFileSystem(disk))
    #expect(model.log.lastIndex == LogIndex(6))
    #expect(model.log.recovery.standing == .certain)
    let cut = try #require(model.log.recovery.cut)
    #expect(cut.path == ModelLog.segment(2))
    #expect(cut.bytes > 0)
    let copy = try #require(cut.copy)
    let copied = try #require(model.files.disk.contents(of: copy))
    let before = try #require(disk.contents(of: cut.path))
    #expect(copied == Array(before[Int(cut.offset)..<Int(cut.offset + cut.bytes)]))
    #expect(model.log.recovery.summary.contains(copy))
    try model.append(7...9)
    #expect(try model.crashed().log.recovery.cut == nil)
    #expect(try model.crashed().log.lastIndex == LogIndex(9))
  }

  @Test func `a record before one that proves it durable is corruption, and nothing is altered`()
    throws
  {
    let model = try ModelLog()
    try model.append(1...4)
    var disk = model.files.disk
    // Inside the third entry's header: a segment's head takes 184 bytes, an entry and its trailer 264.
    let place = 184 + 2 * 264 + 20
    disk.flipBit(place * 8, of: ModelLog.segment(1))
    let files = FaultyFileSystem(disk)
    let error = #expect(throws: WALOpenError.self) { try ModelLog(files) }
    guard case .corrupt(let damage)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(damage.path == ModelLog.segment(1))
    #expect(damage.offset == 184 + 2 * 264)
    #expect(damage.finding == .checksum)
    #expect(error?.description.contains("raft-kv wal repair") == true)
    #expect(files.disk.contents(of: ModelLog.segment(1)) == disk.contents(of: ModelLog.segment(1)))
    #expect(error?.storageError.code == "storage.corrupt")
  }

  @Test func `a complete batch with damage inside is uncertain until peers repaired it`() throws {
    let model = try ModelLog()
    _ = try model.log.write(HardState(term: Term(1)))
    try model.append(1...2)
    _ = try model.log.write(HardState(term: Term(3), votedFor: ServerID(2)))
    _ = try model.log.append([entry(3, term: 3), entry(4, term: 3)])
    try model.log.sync()
    var disk = model.files.disk
    let written = try #require(disk.writtenBytes(of: ModelLog.segment(1))).count
    disk.flipBit((written - 104 - 20) * 8, of: ModelLog.segment(1))

    let claim = LogClaim(
      last: LogPosition(index: LogIndex(4), term: Term(3)),
      hardState: HardState(term: Term(3), votedFor: ServerID(2)))
    var opened = try ModelLog(FaultyFileSystem(disk))
    for _ in 0..<2 {
      #expect(opened.log.recovery.standing == .uncertain(claimed: claim))
      #expect(opened.log.lastIndex == LogIndex(3))
      #expect(opened.log.hardState == claim.hardState)
      opened = try opened.crashed()
    }
    _ = try opened.log.append([entry(4, term: 3)])
    try opened.log.confirmRepair()
    #expect(opened.log.recovery.standing == .certain)
    opened = try opened.crashed()
    #expect(opened.log.recovery.standing == .certain)
    #expect(opened.log.lastIndex == LogIndex(4))
  }

  @Test func `a vote in a damaged batch is not forgotten`() throws {
    let model = try ModelLog()
    try model.append(1...1)
    _ = try model.log.write(HardState(term: Term(5), votedFor: ServerID(2)))
    try model.log.sync()
    var disk = model.files.disk
    let written = try #require(disk.writtenBytes(of: ModelLog.segment(1))).count
    disk.flipBit((written - 104 - 12) * 8, of: ModelLog.segment(1))
    let opened = try ModelLog(FaultyFileSystem(disk))
    #expect(opened.log.hardState == HardState(term: Term(5), votedFor: ServerID(2)))
    #expect(opened.log.durableSequence == .zero)
    #expect(throws: StorageError.self) {
      try opened.log.write(HardState(term: Term(5), votedFor: ServerID(3)))
    }
    #expect(try opened.crashed().log.hardState.votedFor == ServerID(2))
  }

  @Test func `a log of another cluster, node or life is refused`() throws {
    let disk = try ModelLog().files.crash(.lost).disk
    var options = smallOptions()
    options.cluster = ClusterID(8)
    #expect(
      throws: WALOpenError.wrongIdentity(
        path: ModelLog.segment(1), field: "cluster", expected: 8, found: 7)
    ) { try ModelLog(FaultyFileSystem(disk), options) }
    options = smallOptions()
    options.node = ServerID(2)
    #expect(
      throws: WALOpenError.wrongIdentity(
        path: ModelLog.segment(1), field: "node", expected: 2, found: 1)
    ) { try ModelLog(FaultyFileSystem(disk), options) }

    // The second segment of another life of the same node.
    let model = try ModelLog()
    try model.append(1...12)
    options = smallOptions()
    options.newLogID = 43
    let other = try ModelLog(FaultyFileSystem(), options)
    try other.append(1...12)
    var mixed = model.files.disk
    let stranger = try #require(other.files.disk.contents(of: ModelLog.segment(2)))
    mixed.put(stranger, at: ModelLog.segment(2))
    #expect(throws: WALOpenError.self) { try ModelLog(FaultyFileSystem(mixed)) }
  }

  @Test(arguments: [(1, 3), (3, 1), (0, 4), (4, 0)])
  func `a batch in the place of another one of its size is refused`(_ from: Int, _ to: Int) throws {
    var options = smallOptions()
    options.segmentBytes = 4096
    let model = try ModelLog(FaultyFileSystem(), options)
    try model.append(1...5)
    try model.log.idle()
    var disk = model.files.disk
    let bytes = try #require(disk.contents(of: ModelLog.segment(1)))
    let batch = bytes[(184 + from * 264)..<(184 + from * 264 + 264)]
    disk.overwrite(ModelLog.segment(1), at: 184 + to * 264, with: batch)
    let error = #expect(throws: WALOpenError.self) { try ModelLog(FaultyFileSystem(disk), options) }
    guard case .corrupt(let damage)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(damage.offset == UInt64(184 + to * 264))
    #expect(damage.finding == .foreign)
  }

  @Test func `a wiped disk is not taken for a new node where one has run before`() throws {
    var options = smallOptions()
    options.creation = .never
    #expect(throws: WALOpenError.missing(directory: "/log")) {
      try ModelLog(FaultyFileSystem(), options)
    }
    let model = try ModelLog()
    #expect(model.log.recovery.isNew)
    #expect(try !ModelLog(model.files.crash(.lost), options).log.recovery.isNew)
  }

  @Test func `a snapshot without a log is not taken for a new node`() throws {
    let model = try ModelLog()
    try model.append(1...3)
    _ = try model.log.write(snapshot(at: 2))
    try model.log.sync()
    var disk = model.files.crash(.lost).disk
    disk.delete(ModelLog.segment(1))
    #expect(throws: WALOpenError.self) { try ModelLog(FaultyFileSystem(disk)) }
  }

  @Test func `a second opener is told that the log is in use`() throws {
    let model = try ModelLog()
    #expect(throws: WALOpenError.locked(path: "/log/lock")) { try ModelLog(model.files) }
    model.log.close()
    _ = try ModelLog(model.files)
  }

  @Test func `a read-only disk is an error that says so`() throws {
    let files = try ModelLog().files.crash(.lost)
    files.setReadOnly(true)
    let error = #expect(throws: WALOpenError.self) { try ModelLog(files) }
    #expect(error?.description.contains("Read-only file system") == true)
  }

  @Test func `a later version of the format is refused by its number`() throws {
    let model = try ModelLog()
    try model.append(1...1)
    var disk = model.files.crash(.lost).disk
    var bytes = try #require(disk.contents(of: ModelLog.segment(1)))
    bytes[26] = 2
    let crc = CRC32C.of(Array(bytes[..<36]))
    withUnsafeBytes(of: crc.littleEndian) { bytes.replaceSubrange(36..<40, with: $0) }
    disk.overwrite(ModelLog.segment(1), at: 0, with: bytes)
    #expect(
      throws: WALOpenError.unsupportedVersion(path: ModelLog.segment(1), offset: 0, version: 2)
    ) { try ModelLog(FaultyFileSystem(disk)) }
  }

  @Test func `files that were never finished are cleared away`() throws {
    let model = try ModelLog()
    try model.append(1...2)
    var disk = model.files.crash(.lost).disk
    disk.put([1, 2, 3], at: "/log/next.tmp")
    disk.put([1, 2, 3], at: "/log/snapshot-00000000000000000002-00000000000000000001.snap")
    let opened = try ModelLog(FaultyFileSystem(disk))
    #expect(opened.files.disk.paths == ["/log/lock", ModelLog.segment(1)])
  }

  @Test func `a sync that failed is made good when the log is opened without a crash`() throws {
    let model = try ModelLog()
    try model.append(1...2)
    model.files.failNext(.sync, on: ".wal", with: .droppingPages)
    _ = try model.log.append([entry(3)])
    #expect(throws: StorageError.self) { try model.log.sync() }
    model.log.close()
    // The system's cache still shows the batch, which no sync will ever write.
    let again = try ModelLog(model.files)
    #expect(again.log.lastIndex == LogIndex(3))
    #expect(try again.crashed().log.lastIndex == LogIndex(3))
  }
}
