import AdapterProtocol
import Testing

/// The canonical form of snapshots, which every adapter has to write.
struct SnapshotBytesTests {
  @Test(
    arguments: [
      ([], []),
      ([[]], [0, 0, 0, 0]),
      ([[0x78]], [0, 0, 0, 1, 0x78]),
      ([[0x78], [], [1, 2]], [0, 0, 0, 1, 0x78, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2]),
      (
        [[UInt8](repeating: 7, count: 258)], [0, 0, 1, 2] + [UInt8](repeating: 7, count: 258)
      ),
    ] as [([[UInt8]], [UInt8])])
  func `a length of four bytes, then the command`(commands: [[UInt8]], bytes: [UInt8]) throws {
    #expect(SnapshotBytes.encode(commands) == bytes)
    #expect(try SnapshotBytes.decode(bytes) == commands)
  }

  @Test func `every cut but those between commands is told with its place`() {
    let commands: [[UInt8]] = [[0x78], [], [1, 2]]
    let bytes = SnapshotBytes.encode(commands)
    let starts = [0, 5, 9, 15]
    for length in 0...bytes.count {
      let cut = Array(bytes[..<length])
      if let whole = starts.firstIndex(of: length) {
        #expect((try? SnapshotBytes.decode(cut)) == Array(commands[..<whole]))
      } else {
        let start = starts.last { $0 < length } ?? 0
        #expect(throws: SnapshotBytes.Problem(offset: start)) { try SnapshotBytes.decode(cut) }
      }
    }
  }

  @Test func `a length beyond all bytes is refused`() {
    #expect(throws: SnapshotBytes.Problem(offset: 0)) {
      try SnapshotBytes.decode([0xFF, 0xFF, 0xFF, 0xFF, 1])
    }
  }
}
