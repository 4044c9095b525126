import FaultyFileSystem
import RaftTypes
import RaftWAL
import Testing

/// The bytes, against `Spec/WALFormat.md`.
@Suite struct `Format` {
  // RFC 3720, B.4, and the check value of the CRC catalogue.
  static let checksums: [([UInt8], UInt32)] = [
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    ([UInt8](0..<32), 0x46DD_794E),
    ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
    ([UInt8]("123456789".utf8), 0xE306_9283),
    ([], 0),
  ]

  @Test(arguments: checksums)
  func `the checksum is CRC-32C`(_ bytes: [UInt8], _ checksum: UInt32) {
    #expect(CRC32C.of(bytes) == checksum)
    for split in 0...bytes.count {
      let first = CRC32C.of(Array(bytes[..<split]))
      #expect(CRC32C.of(Array(bytes[split...]), after: first) == checksum)
    }
  }

  private func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
    (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(bytes[offset + $1]) }
  }

  @Test func `a batch is laid out byte by byte as described`() throws {
    let model = try ModelLog()
    _ = try model.log.append([entry(1, term: 3, bytes: 5)])
    try model.log.sync()
    let bytes = try #require(model.files.disk.contents(of: ModelLog.segment(1)))
    #expect(bytes.count == 2048)
    // The head.
    #expect(Array(bytes[..<4]) == Array("RWL1".utf8))
    #expect(number(bytes, 4, 4) == 144)
    #expect(number(bytes, 8, 8) == 1)
    #expect(bytes[24] == 1)
    #expect(number(bytes, 26, 2) == 1)
    #expect(number(bytes, 36, 4) == UInt64(CRC32C.of(Array(bytes[..<36]))))
    #expect([1, 1, 2048, 7, 1, 42] == (0..<6).map { number(bytes, 40 + $0 * 8, 8) })
    // The entry: 16 bytes of fields, 5 of payload, 3 of padding.
    let entry = Array(bytes[184..<248])
    #expect(number(entry, 4, 4) == 21)
    #expect(number(entry, 8, 8) == 2)
    #expect(number(entry, 16, 8) == 1)
    #expect(entry[24] == 2)
    #expect(entry[25] == 0)
    #expect(number(entry, 28, 4) == number(bytes, 36, 4))
    #expect(number(entry, 32, 4) == UInt64(CRC32C.of(Array(entry[40...]))))
    let seed = CRC32C.of([42, 0, 0, 0, 0, 0, 0, 0])
    #expect(number(entry, 36, 4) == UInt64(CRC32C.of(Array(entry[..<36]), after: seed)))
    #expect([1, 3] == (0..<2).map { number(entry, 40 + $0 * 8, 8) })
    #expect(Array(entry[56...]) == [1, 2, 3, 4, 5, 0, 0, 0])
    // The trailer.
    let trailer = Array(bytes[248..<352])
    #expect(trailer[24] == 8)
    #expect(
      [2, 1, 1, 3, 0, 0, 64, 0x4B52_414D_444E_4501]
        == (0..<8).map { number(trailer, 40 + $0 * 8, 8) })
    #expect(bytes[352...].allSatisfy { $0 == 0 })
  }

  @Test func `names of segments are read as they are written`() {
    #expect(WALFormat.segmentName(12) == "segment-00000000000000000012.wal")
    #expect(WALFormat.segmentNumber("segment-00000000000000000012.wal") == 12)
    for name in ["segment-12.wal", "segment-0000000000000000001x.wal", "lock", "segment-.wal"] {
      #expect(WALFormat.segmentNumber(name) == nil)
    }
  }
}
