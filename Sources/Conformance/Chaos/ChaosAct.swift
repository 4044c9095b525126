import RaftTypes
import TraceFormat

/// Some of the nodes of a trace: bit `i` stands for the node that is written at place `i`.
public struct NodeMask: OptionSet, Hashable, Sendable {
  /// The bits of the set.
  public let rawValue: UInt32

  /// The nodes of these bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The node at this place.
  public init(place: Int) { rawValue = 1 << UInt32(place) }

  /// The first `count` nodes.
  public static func all(_ count: Int) -> NodeMask { NodeMask(rawValue: (1 << UInt32(count)) - 1) }

  /// How many there are.
  public var count: Int { rawValue.nonzeroBitCount }

  /// The place of the nth of them, from 0; the mask has more than `nth`.
  public func place(nth: Int) -> Int {
    var bits = rawValue
    for _ in 0..<nth { bits &= bits - 1 }
    return bits.trailingZeroBitCount
  }

  /// The places of all of them, ascending.
  public var places: [Int] { (0..<count).map { place(nth: $0) } }
}

/// A move of a chaos run with everything that was drawn for it. Nodes are places in the trace.
public enum ChaosAct: Hashable, Sendable {
  /// The nth message of a link, from 0, arrives.
  case deliver(from: Int, to: Int, nth: Int)
  case drop(from: Int, to: Int, nth: Int)
  case duplicate(from: Int, to: Int, nth: Int)
  case tick(Int)
  case timeout(Int)
  case beat(Int)
  /// Commands, reads and changes are numbered in the order in which they were drawn.
  case propose(Int, number: Int)
  case read(Int, number: Int)
  /// These nodes lose their links to all others.
  case partition(NodeMask)
  case cut(from: Int, to: Int)
  case heal
  case crash(Int, UnsyncedWrites)
  case restart(Int)
  case snapshot(Int)
  case compact(Int, keep: Int)
  case configure(Int, number: Int, voters: NodeMask, learners: NodeMask)
  case leave(Int, number: Int)
  case transfer(from: Int, to: Int)
  case hold(Int)
  case complete(Int)
  case release(Int)
  /// Found by shrinking alone: a whole election.
  case elect(Int, by: NodeMask)
  /// Found by shrinking alone: everything in flight on a link arrives.
  case deliverAll(from: Int, to: Int)
  /// Found by shrinking alone: everything in flight arrives.
  case deliverEverything

  /// The act in five numbers, which digests of schedules are made of.
  public var numbers: [UInt64] {
    func row(_ code: Int, _ values: Int...) -> [UInt64] {
      [UInt64(code)] + values.map { UInt64($0) }
    }
    return switch self {
    case .deliver(let from, let to, let nth): row(1, from, to, nth)
    case .drop(let from, let to, let nth): row(2, from, to, nth)
    case .duplicate(let from, let to, let nth): row(3, from, to, nth)
    case .tick(let node): row(4, node)
    case .timeout(let node): row(5, node)
    case .beat(let node): row(6, node)
    case .propose(let node, let number): row(7, node, number)
    case .read(let node, let number): row(8, node, number)
    case .partition(let group): row(9, Int(group.rawValue))
    case .cut(let from, let to): row(10, from, to)
    case .heal: row(11)
    case .crash(let node, let fate):
      row(12, node, UnsyncedWrites.allCases.firstIndex(of: fate) ?? 0)
    case .restart(let node): row(13, node)
    case .snapshot(let node): row(14, node)
    case .compact(let node, let keep): row(15, node, keep)
    case .configure(let node, let number, let voters, let learners):
      row(16, node, number, Int(voters.rawValue), Int(learners.rawValue))
    case .leave(let node, let number): row(17, node, number)
    case .transfer(let from, let to): row(18, from, to)
    case .hold(let node): row(19, node)
    case .complete(let node): row(20, node)
    case .release(let node): row(21, node)
    case .elect(let node, let voters): row(22, node, Int(voters.rawValue))
    case .deliverAll(let from, let to): row(23, from, to)
    case .deliverEverything: row(24)
    }
  }
}
