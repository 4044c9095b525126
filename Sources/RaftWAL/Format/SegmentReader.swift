import RaftTypes

/// What reading at a place of a segment gives.
enum ReadStep: Hashable {
  /// A record, which fits the one before it.
  case record
  /// Nothing was written here.
  case blank
  /// Bytes that are not the record that has to come here.
  case fault(RecordFault)
}

/// What is wrong with the bytes where a record has to be.
enum RecordFault: Hashable {
  /// They are not a record's header.
  case header
  /// The header is right and the payload is not the one that was written.
  case body
  /// They are a record that belongs elsewhere.
  case foreign
  /// They are a record of a later version of the format.
  case version(UInt16)
}

/// Reads a segment record by record through a window, so that memory does not grow with the file.
final class SegmentReader {
  let path: String
  let size: UInt64
  /// Where the next record begins: behind the last one read.
  private(set) var offset: UInt64 = 0
  /// The record read last.
  private(set) var header = RecordHeader(
    type: .entry, flags: 0, length: 0, sequence: 0, synced: 0, previousHeaderCRC: 0, bodyCRC: 0)
  /// Where the record read last begins.
  private(set) var recordOffset: UInt64 = 0

  private let files: any FileSystem
  private let file: FileHandle
  private var window: UnsafeMutableRawBufferPointer
  private var windowStart: UInt64 = 0
  private var windowCount = 0

  /// How much is read at once, bytes; a longer record widens the window to its own length.
  private static let windowBytes = 256 << 10

  init(_ files: any FileSystem, _ file: FileHandle, path: String, size: UInt64) {
    self.files = files
    self.file = file
    self.path = path
    self.size = size
    window = .allocate(byteCount: Int(min(size, UInt64(Self.windowBytes))), alignment: 16)
  }

  deinit { window.deallocate() }

  /// Reads the next record.
  ///
  /// - Parameters:
  ///   - chain: the record that it has to follow; `nil` takes any.
  ///   - seed: where the log's headers start their checksums.
  func next(after chain: ChainEnd?, seed: UInt32) throws(FileSystemError) -> ReadStep {
    let step = try read(at: offset, after: chain, seed: seed)
    if step == .record || chain == nil { return step }
    // A seal has a sector for itself. That it follows the chain proves that nothing lies between.
    let boundary = WALFormat.sectorBoundary(from: offset)
    if boundary > offset,
      try read(at: boundary, after: chain, seed: seed, only: .seal) == .record
    {
      return .record
    }
    return step
  }

  /// The type of the record read last, which is a known one.
  var type: RecordType? { RecordType(rawValue: header.type) }

  /// A field of the record read last.
  func field(_ index: Int) -> UInt64 {
    let place = Int(recordOffset - windowStart) + RecordHeader.byteCount + index * 8
    return UInt64(
      littleEndian: UnsafeRawBufferPointer(window).loadUnaligned(
        fromByteOffset: place, as: UInt64.self))
  }

  /// The fields of the record read last.
  var fields: [UInt64] { (0..<(type?.fieldCount ?? 0)).map { field($0) } }

  /// What follows the fields of the record read last.
  var data: [UInt8] {
    let fieldBytes = (type?.fieldCount ?? 0) * 8
    let start = Int(recordOffset - windowStart) + RecordHeader.byteCount + fieldBytes
    return Array(window[start..<start + Int(header.length) - fieldBytes])
  }

  /// Reads the record at `place`, and moves behind it where it is one, of the type asked for.
  private func read(
    at place: UInt64, after chain: ChainEnd?, seed: UInt32, only wanted: RecordType? = nil
  ) throws(FileSystemError) -> ReadStep {
    guard place + UInt64(RecordHeader.byteCount) <= size,
      let bytes = try load(place, count: RecordHeader.byteCount)
    else { return .blank }
    guard let found = RecordHeader(bytes, seed: seed) else {
      return bytes.load(as: UInt8.self) == 0 ? .blank : .fault(.header)
    }
    if found.version != RecordHeader.version { return .fault(.version(found.version)) }
    if let chain,
      found.sequence != chain.sequence + 1 || found.previousHeaderCRC != chain.headerCRC
    {
      return .fault(.foreign)
    }
    guard let type = RecordType(rawValue: found.type), wanted == nil || type == wanted,
      Int(found.length) >= type.fieldCount * 8
    else { return .fault(.foreign) }
    guard place + UInt64(found.recordBytes) <= size,
      let whole = try load(place, count: found.recordBytes)
    else { return .fault(.body) }
    let body = UnsafeRawBufferPointer(
      start: whole + RecordHeader.byteCount, count: found.paddedLength)
    if CRC32C.of(body) != found.bodyCRC { return .fault(.body) }
    header = found
    recordOffset = place
    offset = place + UInt64(found.recordBytes)
    return .record
  }

  /// Brings bytes into the window.
  ///
  /// - Returns: where they are; `nil` where the file ends before them.
  private func load(_ place: UInt64, count: Int) throws(FileSystemError) -> UnsafeRawPointer? {
    let held = windowStart..<windowStart + UInt64(windowCount)
    if place >= held.lowerBound, place + UInt64(count) <= held.upperBound {
      return UnsafeRawPointer(window.baseAddress)?.advanced(by: Int(place - windowStart))
    }
    var kept = 0
    if held.contains(place), let base = window.baseAddress {
      kept = Int(held.upperBound - place)
      base.copyMemory(from: base + Int(place - windowStart), byteCount: kept)
    }
    if count > window.count { widen(to: count, keeping: kept) }
    windowStart = place
    windowCount = kept
    let room = UnsafeMutableRawBufferPointer(rebasing: window[kept...])
    windowCount += try files.readAll(file, at: place + UInt64(kept), into: room)
    return windowCount >= count ? UnsafeRawPointer(window.baseAddress) : nil
  }

  private func widen(to count: Int, keeping kept: Int) {
    let wider = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    wider.copyMemory(from: UnsafeRawBufferPointer(rebasing: window[..<kept]))
    window.deallocate()
    window = wider
  }
}
