import RaftCore
import Testing

struct RandomSourceTests {
  @Test func `The sequence is SplitMix64's`() {
    // The first outputs for the seed 1234567 as published with other implementations.
    var source = RandomSource(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in source.next() } == expected)
  }

  @Test func `A draw stays below its bound and takes every value about as often`() {
    var source = RandomSource(seed: 42)
    for bound in [1, 2, 3, 7, 10] as [UInt64] {
      var counts = Array(repeating: 0, count: Int(bound))
      for _ in 0..<20_000 { counts[Int(source.next(below: bound))] += 1 }
      let expected = 20_000 / Int(bound)
      for count in counts { #expect(abs(count - expected) < expected / 8) }
    }
  }

  @Test func `A bound just above half of all values throws the excess away`() {
    // Nearly every second product is one too many here, so a biased draw would show: all results
    // of an unbiased one are equally likely, and about half lie in either half of the range.
    let bound: UInt64 = (1 << 63) + 1
    var source = RandomSource(seed: 1)
    var low = 0
    for _ in 0..<10_000 where source.next(below: bound) < bound / 2 { low += 1 }
    #expect(abs(low - 5_000) < 250)
  }
}
