import AdapterProtocol

/// The last bytes of an adapter's standard error.
struct ErrorTail {
  private var bytes: [UInt8] = []
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func append(_ more: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: more)
    // Let it grow to twice the limit, so that a flood does not move every byte at every read.
    if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
  }

  /// The last lines, on one line; `nil` where nothing was written.
  func lastLines(_ count: Int, bytes shown: Int) -> String? {
    let text = String(decoding: bytes.suffix(limit).suffix(shown), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).suffix(count)
    guard !lines.isEmpty else { return nil }
    return lines.map { Excerpt.printable(String($0)) }.joined(separator: " / ")
  }
}
