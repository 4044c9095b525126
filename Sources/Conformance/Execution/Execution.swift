import AdapterProtocol
import RaftTypes
import TraceFormat

/// Carries out one run of one trace, step by step.
struct Execution {
  var world: World
  /// The moves that a chaos makes in the place of its seed's; `nil` for those.
  let actsToReplay: [ChaosAct]?
  /// Whether everything is written down for reports; a chaos that is shrunk needs none of it.
  let recordsEverything: Bool
  /// The write of the `during` step at which the node dies, from 1; `nil` where no step has one.
  let crashPoint: Int?
  /// Whether the node died in the `during` step of this run.
  private(set) var reachedCrashPoint = false

  init(
    trace: Trace, system: any SystemUnderTest, implementation: Implementation, seed: UInt64,
    crashPoint: Int?, replaying acts: [ChaosAct]? = nil, recordsEverything: Bool = true
  ) {
    actsToReplay = acts
    self.recordsEverything = recordsEverything
    world = World(trace: trace, system: system, implementation: implementation, seed: seed)
    self.crashPoint = crashPoint
    world.isRecording = recordsEverything
  }

  /// Boots the nodes and takes every step, then sees the cluster recover.
  mutating func run() throws(Interruption) {
    try boot()
    for step in world.trace.steps {
      world.step += 1
      world.emitted.removeAll(keepingCapacity: true)
      world.record(.step(step.text))
      if let action = step.action { try perform(action, of: step) }
      // The step made fewer writes than this run was to let the node die at: every one was tried.
      if crashPoint != nil, isDuring(step), !reachedCrashPoint { return }
      if let expectation = step.expect { try verify(expectation) }
    }
    try judgeHistory()
    if recoversUnasked {
      world.step += 1
      world.record(.step("recover (unasked)"))
      try recover(rounds: Limits.recoveryRounds)
      try judgeHistory()
    }
  }

  /// Whether some order of what clients did explains what they were told. It is asked at the end, of
  /// traces in which a read was served.
  private func judgeHistory() throws(Interruption) {
    guard world.history.hasReads, world.trace.impossible == nil else { return }
    let ledgers = world.nodes.map { $0.ledger.map(\.data) }
    let longest = ledgers.max { $0.count < $1.count } ?? []
    guard let contradiction = world.history.contradiction(ledger: longest) else { return }
    throw .failed(
      StepFailure(
        kind: .invariant, summary: "Linearizable history: \(contradiction)", mismatches: []))
  }

  private func isDuring(_ step: Step) -> Bool {
    guard case .crash(let crash) = step.action else { return false }
    return crash.during != nil
  }

  /// Whether the trace ends with a recovery that it does not spell out.
  private var recoversUnasked: Bool {
    let trace = world.trace
    guard trace.isCluster, trace.peers.isEmpty, trace.livenessWaiver == nil else { return false }
    if case .recover = trace.steps.last?.action { return false }
    return true
  }

  // MARK: Boot

  private mutating func boot() throws(Interruption) {
    let trace = world.trace
    let begin = Request.begin(trace: trace.fullID, seed: world.random.next())
    let births = trace.nodes.map { Request.create(specification(of: $0)) }
    let answers = try world.answers(to: [begin] + births)
    try world.takeOver(answers[0], to: begin)
    for (boot, answer) in zip(trace.nodes, answers.dropFirst()) {
      let result = try world.takeOverBirth(answer, of: boot.name)
      guard result.outcome == .done else {
        throw .verb("\(boot.name) refused the durable state it was to boot from")
      }
    }
    for boot in trace.nodes {
      guard let heard = boot.heard else { continue }
      var message = WireMessage(type: .heartbeat, term: heard.term)
      message.prevLogIndex = boot.last.index
      message.prevLogTerm = boot.last.term
      message.entries = []
      message.leaderCommit = heard.commit
      try receive(message, from: heard.from, at: boot.name)
      _ = world.network.takeToPeer { $0.from == boot.name }
    }
  }

  private mutating func specification(of boot: NodeBoot) -> NodeSpecification {
    let trace = world.trace
    return NodeSpecification(
      node: boot.name, configuration: WireConfiguration(trace.configuration), term: boot.term,
      votedFor: boot.votedFor, snapshot: boot.snapshot.map { bootSnapshot($0) },
      log: bootLog(boot), settings: NodeSettings(trace.settings))
  }

  private func bootLog(_ boot: NodeBoot) -> [WireEntry] {
    boot.log.enumerated().map { place, term in
      if let configuration = boot.configurations[place] {
        return WireEntry(term: term, configuration: WireConfiguration(configuration))
      }
      let position = LogPosition(index: boot.base.index + (place + 1), term: term)
      return WireEntry(term: term, data: Payload.handWritten(position))
    }
  }

