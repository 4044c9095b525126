/// Sets of small numbers, each distinct set with a number of its own.
///
/// A set is a tree of eight branches to a node, with 64 members to a leaf. Nodes that are equal are
/// one, so two sets are equal exactly when their numbers are, and adding a member makes only the
/// nodes on its path.
struct InternedSets: Sendable {
  /// A set.
  typealias ID = UInt32

  /// The empty set.
  static var empty: ID { 0 }

  /// Branches, or a leaf's bits in the first two words.
  private typealias Node = SIMD8<UInt32>

  private let levels: Int
  private var nodes: [Node] = [Node()]
  private var numbers: [Key: ID] = [:]

  private struct Key: Hashable {
    var level: Int32
    var node: SIMD8<UInt32>
  }

  /// Sets of numbers below a limit.
  init(limit: Int) {
    var levels = 0
    var reach = 64
    while reach < limit {
      reach *= 8
      levels += 1
    }
    self.levels = levels
  }

  /// Bytes held.
  var bytes: Int {
    nodes.capacity * MemoryLayout<Node>.stride + numbers.capacity * MemoryLayout<(Key, ID)>.stride
  }

  /// The set with one more member.
  mutating func adding(_ member: Int, to set: ID) -> ID {
    adding(member, to: set, level: levels)
  }

  private mutating func adding(_ member: Int, to set: ID, level: Int) -> ID {
    var node = nodes[Int(set)]
    if level == 0 {
      node[member >> 5 & 1] |= 1 << UInt32(member & 31)
    } else {
      let branch = member >> (6 + 3 * (level - 1)) & 7
      node[branch] = adding(member, to: node[branch], level: level - 1)
    }
    let key = Key(level: Int32(level), node: node)
    if let known = numbers[key] { return known }
    let number = ID(nodes.count)
    nodes.append(node)
    numbers[key] = number
    return number
  }
}
