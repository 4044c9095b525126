/// Reads one line of JSON (RFC 8259).
struct JSONLine {
  private let bytes: [UInt8]
  private var place = 0
  private let depthLimit: Int

  /// What is wrong with a line: where, from column 1 on, and what.
  struct Mistake: Error {
    var column: Int
    var message: String
  }

  private init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  /// The value that the line is.
  static func read(_ bytes: [UInt8], depthLimit: Int) throws(Mistake) -> Datum {
    var line = JSONLine(bytes, depthLimit: depthLimit)
    let value = try line.value(depth: 0)
    line.skipSpace()
    guard line.place == bytes.count else { throw line.mistake("something follows the value") }
    return value
  }

  private func mistake(_ message: String) -> Mistake {
    Mistake(column: place + 1, message: message)
  }

  private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { place += 1 }
  }

  private mutating func expect(_ wanted: UInt8) throws(Mistake) {
    skipSpace()
    guard byte == wanted else {
      throw mistake("'\(Character(UnicodeScalar(wanted)))' is expected here")
    }
    place += 1
  }

  private mutating func value(depth: Int) throws(Mistake) -> Datum {
    guard depth <= depthLimit else { throw mistake("values lie too deep within each other") }
    skipSpace()
    switch byte {
    case 0x7B: return try object(depth: depth)
    case 0x5B: return try array(depth: depth)
    case 0x22: return .text(try string())
    case 0x74: return try word("true", .bool(true))
    case 0x66: return try word("false", .bool(false))
    case 0x6E: return try word("null", .null)
    case let byte? where byte == 0x2D || 0x30...0x39 ~= byte: return .number(try number())
    case nil: throw mistake("the line ends where a value is expected")
    default: throw mistake("this is no JSON value")
    }
  }

  private mutating func word(_ word: StaticString, _ value: Datum) throws(Mistake) -> Datum {
    let letters = word.withUTF8Buffer { Array($0) }
    guard bytes[place...].starts(with: letters) else { throw mistake("this is no JSON value") }
    place += letters.count
    return value
  }

  private mutating func object(depth: Int) throws(Mistake) -> Datum {
    place += 1
    var fields: [Datum.Field] = []
    skipSpace()
    if byte == 0x7D {
      place += 1
      return .map(fields)
    }
    while true {
      skipSpace()
      guard byte == 0x22 else { throw mistake("a field's name in quotes is expected here") }
      let key = Datum.text(try string())
      guard !fields.contains(where: { $0.key == key }) else {
        throw mistake("the field is given twice")
      }
      try expect(0x3A)
      fields.append(Datum.Field(key: key, value: try value(depth: depth + 1)))
      skipSpace()
      if byte == 0x2C {
        place += 1
      } else {
        try expect(0x7D)
        return .map(fields)
      }
    }
  }

  private mutating func array(depth: Int) throws(Mistake) -> Datum {
    place += 1
    var elements: [Datum] = []
    skipSpace()
    if byte == 0x5D {
      place += 1
      return .list(elements)
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if byte == 0x2C {
        place += 1
      } else {
        try expect(0x5D)
        return .list(elements)
      }
    }
  }

  private mutating func number() throws(Mistake) -> ByteText {
    let start = place
    if byte == 0x2D { place += 1 }
    let isZero = byte == 0x30
    guard skipDigits() > 0, !isZero || bytes[place - 1] == 0x30 && place - start <= 2 else {
      throw mistake("this is no JSON number")
    }
    if byte == 0x2E {
      place += 1
      guard skipDigits() > 0 else { throw mistake("digits are expected after the point") }
    }
    if byte == 0x65 || byte == 0x45 {
      place += 1
      if byte == 0x2B || byte == 0x2D { place += 1 }
      guard skipDigits() > 0 else { throw mistake("digits are expected in the exponent") }
    }
    return ByteText(bytes[start..<place])
  }

  private mutating func skipDigits() -> Int {
    let start = place
    while let byte, 0x30...0x39 ~= byte { place += 1 }
    return place - start
  }

  private mutating func string() throws(Mistake) -> ByteText {
    place += 1
    var text: [UInt8] = []
    while let byte {
      place += 1
      switch byte {
      case 0x22:
        guard String(validating: text, as: UTF8.self) != nil else {
          throw mistake("the text is not UTF-8")
        }
        return ByteText(text)
      case 0x5C: try escape(into: &text)
      case 0..<0x20: throw mistake("a control character lies in the text")
      default: text.append(byte)
      }
    }
    throw mistake("the line ends within a text")
  }

  private mutating func escape(into text: inout [UInt8]) throws(Mistake) {
    guard let byte else { throw mistake("the line ends within a text") }
    place += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: text.append(byte)
    case 0x62: text.append(0x08)
    case 0x66: text.append(0x0C)
    case 0x6E: text.append(0x0A)
    case 0x72: text.append(0x0D)
    case 0x74: text.append(0x09)
    case 0x75:
      var code = try hexadecimal()
      if 0xD800..<0xDC00 ~= code, bytes[place...].starts(with: [0x5C, 0x75]) {
        place += 2
        let low = try hexadecimal()
        guard 0xDC00..<0xE000 ~= low else { throw mistake("half a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else { throw mistake("half a surrogate pair") }
      text += Array(String(Character(scalar)).utf8)
    default: throw mistake("this is no escape of JSON")
    }
  }

  private mutating func hexadecimal() throws(Mistake) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = byte.flatMap({ Character(UnicodeScalar($0)).hexDigitValue }) else {
        throw mistake("four hexadecimal digits are expected after \\u")
      }
      code = code << 4 | UInt32(digit)
      place += 1
    }
    return code
  }
}
