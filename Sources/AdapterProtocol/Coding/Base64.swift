/// Bytes as text (RFC 4648, section 4): the alphabet with `+` and `/`, padded.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let padding = UInt8(ascii: "=")

  /// The value of each letter; 255 for what is none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  static func encode(_ data: [UInt8], into text: inout [UInt8]) {
    var index = 0
    while index < data.count {
      let count = min(3, data.count - index)
      var group: UInt32 = 0
      for offset in 0..<3 {
        group = group << 8 | (offset < count ? UInt32(data[index + offset]) : 0)
      }
      for place in 0..<4 {
        let sextet = Int(group >> UInt32(18 - 6 * place) & 63)
        text.append(place <= count ? alphabet[sextet] : padding)
      }
      index += 3
    }
  }

  /// - Returns: `nil` where the text is not in the alphabet, not padded to fours, or has bits set
  ///   beyond its last byte.
  static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    let pads = text.suffix(2).reversed().prefix { $0 == padding }.count
    var data: [UInt8] = []
    data.reserveCapacity(text.count / 4 * 3)
    var group: UInt32 = 0
    var letters = 0
    for letter in text.dropLast(pads) {
      let value = values[Int(letter)]
      guard value < 64 else { return nil }
      group = group << 6 | UInt32(value)
      letters += 1
      if letters == 4 {
        data.append(UInt8(truncatingIfNeeded: group >> 16))
        data.append(UInt8(truncatingIfNeeded: group >> 8))
        data.append(UInt8(truncatingIfNeeded: group))
        (group, letters) = (0, 0)
      }
    }
    switch letters {
    case 2:
      guard group & 15 == 0 else { return nil }
      data.append(UInt8(truncatingIfNeeded: group >> 4))
    case 3:
      guard group & 3 == 0 else { return nil }
      data.append(UInt8(truncatingIfNeeded: group >> 10))
      data.append(UInt8(truncatingIfNeeded: group >> 2))
    default:
      break
    }
    return data
  }
}
