import AdapterProtocol
import RaftTypes
import TraceFormat

/// What the runner remembers of a chaos.
struct ChaosLog {
  /// The moves made so far.
  var acts: [ChaosAct] = []
  /// The same without ticks, as far as that can be done.
  var clockless: [ChaosAct] = []
  /// The nodes whose writes of entries are held.
  var holding: NodeMask = []
  /// The moves that were asked for, and that the system can't make.
  var impossible: [ChaosMove] = []
}

extension Execution {
  /// Makes the moves that the case's seed stands for.
  mutating func run(_ chaos: Chaos) throws(Interruption) {
    let trace = world.trace
    world.chaos.impossible = ChaosMove.allCases.filter {
      chaos.weights[$0] != nil && !ChaosGenerator.isPossible($0, world.declared)
    }
    var generator = ChaosGenerator(
      chaos, trace: trace.id, seed: trace.chaosSeed ?? 1, capabilities: world.declared)
    world.isRecording = false
    world.keepsSights = false
    defer {
      world.isRecording = recordsEverything
      world.keepsSights = true
    }
    if let acts = actsToReplay { return try replay(acts) }
    for _ in 0..<chaos.moves {
      guard let act = generator.next(world) else { break }
      world.chaos.acts.append(act)
      try makeNoting(act)
    }
    // Other seeds than the trace's own may do less.
    if let seeds = trace.seeds, let seed = trace.chaosSeed, seeds.contains(seed) {
      try check(chaos.achieved)
    }
  }

  /// Makes moves that are given, and keeps those that could be made.
  mutating func replay(_ acts: [ChaosAct]) throws(Interruption) {
    for act in acts {
      world.chaos.acts.append(act)
      if try !make(act) { world.chaos.acts.removeLast() }
    }
  }

  private func check(_ wanted: Chaos.Achievement) throws(Interruption) {
    let history = world.history
    let found = [
      ("leaders", wanted.leaders, world.termsLed.count),
      ("committed", wanted.committed, history.committed),
      ("reads", wanted.reads, history.servedReads),
    ]
    let missed = found.filter { $0.1 > $0.2 }
    guard missed.isEmpty else {
      throw .failed(
        StepFailure(
          kind: .expectation, summary: "the run did too little to prove anything",
          mismatches: missed.map { name, least, actual in
            Mismatch(path: "chaos.\(name)", expected: "at least \(least)", actual: "\(actual)")
          }))
    }
  }

  /// Makes a move, and notes what did the same without a clock: a tick that fires a timer is the
  /// timer's firing, and another is nothing.
  private mutating func makeNoting(_ act: ChaosAct) throws(Interruption) {
    guard case .tick(let node) = act, runs(node) else {
      world.chaos.clockless.append(act)
      try make(act)
      return
    }
    let before = (role: world.nodes[node].role, term: world.nodes[node].term)
    let sent = world.messagesSent
    let place = world.chaos.clockless.count
    // Where the tick itself violates something, the firing of the timer is the best guess.
    world.chaos.clockless.append(before.role == .leader ? .beat(node) : .timeout(node))
    try make(act)
    let after = world.nodes[node]
    let stands = after.role == .preCandidate || after.role == .candidate || after.role == .leader
    if before.role == .leader {
      if world.messagesSent == sent { world.chaos.clockless.remove(at: place) }
    } else if !stands || world.messagesSent == sent {
      world.chaos.clockless.remove(at: place)
    }
  }

  // MARK: Moves

  /// Makes a move.
  ///
  /// - Returns: whether it could be made.
  @discardableResult
  mutating func make(_ act: ChaosAct) throws(Interruption) -> Bool {
    world.emitted.removeAll(keepingCapacity: true)
    switch act {
    case .deliver, .drop, .duplicate, .deliverAll, .deliverEverything:
      return try move(act)
    case .tick, .timeout, .beat, .elect:
      return try pass(act)
    case .partition, .cut, .heal:
      change(act)
      return true
    case .crash, .restart:
      return try fault(act)
    case .propose, .read, .snapshot, .compact, .configure, .leave, .transfer:
      return try work(act)
    case .hold(let node), .complete(let node), .release(let node):
      return try store(act, at: node)
    }
  }

  private func runs(_ place: Int) -> Bool {
    world.nodes.indices.contains(place) && world.nodes[place].isRunning
  }

  private func name(_ place: Int) -> NodeName { world.nodes[place].name }

  private mutating func move(_ act: ChaosAct) throws(Interruption) -> Bool {
    switch act {
    case .deliver(let from, let to, let nth):
      guard let flight = take(from, to, nth) else { return false }
      try world.deliver(flight)
    case .drop(let from, let to, let nth):
      guard let flight = take(from, to, nth) else { return false }
      world.lose(flight)
    case .duplicate(let from, let to, let nth):
      let link = LinkPlaces(from: from, to: to)
      guard let offset = world.network.offset(of: link, nth: nth) else { return false }
      let copy = try world.copy(world.network.inFlight[offset])
      world.network.send(copy)
    case .deliverAll(let from, let to):
      let link = LinkPlaces(from: from, to: to)
      let flights = world.network.takeAll { $0.link == link }
      for flight in flights { try world.deliver(flight) }
      return !flights.isEmpty
    default:
      guard !world.network.inFlight.isEmpty else { return false }
      try settle(.deliveriesOnly)
    }
    return true
  }

  private mutating func take(_ from: Int, _ to: Int, _ nth: Int) -> Flight? {
    world.network.offset(of: LinkPlaces(from: from, to: to), nth: nth)
      .map { world.network.take(at: $0) }
  }

