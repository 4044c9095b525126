/// A value of a recorded history by a number. Equal numbers are equal values.
struct Token: Hashable, Sendable {
  /// A natural number below 2^30 stands for itself; a negative one for a text of the table.
  let number: Int32
}

/// The values of a recorded history that don't stand for themselves.
struct TokenTable: Sendable {
  private var texts: [ByteText] = []
  private var numbers: [ByteText: Int32] = [:]

  /// The token of a value, by its text.
  mutating func token(_ text: ByteText) -> Token {
    if let natural = Self.smallNatural(text.bytes) { return Token(number: natural) }
    if let number = numbers[text] { return Token(number: number) }
    let number = ~Int32(texts.count)
    texts.append(text)
    numbers[text] = number
    return Token(number: number)
  }

  /// A value's text.
  func text(_ token: Token) -> String {
    token.number >= 0 ? "\(token.number)" : Self.short(texts[Int(~token.number)])
  }

  /// A text that was written in quotes, without them; nil for other values.
  func unquoted(_ token: Token) -> ByteText? {
    guard token.number < 0 else { return nil }
    let bytes = texts[Int(~token.number)].bytes
    return bytes.first == 0x22 ? ByteText(bytes.dropFirst().dropLast()) : nil
  }

  private static func short(_ text: ByteText) -> String {
    let string = text.description
    return string.count <= 40 ? string : string.prefix(36) + "..."
  }

  /// The number whose only decimal writing the bytes are.
  private static func smallNatural(_ bytes: [UInt8]) -> Int32? {
    guard 1...9 ~= bytes.count, bytes.count == 1 || bytes[0] != 0x30 else { return nil }
    var value: Int32 = 0
    for byte in bytes {
      guard 0x30...0x39 ~= byte else { return nil }
      value = value * 10 + Int32(byte - 0x30)
    }
    return value
  }
}
