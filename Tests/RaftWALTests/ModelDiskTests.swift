import FaultyFileSystem
import Glibc
import RaftWAL
import Testing

/// The model disk keeps what was synced and nothing else for certain.
@Suite struct `Model disk` {
  private func write(
    _ text: String, _ file: FileHandle, _ files: FaultyFileSystem, at place: UInt64 = 0
  )
    throws
  {
    _ = try Array(text.utf8).withUnsafeBytes { bytes in try files.write(file, at: place, bytes) }
  }

  private func text(_ files: FaultyFileSystem, _ path: String = "/a") -> String? {
    files.disk.contents(of: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `bytes and names are durable once each was synced`() throws {
    let files = FaultyFileSystem()
    let file = try files.open("/a", .create)
    try write("one", file, files)
    try files.syncData(file)
    #expect(text(FaultyFileSystem(files.disk.crashed(.lost))) == nil)
    try files.syncDirectory("/")
    try write("two", file, files)
    #expect(text(files) == "two")
    #expect(text(FaultyFileSystem(files.disk.crashed(.lost))) == "one")
    #expect(text(FaultyFileSystem(files.disk.crashed(.kept))) == "two")
    #expect(text(FaultyFileSystem(files.disk.crashed(.torn(afterBytes: 1)))) == "tne")
  }

  @Test func `a rename or removal is lost without a sync of the directory`() throws {
    let files = FaultyFileSystem()
    for path in ["/a", "/b"] { files.close(try files.open(path, .create)) }
    try files.syncDirectory("/")
    try files.rename("/a", to: "/c")
    try files.remove("/b")
    #expect(files.disk.paths == ["/c"])
    #expect(files.disk.crashed(.lost).paths == ["/a", "/b"])
    #expect(files.disk.crashed(.pieces(1)).paths == ["/b", "/c"])
    #expect(files.disk.crashed(.pieces(2)).paths == ["/a"])
  }

  @Test func `sectors of a write survive each for itself`() throws {
    let files = FaultyFileSystem()
    let file = try files.open("/a", .create)
    try files.syncDirectory("/")
    try write(String(repeating: "x", count: 1024), file, files, at: 256)
    #expect(files.disk.unsyncedPieceCount == 3)
    #expect(files.disk.unsyncedByteCount == 1024)
    let middle = files.disk.crashed(.pieces(2))
    #expect(middle.contents(of: "/a")?.prefix(512).allSatisfy { $0 == 0 } == true)
    #expect(middle.contents(of: "/a")?[512...].allSatisfy { $0 == UInt8(ascii: "x") } == true)
    let chosen = (0..<40).map { files.disk.crashed(.random(seed: $0)).contents(of: "/a") }
    #expect(Set(chosen).count > 6)
    #expect(chosen[7] == files.disk.crashed(.random(seed: 7)).contents(of: "/a"))
  }

  @Test func `a sync that drops pages leaves readers in the dark`() throws {
    let files = FaultyFileSystem()
    let file = try files.open("/a", .create)
    try files.syncDirectory("/")
    try write("one", file, files)
    files.failNext(.sync, with: .droppingPages)
    #expect(throws: FileSystemError(.sync, "/a", code: EIO)) { try files.syncData(file) }
    try files.syncData(file)
    #expect(text(files) == "one")
    #expect(text(FaultyFileSystem(files.disk.crashed(.kept))) == "")
  }

  @Test func `the power goes before the call that was named`() throws {
    let files = FaultyFileSystem()
    files.cutPower(beforeCall: 2)
    let file = try files.open("/a", .create)
    try write("one", file, files)
    #expect(throws: FileSystemError.self) { try files.syncData(file) }
    #expect(files.isOff)
    #expect(throws: FileSystemError.self) { try files.size(of: file) }
    #expect(text(files) == "one")
  }

  @Test func `a full disk refuses more and takes what it has room for`() throws {
    let files = FaultyFileSystem()
    let file = try files.open("/a", .create)
    try files.allocate(file, size: 10)
    files.limit(to: 10)
    try write("0123456789", file, files)
    #expect(throws: FileSystemError(.write, "/a", code: ENOSPC)) {
      try write("x", file, files, at: 10)
    }
  }

  @Test func `the disk before each call is kept on demand`() throws {
    let files = FaultyFileSystem(keepsHistory: true)
    let file = try files.open("/a", .create)
    try write("one", file, files)
    try files.syncData(file)
    #expect(files.history.count == 3)
    #expect(files.history.map { $0.contents(of: "/a")?.count } == [nil, 0, 3])
  }
}
