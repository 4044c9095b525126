/// Writes one JSON text into bytes. The writer sets commas; the caller balances the brackets.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []

  /// The greatest number that every JSON reader keeps exact: 2^53.
  static let greatestExact: UInt64 = 1 << 53

  init() { bytes.reserveCapacity(256) }

  /// Writes an object of these members.
  mutating func object(_ members: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    members(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  /// Writes an array.
  mutating func array<Element>(
    _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void
  ) {
    separate()
    bytes.append(UInt8(ascii: "["))
    for element in elements { write(&self, element) }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Writes an array of what this writes.
  mutating func array(_ elements: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "["))
    elements(&self)
    bytes.append(UInt8(ascii: "]"))
  }

  /// Writes a member's name; its value comes next.
  mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  /// Writes a member's name that is not known beforehand.
  mutating func key(text name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
  }

  mutating func null() { word("null") }

  mutating func bool(_ value: Bool) { word(value ? "true" : "false") }

  /// Writes a number; above 2^53 as a string of digits, since not every reader keeps it exact.
  mutating func unsigned(_ value: UInt64) {
    separate()
    let isExact = value <= Self.greatestExact
    if !isExact { bytes.append(UInt8(ascii: "\"")) }
    if value < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(value))
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
    if !isExact { bytes.append(UInt8(ascii: "\"")) }
  }

  mutating func count(_ value: Int) { unsigned(UInt64(clamping: value)) }

  /// Writes a text; quotes, backslashes and control characters are escaped.
  mutating func string(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0A:
        bytes.append(contentsOf: "\\n".utf8)
      case 0..<0x20, 0x7F:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(Self.hexDigit(byte >> 4))
        bytes.append(Self.hexDigit(byte & 15))
      default:
        bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes bytes in base64.
  mutating func data(_ data: [UInt8]) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    Base64.encode(data, into: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private mutating func word(_ word: StaticString) {
    separate()
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  /// A comma, unless this is the first thing in its brackets or the value of a key.
  private mutating func separate() {
    guard let last = bytes.last else { return }
    if last != UInt8(ascii: "{"), last != UInt8(ascii: "["), last != UInt8(ascii: ":") {
      bytes.append(UInt8(ascii: ","))
    }
  }
}
