import Testing
import YAMLTree

/// The SplitMix64 generator: the same seed gives the same numbers everywhere.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite struct MutationTests {
  private static let seeds = [
    "a: 1\nb:\n  - c\n  - {d: [e, 'f'], \"g\\n\": ~}\n",
    "x: &x {y: [1, 2]}\nz: [*x, *x]\n? k\n: |+\n  t\n\n  u\n...\n",
    "%YAML 1.1\n--- # c\n- !!str 1\n- <<: {a: b}\n- >-\n   folded\n   text\n- !<tag:x> q\n",
    "\u{FEFF}ключ: \"\\u65e5\\U0001F600\"\r\n日本: 'it''s'\r\n😀: [,]\r\n",
  ]

  /// Bytes that mean something to YAML or to UTF-8.
  private static let telling =
    Array("\0\t\n\r !\"#%&'*,-:<>?@[\\]`{|}~".utf8) + [0x7F, 0x80, 0xC2, 0xE2, 0xEF, 0xF0, 0xFF]

  private static func mutate(_ bytes: inout [UInt8], using random: inout SplitMix64) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0 where place < bytes.count:
      bytes[place] = UInt8.random(in: .min ... .max, using: &random)
    case 1 where place < bytes.count:
      bytes.remove(at: place)
    case 2:
      bytes.removeLast(bytes.count - place)
    case 3:
      let other = Int.random(in: 0...bytes.count, using: &random)
      let part = Array(bytes[min(place, other)..<max(place, other)])
      bytes.insert(contentsOf: part, at: place)
    default:
      if let byte = telling.randomElement(using: &random) { bytes.insert(byte, at: place) }
    }
  }

  /// Checks what holds for every tree: depth, names that differ, places inside the text.
  private static func check(_ node: YAMLNode, lines: Int, depth: Int = 0) -> Bool {
    guard depth <= 64, (1...lines).contains(node.location.line), node.location.column >= 1 else {
      return false
    }
    switch node.content {
    case .scalar:
      return true
    case .sequence(let items):
      return items.allSatisfy { check($0, lines: lines, depth: depth + 1) }
    case .mapping(let entries):
      return Set(entries.map(\.name)).count == entries.count
        && entries.allSatisfy {
          check($0.key, lines: lines, depth: depth + 1)
            && check($0.value, lines: lines, depth: depth + 1)
        }
    }
  }

  @Test func `no input traps, and each gives a sound tree or problems with places`() {
    var random = SplitMix64(state: 2014)
    var parsed = 0
    var refused = 0
    for round in 0..<8_000 {
      var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
      for _ in 0..<Int.random(in: 0...4, using: &random) { Self.mutate(&bytes, using: &random) }
      let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 2
      do {
        let root = try YAMLParser.parse(bytes: bytes, file: "t.yaml")
        parsed += 1
        #expect(Self.check(root, lines: lines), "round \(round): \(bytes)")
      } catch {
        refused += 1
        let areSound = error.problems.allSatisfy {
          (1...lines).contains($0.location.line) && $0.location.column >= 1 && !$0.message.isEmpty
        }
        #expect(areSound && !error.problems.isEmpty, "round \(round): \(bytes)")
        if let root = error.recoveredRoot {
          #expect(Self.check(root, lines: lines), "round \(round): \(bytes)")
        }
      }
    }
    // Both outcomes are met often enough for the run to say something.
    #expect(parsed > 1_000)
    #expect(refused > 1_000)
  }
}
