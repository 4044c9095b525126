/// A proposal's 64 bytes.
struct Payload {
  var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  /// The payload number `number`; its words are multiples of it, so no two payloads are equal.
  @inline(__always)
  init(_ number: UInt64) {
    words = (
      number, number &* 3, number &* 5, number &* 7, number &* 9, number &* 11, number &* 13,
      number &* 15
    )
  }

  /// All words folded into one.
  @inline(__always)
  var folded: UInt64 {
    words.0 ^ words.1 ^ words.2 ^ words.3 ^ words.4 ^ words.5 ^ words.6 ^ words.7
  }
}

/// A state machine that counts what it applies and keeps a checksum over it, in order.
struct Ledger {
  private(set) var applied: UInt64 = 0
  private(set) var checksum: UInt64 = 0

  @inline(__always)
  mutating func apply(_ payload: Payload) {
    checksum = checksum &* 0x100_0000_01b3 &+ payload.folded
    applied += 1
  }
}
