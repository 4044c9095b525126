import AdapterProtocol
import RaftTypes
import TraceFormat

/// The verbs of time and of elections.
extension Execution {
  mutating func performTime(_ action: Action) throws(Interruption) {
    switch action {
    case .tick(let tick):
      try self.tick(tick)
    case .timeout(let node):
      try timeout(node)
    case .lapse(let nodes):
      for node in nodes { try world.perform(.lapse(node)) }
    case .beat(let node):
      try world.perform(.beat(node))
    case .campaign(let node):
      world.record(.timeout(node))
      try world.perform(.campaign(node))
    case .elect(let elect):
      try self.elect(elect)
    default:
      preconditionFailure("performTime was given a verb of another group")
    }
  }

  private mutating func timeout(_ node: NodeName) throws(Interruption) {
    world.record(.timeout(node))
    try world.perform(.timeout(node))
  }

  private mutating func tick(_ tick: Tick) throws(Interruption) {
    guard let until = tick.until else {
      let requests = tick.nodes.map { Request.tick($0, times: tick.times) }
      for (place, answer) in try world.answers(to: requests).enumerated() {
        world.record(.ticked(tick.nodes[place], tick.times))
        try world.takeOver(answer, to: requests[place])
      }
      return
    }
    for count in 0...tick.times {
      if tick.nodes.contains(where: { mismatches(of: until, at: $0).isEmpty }) {
        if let variable = tick.count { world.variables[variable] = UInt64(count) }
        for node in tick.nodes { world.record(.ticked(node, count)) }
        return
      }
      guard count < tick.times else { break }
      let requests = tick.nodes.map { Request.tick($0, times: 1) }
      for (place, answer) in try world.answers(to: requests).enumerated() {
        try world.takeOver(answer, to: requests[place])
      }
    }
    throw .verb("what 'until' asks for did not come within \(tick.times) ticks")
  }

  // MARK: Elections

  /// Makes a node leader by a real election in which the voters `by` take part.
  private mutating func elect(_ elect: Elect) throws(Interruption) {
    try makeLeader(elect.node, by: elect.by)
    if let term = elect.term { try bind(term, to: world.node(elect.node).term) }
  }

  mutating func makeLeader(_ node: NodeName, by voters: [NodeName]) throws(Interruption) {
    guard world.node(node).isRunning else { throw .verb("\(node) does not run") }
    if world.node(node).role == .leader { return }
    let electorate = Set(voters + [node])
    try freeFromLeader(voters.filter { !world.isPeer($0) && $0 != node })
    for _ in 1...Limits.electionAttempts {
      try timeout(node)
      try exchangeVotes(candidate: node, electorate: electorate)
      if world.node(node).leads { return }
    }
    throw .verb(
      "\(node) did not become leader in \(Limits.electionAttempts) elections in which "
        + voters.sorted().map(\.rawValue).joined(separator: ", ") + " took part; it is "
        + "\(world.node(node).role.rawValue) in term \(world.node(node).term.rawValue)")
  }

  /// Lets voters that still believe in a leader give that up.
  private mutating func freeFromLeader(_ voters: [NodeName]) throws(Interruption) {
    for voter in voters where world.node(voter).isRunning {
      let leader = world.node(voter).leader
      guard leader != nil, leader != voter else { continue }
      do throws(Interruption) {
        try world.perform(.lapse(voter))
      } catch .notApplicable {
        // Without 'lapse' its own timer fires, and what it asks for is lost.
        try timeout(voter)
        for flight in world.network.takeAll(where: {
          $0.from == voter && $0.message.isVoteRequest
        }) {
          world.lose(flight)
        }
      }
    }
  }

  /// Delivers the votes and vote requests of an election until none is left inside the electorate.
  private mutating func exchangeVotes(candidate: NodeName, electorate: Set<NodeName>)
    throws(Interruption)
  {
    for _ in 0..<Limits.messagesPerRound {
      // Requests of elections that are over stay unanswered.
      let term = world.node(candidate).term
      if let request = world.network.takeToPeer(where: {
        $0.from == candidate && electorate.contains($0.to) && $0.message.isVoteRequest
          && ($0.message.term ?? term) >= term
      }) {
        try answerVote(request, granted: true, term: nil)
        continue
      }
      guard
        let offset = world.network.inFlight.firstIndex(where: {
          electorate.contains($0.from) && electorate.contains($0.to) && $0.message.isElection
        })
      else { return }
      try world.deliver(world.network.take(at: offset))
    }
    throw .verb("an election sent more than \(Limits.messagesPerRound) messages")
  }

  // MARK: Recovery

  /// Heals, restarts, elects and proposes a probe that every voter must apply.
  mutating func recover(rounds: Int) throws(Interruption) {
    world.network.heal { _ in true }
    try releaseEverything()
    for node in world.nodes where !node.isRunning { try restart(node.name) }
    try settle(.within(rounds: rounds))
    guard let leader = world.currentLeader else {
      throw .failed(
        StepFailure(kind: .recovery, summary: "no leader in \(rounds) rounds", mismatches: []))
    }
    let payload = Payload.proposal("recovery-probe", bytes: nil)
    guard try proposeInTime(payload, to: leader.name) else {
      throw .failed(
        StepFailure(
          kind: .recovery, summary: "the leader \(leader.name) refused a proposal", mismatches: []))
    }
    try settle(.quiescent)
    try compareLedgers(probe: payload)
  }

  /// Proposes until it is taken: a leader that is handing over takes commands again once it has
  /// given that up, which takes its time.
  private mutating func proposeInTime(
    _ payload: [UInt8], to leader: NodeName
  ) throws(Interruption) -> Bool {
    for _ in 0..<Limits.recoveryTicks {
      guard world.node(leader).leads else { return false }
      if try world.perform(.propose(leader, data: payload)).outcome == .done { return true }
      guard world.declared.contains(.clock) else { return false }
      try world.perform(.tick(leader, times: 1))
      try settle(.deliveriesOnly)
    }
    return false
  }

  /// The members of the cluster have applied the probe and, before it, the same commands.
  private func compareLedgers(probe: [UInt8]) throws(Interruption) {
    let leader = world.currentLeader
    let members = world.nodes.filter { node in
      leader.map { world.isMember(node.name, of: $0) } ?? true
    }
    let ledgers = members.map { node in (node.name, node.ledger.map(\.data)) }
    guard let first = ledgers.first else { return }
    let expected = first.1.contains(probe) ? first.1 : first.1 + [probe]
    let differing = ledgers.filter { $0.1 != expected }
    guard differing.isEmpty else {
      throw .failed(
        StepFailure(
          kind: .recovery,
          summary: "after healing, restarting and electing, the servers do not all hold the probe",
          mismatches: differing.map { name, ledger in
            Mismatch(
              path: "\(name).ledger", expected: Rendering.payloads(expected),
              actual: Rendering.payloads(ledger))
          }))
    }
  }
}

extension WireMessage {
  var isVoteRequest: Bool { type == .requestVote || type == .preVote }

  /// Whether it belongs to an election.
  var isElection: Bool {
    isVoteRequest || type == .requestVoteResponse || type == .preVoteResponse
  }

  /// Whether it is an AppendEntries, with or without entries, or a heartbeat of another form.
  var isAppend: Bool { type == .appendEntries || type == .heartbeat }

  var carriesEntries: Bool { type == .appendEntries && !(entries ?? []).isEmpty }
}
