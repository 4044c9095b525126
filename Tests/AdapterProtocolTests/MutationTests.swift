import AdapterProtocol
import Foundation
import Testing

/// Valid lines, damaged at random: reading them must end, in a value or in a problem.
struct MutationTests {
  private static let lines = (RequestCodingTests.lines.map(\.1) + AnswerCodingTests.lines.map(\.1))
    .map { Array($0.utf8) }

  @Test func `no damage to a line does worse than a problem`() throws {
    var random = Random(seed: 20_240_501)
    var refused = 0, read = 0
    for _ in 0..<20_000 {
      var line = Self.lines[random.below(Self.lines.count)]
      for _ in 0...random.below(4) { damage(&line, with: &random) }
      do throws(ProtocolProblem) {
        try expectStable(request: line)
        read += 1
      } catch {
        #expect(error.found.utf8.count < 1_000)
        refused += 1
      }
      do throws(ProtocolProblem) {
        try expectStable(answer: line)
        read += 1
      } catch {
        refused += 1
      }
    }
    // Both ends of the reader were reached.
    #expect(refused > 1_000)
    #expect(read > 500)
  }

  @Test func `what the reader takes for JSON is JSON to Foundation as well`() {
    var random = Random(seed: 7)
    for _ in 0..<5_000 {
      var line = Self.lines[random.below(Self.lines.count)]
      for _ in 0...random.below(3) { damage(&line, with: &random) }
      let isJSON: Bool
      do throws(ProtocolProblem) {
        _ = try RequestCoding.decode(line)
        isJSON = true
      } catch {
        isJSON = !error.isSyntax
      }
      guard isJSON else { continue }
      #expect(
        (try? JSONSerialization.jsonObject(with: Data(line), options: .fragmentsAllowed)) != nil,
        "\(text(line))")
    }
  }

  /// What was read and is written again reads the same.
  private func expectStable(request line: [UInt8]) throws(ProtocolProblem) {
    let (id, request) = try RequestCoding.decode(line)
    let written = RequestCoding.encode(request, id: id)
    let again = try RequestCoding.decode(written)
    #expect(again.id == id)
    #expect("\(again.1)" == "\(request)")
  }

  private func expectStable(answer line: [UInt8]) throws(ProtocolProblem) {
    let (id, answer) = try AnswerCoding.decode(line)
    let written = AnswerCoding.encode(answer, id: id)
    let again = try AnswerCoding.decode(written)
    #expect(again.id == id)
    #expect(AnswerCoding.encode(again.1, id: id) == written)
  }

  private func damage(_ line: inout [UInt8], with random: inout Random) {
    guard !line.isEmpty else { return line.append(UInt8(random.below(256))) }
    let place = random.below(line.count)
    let other = Self.lines[random.below(Self.lines.count)]
    let from = random.below(other.count)
    switch random.below(6) {
    case 0: line[place] = UInt8(random.below(256))
    case 1: line.remove(at: place)
    case 2: line.insert(Array(#"{}[]":,\0e-u"#.utf8)[random.below(12)], at: place)
    case 3: line.removeSubrange(place...)
    case 4: line.insert(contentsOf: other[from..<min(other.count, from + 12)], at: place)
    default: line[place] ^= 1 << UInt8(random.below(8))
    }
  }
}

/// A small generator that gives the same numbers for ever.
private struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
