/// The tokens of reads, as the protocol carries them and as the core numbers them.
///
/// A token that the core made is its number. One that somebody else made may be any text: such are
/// numbered in the order in which they turn up, since a leader's rounds ascend, and go back as they
/// came.
struct Contexts {
  private var numbers: [String: UInt64] = [:]
  private var texts: [UInt64: String] = [:]

  /// The number of a token; 0 for none.
  mutating func number(of token: String?) -> UInt64 {
    guard let token else { return 0 }
    if let number = UInt64(token), number > 0, String(number) == token { return number }
    if let number = numbers[token] { return number }
    let number = 1 << 63 + UInt64(texts.count)
    numbers[token] = number
    texts[number] = token
    return number
  }

  /// The token of a number; `nil` for 0.
  func token(of number: UInt64) -> String? {
    if number == 0 { return nil }
    return texts[number] ?? String(number)
  }
}

/// A hash that is the same on every machine and in every run.
enum FNV1a {
  static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }
}
