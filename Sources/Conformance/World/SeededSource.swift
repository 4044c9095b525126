/// The runner's own random source: SplitMix64.
///
/// Next value: add 0x9E3779B97F4A7C15 to the state, then mix with the two multiply-xorshift rounds
/// of Steele, Lea and Flood (Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
struct SeededSource: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number below `bound`, by the high half of a 128-bit product.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A seed for something with a name, the same in every run with the same seed: FNV-1a over the
  /// name, mixed with the seed.
  static func derive(seed: UInt64, name: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    var source = SeededSource(seed: seed ^ hash)
    return source.next()
  }
}
