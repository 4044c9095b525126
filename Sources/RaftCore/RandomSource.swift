/// The node's own source of random numbers: SplitMix64, so that a seed says everything.
///
/// The n-th number, counted from 1, is `mix(seed + n * 0x9E3779B97F4A7C15)` in arithmetic modulo
/// 2^64, where `mix(z)` is
///
///     z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
///     z = (z ^ (z >> 27)) * 0x94D049BB133111EB
///     z = z ^ (z >> 31)
///
/// - Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (OOPSLA 2014).
public struct RandomSource: Hashable, Sendable {
  private var state: UInt64

  /// Starts the sequence that `seed` stands for.
  public init(seed: UInt64) { state = seed }

  /// The next number, uniform over all 64-bit values.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in `0..<bound`, each equally likely; `bound` is at least 1.
  ///
  /// The draw is the upper half of the 128-bit product of `bound` and the next number. A product
  /// whose lower half is below `2^64 mod bound` is thrown away and drawn anew: those are the ones
  /// too many that would favour some results.
  ///
  /// - Source: Lemire, Fast Random Integer Generation in an Interval (TOMACS 2019).
  public mutating func next(below bound: UInt64) -> UInt64 {
    precondition(bound > 0, "nothing lies below 0")
    let excess = (0 &- bound) % bound
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= excess { return product.high }
    }
  }
}
