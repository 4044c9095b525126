import RaftTypes
import TraceFormat

/// What a schedule may ask about a cluster before it makes a move.
public protocol ChaosView {
  /// How many nodes there are.
  var nodeCount: Int { get }
  /// The nodes that run.
  var running: NodeMask { get }
  /// The nodes that lead, as they see it.
  var leaders: NodeMask { get }
  /// The nodes whose writes of entries are held.
  var holding: NodeMask { get }
  /// Whether any link loses what it is given.
  var hasCuts: Bool { get }
  /// How many messages are in flight on a link.
  func messages(from: Int, to: Int) -> Int
  /// Whether a node has applied what no snapshot of it covers.
  func canSnapshot(_ node: Int) -> Bool
  /// Whether a node's snapshot covers entries that its log still holds.
  func canCompact(_ node: Int) -> Bool
  /// The voters, and the learners, of the configuration that a node goes by.
  func members(_ node: Int) -> (voters: NodeMask, learners: NodeMask)
}

/// Draws the moves of a chaos run, as `Spec/Chaos.md` says draw by draw.
public struct ChaosGenerator: Sendable {
  /// The moves that this seed makes, with their weights.
  public let weights: [(move: ChaosMove, weight: Int)]
  private var source: SeededSource
  private let total: Int
  private let mostDown: Int
  private let allowsJoint: Bool
  private let allowsSimple: Bool
  private let allowsLearners: Bool
  private var left: [Int]
  private var number = 0

  /// Moves that a swarm never switches off: they drive a cluster, or end a fault.
  static let steady: Set<ChaosMove> = [
    .deliver, .timeout, .beat, .heal, .restart, .complete, .release,
  ]

  /// - Parameters:
  ///   - chaos: what the trace asks for.
  ///   - trace: the trace's id, without its case.
  ///   - seed: the seed of the case.
  ///   - capabilities: what the system can do; moves that need more are switched off.
  public init(
    _ chaos: Chaos, trace: String, seed: UInt64, capabilities: Set<Capability>
  ) {
    var source = SeededSource(seed: SeededSource.derive(seed: seed, name: trace))
    var kept: [(move: ChaosMove, weight: Int)] = []
    for move in ChaosMove.allCases {
      guard let weight = chaos.weights[move], Self.isPossible(move, capabilities) else { continue }
      let isOff = chaos.swarm && !Self.steady.contains(move) && source.below(2) == 0
      if !isOff { kept.append((move, weight)) }
    }
    weights = kept
    total = kept.reduce(0) { $0 + $1.weight }
    mostDown = chaos.mostDown
    allowsJoint = capabilities.contains(.configurationJoint)
    allowsSimple = capabilities.contains(.configurationSimple)
    allowsLearners = capabilities.contains(.learners)
    left = ChaosMove.allCases.map { chaos.most[$0] ?? .max }
    self.source = source
  }

  /// Whether a system with these capabilities can make a move.
  static func isPossible(_ move: ChaosMove, _ capabilities: Set<Capability>) -> Bool {
    if move == .configure {
      return capabilities.contains(.configurationSimple)
        || capabilities.contains(.configurationJoint)
    }
    return move.capability.map { capabilities.contains($0) } ?? true
  }

  /// The next move that can be made; `nil` where 1,000 draws in a row gave none.
  public mutating func next(_ view: some ChaosView) -> ChaosAct? {
    guard total > 0 else { return nil }
    for _ in 0..<1_000 {
      var rest = source.below(total)
      var place = 0
      while rest >= weights[place].weight {
        rest -= weights[place].weight
        place += 1
      }
      let move = weights[place].move
      let slot = move.place
      guard left[slot] > 0, let act = arguments(of: move, view) else { continue }
      left[slot] -= 1
      return act
    }
    return nil
  }

  // MARK: Arguments

  private mutating func arguments(of move: ChaosMove, _ view: some ChaosView) -> ChaosAct? {
    switch move {
    case .deliver:
      return link(view).map { .deliver(from: $0.from, to: $0.to, nth: 0) }
    case .reorder:
      return message(view).map { .deliver(from: $0.from, to: $0.to, nth: $0.nth) }
    case .drop:
      return message(view).map { .drop(from: $0.from, to: $0.to, nth: $0.nth) }
    case .duplicate:
      return message(view).map { .duplicate(from: $0.from, to: $0.to, nth: $0.nth) }
    case .tick: return pick(view.running).map { .tick($0) }
    case .timeout: return pick(view.running).map { .timeout($0) }
    case .beat: return pick(view.leaders).map { .beat($0) }
    case .propose: return server(view).map { .propose($0, number: nextNumber()) }
    case .read: return server(view).map { .read($0, number: nextNumber()) }
    case .partition, .cut, .heal: return linkFault(move, view)
    case .crash: return victim(view).map { .crash($0, .lost) }
    case .crashKept: return victim(view).map { .crash($0, .kept) }
    case .crashTorn: return victim(view).map { .crash($0, .torn) }
    case .restart:
      return pick(NodeMask.all(view.nodeCount).subtracting(view.running)).map { .restart($0) }
    case .snapshot:
      return pick(view.running).flatMap { view.canSnapshot($0) ? .snapshot($0) : nil }
    case .compact:
      guard let node = pick(view.running), view.canCompact(node) else { return nil }
      return .compact(node, keep: source.below(3))
    case .configure: return change(view)
    case .transfer:
      guard view.nodeCount > 1, let from = pick(view.leaders) else { return nil }
      return .transfer(from: from, to: other(than: from, view))
    case .hold: return pick(view.running.subtracting(view.holding)).map { .hold($0) }
    case .complete: return pick(view.running.intersection(view.holding)).map { .complete($0) }
    case .release: return pick(view.running.intersection(view.holding)).map { .release($0) }
    }
  }

