import AdapterProtocol
import RaftTypes
import TraceFormat

/// Makes the moves after which a property was violated few.
///
/// Each candidate is run from the start. One that violates the same property in the same way
/// replaces what was there: first without stretches of moves (delta debugging; Zeller and
/// Hildebrandt, IEEE TSE 28(2), 2002), then with one move in the place of several.
struct Shrinker {
  /// Runs moves from the start; gives those that could be made, with what came of them.
  typealias Runner = ([ChaosAct]) -> Outcome

  /// What came of a run.
  struct Outcome {
    /// The moves that could be made.
    var acts: [ChaosAct]
    /// What gave way, if anything did.
    var failure: StepFailure?
  }

  private let run: Runner
  /// What gave way in the run that is shrunk.
  private let wanted: StepFailure
  private let nodes: Int
  private var runsLeft: Int
  private(set) var acts: [ChaosAct]

  /// - Parameters:
  ///   - acts: the moves to start from; run again they violate the property again.
  ///   - runs: the most runs.
  init(
    _ acts: [ChaosAct], failure: StepFailure, nodes: Int, runs: Int, run: @escaping Runner
  ) {
    self.acts = acts
    wanted = failure
    self.nodes = nodes
    runsLeft = runs
    self.run = run
  }

  /// Makes the moves as few as it finds.
  mutating func shrink() {
    reduce()
    var before = Int.max
    while acts.count < before, runsLeft > 0 {
      before = acts.count
      joinDeliveries()
      electAtOnce()
      reduce()
      removePairs()
    }
    for place in acts.indices { straighten(place) }
  }

  /// Takes a candidate over where it fails in the same way.
  private mutating func accept(_ candidate: [ChaosAct]) -> Bool {
    guard runsLeft > 0 else { return false }
    runsLeft -= 1
    let outcome = run(candidate)
    guard let failure = outcome.failure, failure.isLike(wanted), outcome.acts.count <= acts.count
    else { return false }
    acts = outcome.acts
    return true
  }

  // MARK: Removing

  /// Removes stretches, halves first and single moves last.
  private mutating func reduce() {
    var length = max(1, acts.count / 2)
    while true {
      var removed = false
      var start = 0
      while start < acts.count, runsLeft > 0 {
        let end = min(start + length, acts.count)
        if accept(Array(acts[..<start] + acts[end...])) { removed = true } else { start += length }
      }
      if length == 1, !removed { return }
      if runsLeft == 0 { return }
      if length > 1 { length = max(1, length / 2) }
    }
  }

  /// Removes two moves that only go together, such as a copy and its delivery.
  private mutating func removePairs() {
    var first = 0
    while first < acts.count, acts.count <= 60 {
      var second = first + 1
      var removed = false
      while second < acts.count, !removed {
        var candidate = acts
        candidate.remove(at: second)
        candidate.remove(at: first)
        removed = accept(candidate)
        second += 1
      }
      if !removed { first += 1 }
    }
  }

  // MARK: Joining

  /// One election in the place of a time-out and the votes after it.
  private mutating func electAtOnce() {
    var place = 0
    while place < acts.count, acts.count <= 200 {
      if case .timeout(let node) = acts[place] {
        let others = (0..<nodes).filter { $0 != node }.map { NodeMask(place: $0) }
        let groups = others + [others.reduce(into: NodeMask()) { $0.formUnion($1) }]
        _ = groups.contains { elect(node, by: $0, at: place) }
      }
      place += 1
    }
  }

  private mutating func elect(_ node: Int, by group: NodeMask, at place: Int) -> Bool {
    var best = acts
    best[place] = .elect(node, by: group)
    // The deliveries that carried the votes are of no use any more: as many go as can.
    for drop in [8, 6, 5, 4, 3, 2, 1] {
      var candidate = best
      var left = drop
      var next = place + 1
      while next < candidate.count, left > 0 {
        if case .deliver(let from, let to, _) = candidate[next], from == node || to == node {
          candidate.remove(at: next)
          left -= 1
        } else {
          next += 1
        }
      }
      if candidate.count < acts.count, accept(candidate) { return true }
    }
    return false
  }

  /// One move in the place of several deliveries.
  private mutating func joinDeliveries() {
    var place = 0
    while place < acts.count, acts.count <= 200 {
      if case .deliver(let from, let to, _) = acts[place] {
        joinDeliveries(from: from, to: to, at: place)
      }
      place += 1
    }
  }

  private mutating func joinDeliveries(from: Int, to: Int, at place: Int) {
    for length in [6, 4, 3, 2] where place + length <= acts.count {
      let stretch = acts[place..<place + length]
      guard stretch.allSatisfy(\.isDelivery) else { continue }
      for joined in [ChaosAct.deliverAll(from: from, to: to), .deliverEverything] {
        var candidate = acts
        candidate.replaceSubrange(place..<place + length, with: [joined])
        if accept(candidate) { return }
      }
    }
  }

  // MARK: Plainer moves

  /// The plainest move that does in a place.
  private mutating func straighten(_ place: Int) {
    guard place < acts.count else { return }
    let plainer: [ChaosAct] =
      switch acts[place] {
      case .tick(let node): [.timeout(node), .beat(node)]
      case .crash(let node, .torn): [.crash(node, .lost), .crash(node, .kept)]
      case .crash(let node, .kept): [.crash(node, .lost)]
      case .deliver(let from, let to, let nth) where nth > 0: [.deliver(from: from, to: to, nth: 0)]
      default: []
      }
    for act in plainer {
      var candidate = acts
      candidate[place] = act
      if accept(candidate) { return }
    }
  }
}

extension ChaosAct {
  fileprivate var isDelivery: Bool {
    switch self {
    case .deliver, .deliverAll, .deliverEverything: true
    default: false
    }
  }
}

extension StepFailure {
  /// Whether it is a failure of the same property.
  func isLike(_ other: StepFailure) -> Bool { kind == other.kind && property == other.property }

  /// The property that gave way, by name.
  private var property: Substring { kind == .invariant ? summary.prefix { $0 != ":" } : "" }
}
