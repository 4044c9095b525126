#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file, in order, with the line that is being read.
struct ByteSource {
  /// The file as people name it.
  let file: String
  /// The line of the next byte, from 1 on.
  private(set) var line = 1
  private var descriptor: Int32?
  private var buffer: [UInt8]
  private var place = 0
  private static let chunk = 1 << 16

  /// Bytes that are there already.
  init(bytes: [UInt8], file: String) {
    self.file = file
    buffer = bytes
  }

  /// What an open descriptor gives. It stays open.
  init(descriptor: Int32, file: String) {
    self.file = file
    self.descriptor = descriptor
    buffer = []
  }

  /// A mistake in the line that is being read.
  func problem(_ message: String, _ remedy: String, line: Int? = nil) -> HistoryProblem {
    HistoryProblem(file: file, line: line ?? self.line, message: message, remedy: remedy)
  }

  /// The next byte, left where it is; nil at the end.
  mutating func peek() throws(HistoryProblem) -> UInt8? {
    if place == buffer.count { try fill() }
    return place < buffer.count ? buffer[place] : nil
  }

  /// Takes the next byte; nil at the end.
  mutating func next() throws(HistoryProblem) -> UInt8? {
    guard let byte = try peek() else { return nil }
    place += 1
    if byte == 0x0A { line += 1 }
    return byte
  }

  /// Takes a line without its end.
  ///
  /// - Returns: whether there was one.
  mutating func nextLine(
    into bytes: inout [UInt8], limit: Int
  ) throws(HistoryProblem) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    var isAny = false
    while try peek() != nil {
      isAny = true
      let end = buffer[place...].firstIndex(of: 0x0A) ?? buffer.count
      bytes += buffer[place..<end]
      guard bytes.count <= limit else {
        throw problem(
          "the line is longer than \(limit) bytes", "shorten its values or split the history")
      }
      place = end
      if place < buffer.count {
        place += 1
        line += 1
        break
      }
    }
    if bytes.last == 0x0D { bytes.removeLast() }
    return isAny
  }

  /// The bytes that lie at hand, for a guess at what they are.
  mutating func preview() throws(HistoryProblem) -> ArraySlice<UInt8> {
    _ = try peek()
    return buffer[place...].prefix(4096)
  }

  private mutating func fill() throws(HistoryProblem) {
    guard let descriptor else { return }
    var code: Int32 = 0
    repeat {
      code = 0
      buffer = [UInt8](unsafeUninitializedCapacity: Self.chunk) { space, count in
        let got = read(descriptor, space.baseAddress, Self.chunk)
        if got < 0 { code = errno }
        count = max(got, 0)
      }
    } while code == EINTR
    place = 0
    guard code == 0 else {
      throw problem(
        "can't read the file: \(String(cString: strerror(code)))", "name a file that can be read")
    }
    if buffer.isEmpty { self.descriptor = nil }
  }
}