  private mutating func nextNumber() -> Int {
    number += 1
    return number
  }

  /// One of some nodes: they count from the first in the trace.
  private mutating func pick(_ nodes: NodeMask) -> Int? {
    nodes.isEmpty ? nil : nodes.place(nth: source.below(nodes.count))
  }

  private mutating func other(than node: Int, _ view: some ChaosView) -> Int {
    let drawn = source.below(view.nodeCount - 1)
    return drawn < node ? drawn : drawn + 1
  }

  /// A leader, but every eighth time, or where there is none, any node that runs.
  private mutating func server(_ view: some ChaosView) -> Int? {
    let isAnybody = source.below(8) == 0
    let leaders = view.leaders
    return pick(isAnybody || leaders.isEmpty ? view.running : leaders)
  }

  /// A link that something is in flight on: they count by sender, then by receiver.
  private mutating func link(_ view: some ChaosView) -> LinkPlaces? {
    var used = 0
    for from in 0..<view.nodeCount {
      for to in 0..<view.nodeCount where view.messages(from: from, to: to) > 0 { used += 1 }
    }
    guard used > 0 else { return nil }
    var rest = source.below(used)
    for from in 0..<view.nodeCount {
      for to in 0..<view.nodeCount where view.messages(from: from, to: to) > 0 {
        if rest == 0 { return LinkPlaces(from: from, to: to) }
        rest -= 1
      }
    }
    return nil
  }

  private mutating func message(
    _ view: some ChaosView
  ) -> (from: Int, to: Int, nth: Int)? {
    guard let link = link(view) else { return nil }
    let nth = source.below(view.messages(from: link.from, to: link.to))
    return (link.from, link.to, nth)
  }

  private mutating func linkFault(_ move: ChaosMove, _ view: some ChaosView) -> ChaosAct? {
    let count = view.nodeCount
    switch move {
    case .heal:
      return view.hasCuts ? .heal : nil
    case .partition:
      guard count > 1 else { return nil }
      return .partition(NodeMask(rawValue: UInt32(source.below((1 << count) - 2) + 1)))
    default:
      guard count > 1 else { return nil }
      let from = source.below(count)
      return .cut(from: from, to: other(than: from, view))
    }
  }

  private mutating func victim(_ view: some ChaosView) -> Int? {
    guard view.nodeCount - view.running.count < mostDown else { return nil }
    return pick(view.running)
  }

  /// A change of the members: one voter more or less, one learner more or less, any voters at all,
  /// or the end of a joint configuration.
  private mutating func change(_ view: some ChaosView) -> ChaosAct? {
    guard let node = server(view) else { return nil }
    let kind = source.below(4)
    let subject = NodeMask(place: source.below(view.nodeCount))
    var (voters, learners) = view.members(node)
    switch kind {
    case 0 where allowsSimple:
      voters.formSymmetricDifference(subject)
      learners.subtract(subject)
    case 1 where allowsLearners:
      guard !voters.contains(subject) else { return nil }
      learners.formSymmetricDifference(subject)
    case 2 where allowsJoint:
      voters = NodeMask(rawValue: UInt32(source.below((1 << view.nodeCount) - 1) + 1))
      learners.subtract(voters)
    case 3 where allowsJoint:
      return .leave(node, number: nextNumber())
    default:
      return nil
    }
    guard !voters.isEmpty else { return nil }
    return .configure(node, number: nextNumber(), voters: voters, learners: learners)
  }
}

extension ChaosMove {
  /// Its place among all moves.
  fileprivate var place: Int {
    switch self {
    case .deliver: 0
    case .reorder: 1
    case .drop: 2
    case .duplicate: 3
    case .tick: 4
    case .timeout: 5
    case .beat: 6
    case .propose: 7
    case .read: 8
    case .partition: 9
    case .cut: 10
    case .heal: 11
    case .crash: 12
    case .crashKept: 13
    case .crashTorn: 14
    case .restart: 15
    case .snapshot: 16
    case .compact: 17
    case .configure: 18
    case .transfer: 19
    case .hold: 20
    case .complete: 21
    case .release: 22
    }
  }
}