  private mutating func bootSnapshot(_ snapshot: NodeBoot.Snapshot) -> WireSnapshot {
    WireSnapshot(
      position: snapshot.position,
      configuration: WireConfiguration(
        snapshot.configuration ?? world.trace.configuration),
      commands: commands(snapshot.ledger))
  }

  /// The commands that a snapshot holds; their names are known from now on.
  mutating func commands(_ ledger: [EntryReference]) -> [[UInt8]] {
    ledger.map { reference in
      switch reference {
      case .position(let position):
        return Payload.handWritten(position)
      case .name(let name):
        let payload = world.payloads[name] ?? Payload.proposal(name, bytes: nil)
        world.payloads[name] = payload
        world.namesOfPayloads[payload] = name
        return payload
      }
    }
  }

  // MARK: Dispatch

  private mutating func perform(_ action: Action, of step: Step) throws(Interruption) {
    switch action {
    case .tick, .timeout, .lapse, .beat, .campaign, .elect:
      try performTime(action)
    case .receive, .answer, .deliver, .drop, .duplicate, .capture, .holdMessages,
      .releaseMessages, .exchange, .settle:
      try performMessages(action)
    case .partition, .isolate, .cut, .heal:
      performLinks(action)
    case .propose, .snapshot, .compact, .configure, .transfer, .read:
      try performWork(action, mayBeRefused: step.mayBeRefused)
    case .holdStorage, .releaseStorage, .holdApply, .releaseApply, .releaseAll, .complete,
      .failStorage, .corrupt:
      try performStorage(action)
    case .crash(let crash):
      try self.crash(crash, of: step)
    case .restart(let nodes):
      for node in nodes { try restart(node) }
    case .recover(let rounds):
      try recover(rounds: rounds)
    case .chaos(let chaos):
      try run(chaos)
    }
  }

  private mutating func crash(_ crash: Crash, of step: Step) throws(Interruption) {
    guard let during = crash.during, let crashPoint else {
      try world.perform(.crash(crash.node, crash.unsynced, wipesDisk: crash.wipesDisk))
      guard world.node(crash.node).status == .crashed else {
        throw .broken(.protocolError("\(crash.node) is said to run after it was crashed"))
      }
      if crash.wipesDisk { world.checker.observe(.diskWiped(world.id(of: crash.node))) }
      return
    }
    let fault = StorageFault(operation: .anyWrite, nth: crashPoint, effect: .crash)
    try world.perform(.storageFault(crash.node, fault))
    let interruption = outcome(of: during, step: step)
    if world.node(crash.node).status == .crashed {
      reachedCrashPoint = true
      // A death in the middle excuses what the action could not finish, and nothing else.
      if case .failed(let failure) = interruption, failure.kind == .verb { return }
    }
    if let interruption { throw interruption }
  }

  private mutating func outcome(of action: Action, step: Step) -> Interruption? {
    do {
      try perform(action, of: step)
      return nil
    } catch {
      return error
    }
  }

  // MARK: Faults

  mutating func restart(_ node: NodeName) throws(Interruption) {
    guard !world.node(node).isRunning else {
      throw .verb("\(node) runs already; only a crashed or halted node can be restarted")
    }
    let result = try world.performBirth(.restart(node), of: node)
    guard result.outcome == .done || result.outcome == .halted else {
      throw .broken(.protocolError("\(node) answered a restart with \(result.outcome)"))
    }
    world.record(.restarted(node))
  }
}

/// The payloads that the runner writes.
enum Payload {
  /// A booted or hand-written entry's payload is its position: `3@2`.
  static func handWritten(_ position: LogPosition) -> [UInt8] {
    Array("\(position.index.rawValue)@\(position.term.rawValue)".utf8)
  }

  /// The term of a payload that is a position.
  static func term(of payload: [UInt8]) -> Term? {
    let parts = String(decoding: payload, as: UTF8.self).split(separator: "@")
    guard parts.count == 2, UInt64(parts[0]) != nil else { return nil }
    return UInt64(parts[1]).map { Term($0) }
  }

  /// A proposal's payload is its name, padded with dots.
  static func proposal(_ name: String, bytes: Int?) -> [UInt8] {
    var payload = Array(name.utf8)
    if let bytes, payload.count < bytes {
      payload += [UInt8](repeating: UInt8(ascii: "."), count: bytes - payload.count)
    }
    return payload
  }
}

extension NodeSettings {
  init(_ settings: TraceSettings) {
    self.init()
    electionTicks = settings.electionTicks
    heartbeatTicks = settings.heartbeatTicks
    preVote = settings.preVote
    checkQuorum = settings.checkQuorum
    maxEntriesPerAppend = settings.maxEntriesPerAppend
    maxBytesPerAppend = settings.maxBytesPerAppend
    maxInflightAppends = settings.maxInflightAppends
    maxBytesPerSnapshotChunk = settings.maxBytesPerSnapshotChunk
    leaseReads = settings.leaseReads
  }
}
