/// The bytes behind the last record of a log, up to the last one that is not zero.
struct TailBytes {
  /// Where they begin in the segment.
  let start: UInt64
  /// The bytes; at least as many as a record's header has.
  private let bytes: [UInt8]
  /// How many of them there are up to the last that is not zero.
  let count: UInt64

  /// What later records tell of the bytes where the next record belongs.
  struct Evidence {
    /// A record that was written when the next one was known to be durable.
    var proof: (sequence: UInt64, offset: UInt64)?
    /// The last record of the batch that the next one belongs to.
    var trailer: BatchTrailer?
  }

  /// Reads the bytes from `start` through the one at `last`.
  init(
    _ files: any FileSystem, _ segment: SegmentFile, from start: UInt64, through last: UInt64
  ) throws(FileSystemError) {
    self.start = start
    count = last - start + 1
    let wanted = max(Int(count + 7) & ~7, RecordHeader.byteCount)
    var bytes = try files.readAll(segment.file, at: start, count: wanted)
    bytes.append(contentsOf: repeatElement(0, count: wanted - bytes.count))
    self.bytes = bytes
  }

  /// The place of a segment's last byte that is not zero, from `start` on; `nil` where all are.
  static func lastWritten(
    _ files: any FileSystem, _ segment: SegmentFile, from start: UInt64
  ) throws(FileSystemError) -> UInt64? {
    let chunk = 256 << 10
    var found: UInt64?
    var offset = start
    while offset < segment.size {
      let wanted = Int(min(UInt64(chunk), segment.size - offset))
      let bytes = try files.readAll(segment.file, at: offset, count: wanted)
      if let last = lastNonZero(bytes) { found = offset + UInt64(last) }
      if bytes.count < wanted { break }
      offset += UInt64(bytes.count)
    }
    return found
  }

  private static func lastNonZero(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { buffer in
      var end = buffer.count
      while end >= 8, buffer.loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0 {
        end -= 8
      }
      while end > 0, buffer[end - 1] == 0 { end -= 1 }
      return end == 0 ? nil : end - 1
    }
  }

  /// Looks for records behind the place where the next record belongs.
  ///
  /// - Parameter sequence: the last record that is there.
  func evidence(after sequence: UInt64, seed: UInt32) -> Evidence {
    var evidence = Evidence()
    bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      var place = 0
      while place + RecordHeader.byteCount <= buffer.count {
        defer { place += 8 }
        guard let header = RecordHeader(base + place, seed: seed),
          header.type != RecordType.segmentHeader.rawValue, header.sequence > sequence
        else { continue }
        if header.syncedSequence > sequence, evidence.proof == nil {
          evidence.proof = (header.sequence, start + UInt64(place))
        }
        if let trailer = trailer(header, base + place, within: buffer.count - place) {
          evidence.trailer = trailer
        }
      }
    }
    return evidence
  }

  private func trailer(
    _ header: RecordHeader, _ address: UnsafeRawPointer, within room: Int
  ) -> BatchTrailer? {
    guard header.type == RecordType.trailer.rawValue, header.recordBytes <= room,
      Int(header.length) >= BatchTrailer.fieldCount * 8
    else { return nil }
    let body = UnsafeRawBufferPointer(
      start: address + RecordHeader.byteCount, count: header.paddedLength)
    guard CRC32C.of(body) == header.bodyCRC else { return nil }
    let fields = (0..<BatchTrailer.fieldCount).map {
      UInt64(littleEndian: body.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
    }
    return BatchTrailer(fields, flags: header.flags)
  }

  /// Whether the bytes are what a batch leaves of which only some sectors, or the bytes up to some
  /// place, were written over zeros. Bytes that were changed afterwards do not look so: they have no
  /// zeros where the record would have others.
  func looksTorn(seed: UInt32) -> Bool {
    // No record begins with a zero, and no single bit makes it so.
    if bytes[0] == 0 { return true }
    let extent = bytes.withUnsafeBytes { buffer in
      buffer.baseAddress.flatMap { RecordHeader($0, seed: seed)?.recordBytes }
        ?? RecordHeader.byteCount
    }
    if Int(count) < extent { return true }
    var sector = Int(WALFormat.sectorBoundary(from: start) - start)
    while sector < extent {
      let end = min(sector + WALFormat.sectorBytes, bytes.count)
      if bytes[sector..<end].allSatisfy({ $0 == 0 }) { return true }
      sector += WALFormat.sectorBytes
    }
    return false
  }
}