  private mutating func pass(_ act: ChaosAct) throws(Interruption) -> Bool {
    switch act {
    case .tick(let node):
      guard runs(node) else { return false }
      try world.perform(.tick(name(node), times: 1))
    case .timeout(let node):
      guard runs(node) else { return false }
      return try world.perform(.timeout(name(node))).outcome == .done
    case .beat(let node):
      guard runs(node), world.nodes[node].role == .leader else { return false }
      try world.perform(.beat(name(node)))
    case .elect(let node, let voters):
      guard runs(node), world.nodes[node].role != .leader else { return false }
      do throws(Interruption) {
        try makeLeader(name(node), by: voters.places.filter { $0 != node }.map { name($0) })
      } catch .failed(let failure) where failure.kind == .verb {
        return false
      }
    default:
      return false
    }
    return true
  }

  private mutating func change(_ act: ChaosAct) {
    switch act {
    case .partition(let group):
      let names = group.places.map { name($0) }
      performLinks(.partition([names, world.nodes.map(\.name).filter { !names.contains($0) }]))
    case .cut(let from, let to):
      performLinks(.cut(from: name(from), to: name(to)))
    default:
      performLinks(.heal(between: nil))
    }
  }

  private mutating func fault(_ act: ChaosAct) throws(Interruption) -> Bool {
    switch act {
    case .crash(let node, let fate):
      guard runs(node) else { return false }
      try world.perform(.crash(name(node), fate, wipesDisk: false))
      world.chaos.holding.remove(NodeMask(place: node))
    case .restart(let node):
      guard world.nodes.indices.contains(node), !runs(node) else { return false }
      world.chaos.holding.remove(NodeMask(place: node))
      try restart(name(node))
    default:
      return false
    }
    return true
  }

  private mutating func work(_ act: ChaosAct) throws(Interruption) -> Bool {
    switch act {
    case .propose(let node, let number):
      guard runs(node) else { return false }
      let command = ChaosName.command(number)
      try propose(Array(command.utf8), named: command, to: name(node), mayBeRefused: true)
    case .read(let node, let number):
      guard runs(node) else { return false }
      try world.startRead(ChaosName.read(number), at: name(node))
    case .snapshot(let node):
      guard runs(node) else { return false }
      try performWork(.snapshot(name(node)), mayBeRefused: true)
    case .compact(let node, let keep):
      guard runs(node), world.canCompact(node) else { return false }
      try performWork(
        .compact(Compact(node: name(node), extent: .keeping(keep))), mayBeRefused: true)
    case .configure(let node, let number, let voters, let learners):
      guard runs(node) else { return false }
      let change = ConfigureRequest.Change.to(
        voters: voters.places.map { name($0) }, learners: learners.places.map { name($0) },
        joint: .automatic)
      let request = ConfigureRequest(id: ChaosName.change(number), change: change)
      try world.startChange(request, at: name(node))
    case .leave(let node, let number):
      guard runs(node) else { return false }
      try world.startChange(
        ConfigureRequest(id: ChaosName.change(number), change: .leave), at: name(node))
    case .transfer(let from, let to):
      guard runs(from) else { return false }
      try world.perform(.transfer(name(from), to: name(to)))
    default:
      return false
    }
    return true
  }

  private mutating func store(_ act: ChaosAct, at node: Int) throws(Interruption) -> Bool {
    guard runs(node) else { return false }
    let mask = NodeMask(place: node)
    switch act {
    case .hold:
      guard !world.chaos.holding.contains(mask) else { return false }
      world.chaos.holding.insert(mask)
      try world.perform(.hold(name(node), .entries))
    case .release:
      guard world.chaos.holding.contains(mask) else { return false }
      world.chaos.holding.remove(mask)
      try world.perform(.release(name(node), .entries))
    default:
      guard world.chaos.holding.contains(mask) else { return false }
      let result = try world.perform(.complete(name(node), .next(1), fails: false))
      return result.outcome == .done
    }
    return true
  }
}

/// What a chaos calls what it numbers.
enum ChaosName {
  static func command(_ number: Int) -> String { "e\(number)" }
  static func read(_ number: Int) -> String { "r\(number)" }
  static func change(_ number: Int) -> String { "c\(number)" }
}

extension World: ChaosView {
  var nodeCount: Int { nodes.count }

  var running: NodeMask { mask { $0.isRunning } }

  var leaders: NodeMask { mask { $0.leads } }

  var holding: NodeMask { chaos.holding }

  var hasCuts: Bool { !network.cuts.isEmpty }

  private func mask(_ matches: (borrowing ObservedNode) -> Bool) -> NodeMask {
    var bits: UInt32 = 0
    for place in nodes.indices where matches(nodes[place]) { bits |= 1 << UInt32(place) }
    return NodeMask(rawValue: bits)
  }

  func messages(from: Int, to: Int) -> Int { network.count(LinkPlaces(from: from, to: to)) }

  func canSnapshot(_ node: Int) -> Bool { nodes[node].appliedIndex > nodes[node].snapshot.index }

  func canCompact(_ node: Int) -> Bool { nodes[node].snapshot.index >= nodes[node].firstIndex }

  func members(_ node: Int) -> (voters: NodeMask, learners: NodeMask) {
    let configuration = nodes[node].configuration ?? WireConfiguration(trace.configuration)
    func mask(_ names: [NodeName]) -> NodeMask {
      self.mask { names.contains($0.name) }
    }
    return (mask(configuration.voters), mask(configuration.learners))
  }
}
