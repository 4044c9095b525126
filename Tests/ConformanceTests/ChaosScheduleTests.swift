import Conformance
import RaftTypes
import Testing
import TraceFormat

/// Which moves a seed stands for, as `Spec/Chaos.md` says.
struct ChaosScheduleTests {
  /// A cluster that answers the schedule's questions without being one: what is in flight, who runs
  /// and who leads follow from the moves alone.
  struct PaperCluster: ChaosView {
    let nodeCount = 5
    var running = NodeMask.all(5)
    var leaders = NodeMask(place: 0)
    var holding: NodeMask = []
    var hasCuts = false
    var flying = [Int](repeating: 0, count: 25)

    func messages(from: Int, to: Int) -> Int { flying[from * 5 + to] }
    func canSnapshot(_ node: Int) -> Bool { node % 2 == 0 }
    func canCompact(_ node: Int) -> Bool { node % 2 == 1 }
    func members(_ node: Int) -> (voters: NodeMask, learners: NodeMask) {
      (NodeMask.all(4), NodeMask(place: 4))
    }

    mutating func send(from: Int) {
      for to in 0..<5 where to != from { flying[from * 5 + to] += 1 }
    }

    mutating func make(_ act: ChaosAct) {
      switch act {
      case .deliver(let from, let to, _), .drop(let from, let to, _): flying[from * 5 + to] -= 1
      case .duplicate(let from, let to, _): flying[from * 5 + to] += 1
      case .timeout(let node), .beat(let node), .propose(let node, _), .read(let node, _):
        send(from: node)
        if case .timeout = act { leaders = NodeMask(place: node) }
      case .partition, .cut: hasCuts = true
      case .heal: hasCuts = false
      case .crash(let node, _):
        running.remove(NodeMask(place: node))
        leaders.remove(NodeMask(place: node))
        holding.remove(NodeMask(place: node))
      case .restart(let node): running.insert(NodeMask(place: node))
      case .hold(let node): holding.insert(NodeMask(place: node))
      case .release(let node): holding.remove(NodeMask(place: node))
      case .tick, .snapshot, .compact, .configure, .leave, .transfer, .complete, .elect,
        .deliverAll, .deliverEverything:
        break
      }
    }
  }

  static let standard = [ChaosMove: Int](
    uniqueKeysWithValues: ChaosMove.allCases.map { ($0, $0.standardWeight) })

  static func chaos(
    _ weights: [ChaosMove: Int] = standard, most: [ChaosMove: Int] = [:], swarm: Bool = false
  ) -> Chaos {
    Chaos(
      moves: 2_000, weights: weights, most: most, mostDown: 2, swarm: swarm,
      achieved: Chaos.Achievement())
  }

  static func schedule(
    _ chaos: Chaos, seed: UInt64, capabilities: Set<Capability> = Set(Capability.allCases)
  ) -> [ChaosAct] {
    var generator = ChaosGenerator(
      chaos, trace: "chaos.pinned", seed: seed, capabilities: capabilities)
    var cluster = PaperCluster()
    var acts: [ChaosAct] = []
    while acts.count < chaos.moves, let act = generator.next(cluster) {
      cluster.make(act)
      acts.append(act)
    }
    return acts
  }

  /// The 64-bit FNV-1a hash over the moves' numbers, eight bytes each, little-endian.
  static func digest(_ acts: [ChaosAct]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for number in acts.flatMap(\.numbers) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        hash = (hash ^ ((number >> shift) & 0xFF)) &* 0x100_0000_01B3
      }
    }
    return hash
  }

  @Test(arguments: [
    (seed: UInt64(1), digest: UInt64(11_348_647_315_661_650_826)),
    (2, 5_663_195_399_775_713_039), (3, 15_979_671_395_366_584_416),
  ])
  func `a seed stands for the same moves for ever`(seed: UInt64, digest: UInt64) {
    let acts = Self.schedule(Self.chaos(), seed: seed)
    #expect(acts.count == 2_000)
    #expect(Self.digest(acts) == digest)
  }

  @Test func `every move is made, about as often as its weight says`() {
    let acts = Self.schedule(Self.chaos(), seed: 7)
    let ticks = acts.count { if case .tick = $0 { true } else { false } }
    let changes = acts.contains { if case .configure = $0 { true } else { false } }
    #expect((60...600).contains(ticks))
    #expect(changes)
    #expect(Set(acts.map { $0.numbers[0] }).count >= 18)
  }

  @Test func `at most so many crashes happen, and at most two nodes are down`() {
    var cluster = PaperCluster()
    for act in Self.schedule(Self.chaos(most: [.crash: 3]), seed: 5) {
      cluster.make(act)
      #expect(cluster.running.count >= 3)
    }
    let crashes = Self.schedule(Self.chaos(most: [.crash: 3]), seed: 5).count {
      if case .crash(_, .lost) = $0 { true } else { false }
    }
    #expect(crashes == 3)
  }

  @Test func `a swarm switches moves off, others with other seeds, and never those that drive`() {
    let kept = (1...20).map { seed in
      ChaosGenerator(
        Self.chaos(swarm: true), trace: "chaos.pinned", seed: seed,
        capabilities: Set(Capability.allCases)
      ).weights.map(\.move)
    }
    #expect(Set(kept).count > 10)
    #expect(kept.allSatisfy { $0.contains(.deliver) && $0.contains(.restart) })
    #expect(kept.allSatisfy { $0.count < ChaosMove.allCases.count })
  }

  @Test func `a move that the system can't make is never drawn`() {
    let acts = Self.schedule(
      Self.chaos(), seed: 1,
      capabilities: Set(Capability.allCases).subtracting([.clock, .snapshot, .configurationJoint]))
    #expect(
      !acts.contains { act in
        switch act {
        case .tick, .snapshot, .compact, .leave: true
        default: false
        }
      })
  }

  @Test func `without a move that can be made there is none`() {
    var generator = ChaosGenerator(
      Self.chaos([.heal: 1]), trace: "t", seed: 1, capabilities: [])
    #expect(generator.next(PaperCluster()) == nil)
  }
}
