import RaftTypes

/// Builds records one behind the other in one buffer.
struct RecordWriter {
  /// The records so far.
  private(set) var bytes: [UInt8] = []
  /// The last record.
  private(set) var chain: ChainEnd
  private let seed: UInt32
  private let synced: UInt64

  /// Continues the chain.
  ///
  /// - Parameters:
  ///   - log: the log's id.
  ///   - synced: the last record known to be durable.
  init(after chain: ChainEnd, log: UInt64, synced: UInt64) {
    self.chain = chain
    self.synced = synced
    seed = RecordHeader.seed(of: log)
  }

  /// Bytes of a record with this many fields and bytes of data.
  static func byteCount(fields: Int, data: Int = 0) -> Int {
    RecordHeader.byteCount + ((fields * 8 + data + 7) & ~7)
  }

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  /// Adds a record whose payload is `fields`, each in 8 bytes, and `data`.
  mutating func append(
    _ type: RecordType, flags: UInt8 = 0, fields: [UInt64], data: [UInt8] = []
  ) {
    let start = bytes.count
    let length = fields.count * 8 + data.count
    bytes.append(contentsOf: repeatElement(0, count: RecordHeader.byteCount))
    for field in fields {
      withUnsafeBytes(of: field.littleEndian) { bytes.append(contentsOf: $0) }
    }
    bytes.append(contentsOf: data)
    bytes.append(contentsOf: repeatElement(0, count: (8 - length & 7) & 7))
    let seed = type == .segmentHeader ? 0 : seed
    let next = ChainEnd(sequence: chain.sequence + 1, headerCRC: 0)
    let previous = chain.headerCRC
    chain = bytes.withUnsafeMutableBytes { buffer in
      let body = UnsafeRawBufferPointer(rebasing: buffer[(start + RecordHeader.byteCount)...])
      var header = RecordHeader(
        type: type, flags: flags, length: length, sequence: next.sequence, synced: synced,
        previousHeaderCRC: previous, bodyCRC: CRC32C.of(body))
      let place = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
      if let address = place.baseAddress { header.write(to: address, seed: seed) }
      return ChainEnd(sequence: next.sequence, headerCRC: header.headerCRC)
    }
  }
}
