import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// All that there is of one trace: its nodes, its servers' names, the messages on their way.
struct TraceState {
  /// The most ticks in one operation: far more than any time-out, and done within seconds.
  static let ticksMax = 1_000_000

  private let seed: UInt64
  private let media: any MediaMaker
  private var members: [NodeName: Member] = [:]
  /// The same by number.
  private var membersByID: [ServerID: Member] = [:]
  private var names = Roster()
  private var mail = Mail()

  /// A trace without nodes.
  ///
  /// - Parameter media: makes the nodes' disks.
  init(seed: UInt64, media: any MediaMaker) {
    self.seed = seed
    self.media = media
  }

  // MARK: Lives

  /// Builds a node; the answer is its whole state. A durable state that no Raft server can have, and
  /// settings that make no sense, are rejected.
  mutating func create(_ specification: NodeSpecification) throws(Refusal) -> OperationResult {
    let name = specification.node
    if members[name] != nil { throw .malformed("there is a node '\(name)' already") }
    if specification.voters.isEmpty { throw .malformed("'voters' names no server") }
    names.admit(specification.voters + [name])
    let configuration = names.configuration(specification.configuration)
    let held = try held(by: specification, startingFrom: configuration)
    let medium: any Medium
    do throws(StorageError) {
      medium = try media.make(for: names.id(of: name), holding: held)
    } catch {
      return OperationResult(outcome: .rejected(why: error.description))
    }
    let member = Member(
      name: name, id: names.id(of: name), configuration: configuration,
      settings: ShellSettings(specification.settings), seed: seed, medium: medium)
    let result = start(member)
    if result.outcome == .done {
      members[name] = member
      membersByID[member.id] = member
    }
    return result
  }

  /// What the disk of a node that is built holds.
  private mutating func held(
    by specification: NodeSpecification, startingFrom configuration: Configuration
  ) throws(Refusal) -> InitialContents {
    let hardState = HardState(
      term: specification.term, votedFor: specification.votedFor.map { names.id(of: $0) })
    var snapshot: Snapshot?
    if let given = specification.snapshot {
      snapshot = Snapshot(
        position: given.position,
        configuration: given.configuration.map { names.configuration($0) } ?? configuration,
        data: SnapshotBytes.encode(given.commands))
    }
    let entries = try names.payloads(specification.log).entries(
      after: snapshot?.position.index ?? .zero, terms: specification.log.map(\.term))
    return InitialContents(hardState: hardState, snapshot: snapshot, entries: entries)
  }

  /// Starts a dead node from its disk; the answer is its whole state.
  mutating func restart(_ name: NodeName) throws(Refusal) -> OperationResult {
    let member = try member(name)
    guard member.running == nil else {
      return OperationResult(outcome: .rejected(why: "running"))
    }
    return start(member)
  }

  private func start(_ member: Member) -> OperationResult {
    do {
      let process = try member.start()
      var result = OperationResult()
      result.node = member.name
      result.state = member.takeDelta(of: &process.shell, names: names)
      return result
    } catch {
      return OperationResult(outcome: .rejected(why: error.message))
    }
  }

  /// Kills a node that runs or has halted.
  mutating func crash(
    _ name: NodeName, unsynced: UnsyncedWrites, wipesDisk: Bool
  ) throws(Refusal) -> OperationResult {
    let member = try member(name)
    guard case .process(let process) = member.condition else { return Self.halted(name) }
    process.shell.crash()
    let result = report(of: &process.shell, member, outcome: .done)
    try bury(process, of: member, unsynced: unsynced, wipesDisk: wipesDisk)
    return result
  }

  private func bury(
    _ process: Process, of member: Member, unsynced: UnsyncedWrites, wipesDisk: Bool
  ) throws(Refusal) {
    do throws(StorageError) {
      try member.bury(process, unsynced: unsynced, wipesDisk: wipesDisk)
    } catch {
      throw .failed(error)
    }
  }

  /// Tells all that a node shows of itself, and the fields asked for from their beginning.
  func state(of name: NodeName, want: [StateField]) throws(Refusal) -> OperationResult {
    let member = try member(name)
    guard let process = member.running else { return Self.halted(name) }
    var result = OperationResult()
    result.node = name
    result.state = member.fullState(of: process.shell, want: want, names: names)
    return result
  }

  // MARK: Time and work

  /// Gives a node an input that comes without bytes.
  mutating func step(_ input: Input, of name: NodeName) throws(Refusal) -> OperationResult {
    try operate(on: name) { shell in Outcome(shell.perform(input)) }
  }

  mutating func tick(_ name: NodeName, times: Int) throws(Refusal) -> OperationResult {
    guard (0...Self.ticksMax).contains(times) else {
      throw .malformed("'times' is \(times), and must lie between 0 and \(Self.ticksMax)")
    }
    return try operate(on: name) { shell in
      for _ in 0..<times where shell.status == .running { _ = shell.perform(.tick) }
      return .done
    }
  }

  mutating func propose(_ data: [UInt8], to name: NodeName) throws(Refusal) -> OperationResult {
    try operate(on: name) { shell in
      let command = Payload(kind: .command, data: data)
      return Outcome(shell.perform(.propose(count: 1), with: Bytes(payloads: [command])))
    }
  }

  /// A leader's heartbeat is due; nobody else has one.
  mutating func beat(_ name: NodeName) throws(Refusal) -> OperationResult {
    try operate(on: name) { shell in
      shell.state.role == .leader ? Outcome(shell.perform(.heartbeatTimeout)) : .blocked
    }
  }

  mutating func snapshot(_ name: NodeName) throws(Refusal) -> OperationResult {
    try operate(on: name) { shell in
      shell.takeSnapshot().map { .rejected(why: $0) } ?? .done
    }
  }

  mutating func configure(
    _ request: ConfigureRequest, at name: NodeName
  ) throws(Refusal) -> OperationResult {
    let change: ConfigurationChange
    switch request.change {
    case .leave: change = .leaveJoint
    case .to(let voters, let learners, let use):
      change = .change(
        voters: voters.map { names.id(of: $0) }, learners: learners.map { names.id(of: $0) },
        RaftCore.JointUse(use))
    }
    return try operate(on: name) { shell in Outcome(shell.configure(request, change)) }
  }

  mutating func read(_ id: String, at name: NodeName) throws(Refusal) -> OperationResult {
    try operate(on: name) { shell in Outcome(shell.read(id)) }
  }

  mutating func transfer(
    from name: NodeName, to target: NodeName
  ) throws(Refusal) -> OperationResult {
    try step(.transfer(to: names.id(of: target)), of: name)
  }

  // MARK: Messages

  /// Hands a node a message that no node of the trace sent.
  mutating func receive(
    _ message: WireMessage, from sender: NodeName, at name: NodeName
  ) throws(Refusal) -> OperationResult {
    let receiver = try member(name).id
    let parcel = try names.parcel(message, from: names.id(of: sender), to: receiver)
    return try operate(on: name) { shell in shell.receive(parcel) }
  }

  /// Hands a message on its way to its receiver.
  mutating func deliver(_ handle: MessageHandle) throws(Refusal) -> OperationResult {
    guard let parcel = try mail.message(handle) else { return OperationResult(outcome: .void) }
    guard let receiver = membersByID[parcel.message.to] else {
      throw .unknownNode(names.name(of: parcel.message.to))
    }
    _ = try mail.take(handle)
    guard receiver.running != nil else { return OperationResult(outcome: .void) }
    return try operate(on: receiver) { shell in shell.receive(parcel) }
  }

  mutating func drop(_ handle: MessageHandle) throws(Refusal) -> OperationResult {
    OperationResult(outcome: try mail.take(handle) == nil ? .void : .done)
  }

  mutating func duplicate(_ handle: MessageHandle) throws(Refusal) -> OperationResult {
    guard let parcel = try mail.message(handle) else { return OperationResult(outcome: .void) }
    var result = OperationResult()
    result.handle = mail.send(parcel)
    return result
  }

  // MARK: Storage

  mutating func hold(_ target: HoldTarget, at name: NodeName) throws(Refusal) -> OperationResult {
    try operate(on: name) { shell in
      if let kinds = HoldSet(target) { shell.hold(kinds) } else { shell.holdApply() }
      return .done
    }
  }

  mutating func release(
    _ target: HoldTarget, at name: NodeName
  ) throws(Refusal) -> OperationResult {
    try operate(on: name) { shell in
      if let kinds = HoldSet(target) { shell.release(kinds) } else { shell.releaseApply() }
      return .done
    }
  }

  mutating func complete(
    _ extent: CompletionExtent, at name: NodeName, fails: Bool
  ) throws(Refusal) -> OperationResult {
    let selection: HeldSelection
    switch extent {
    case .next(let count):
      guard count > 0 else { throw .malformed("'next' is \(count), and must be at least 1") }
      selection = .next(count)
    case .through(let position): selection = .through(position)
    case .all: selection = .all
    }
    return try operate(on: name) { shell in
      shell.complete(selection, fails: fails)
        ? .done : .rejected(why: "no such write is held")
    }
  }

  mutating func plan(
    _ fault: AdapterProtocol.StorageFault, at name: NodeName
  ) throws(Refusal) -> OperationResult {
    guard fault.nth > 0 else {
      throw .malformed("'nth' is \(fault.nth), and must be at least 1")
    }
    return try operate(on: name) { shell in
      shell.plan(fault)
      return .done
    }
  }

  // MARK: Answers

  private func member(_ name: NodeName) throws(Refusal) -> Member {
    guard let member = members[name] else { throw .unknownNode(name) }
    return member
  }

  private static func halted(_ name: NodeName) -> OperationResult {
    var result = OperationResult(outcome: .halted)
    result.node = name
    return result
  }

  /// Has a running node do something, and tells what came of it.
  private mutating func operate(
    on name: NodeName, _ body: (inout Shell) -> Outcome
  ) throws(Refusal) -> OperationResult {
    try operate(on: try member(name), body)
  }

  private mutating func operate(
    on member: Member, _ body: (inout Shell) -> Outcome
  ) throws(Refusal) -> OperationResult {
    guard let process = member.running else { return Self.halted(member.name) }
    let outcome = body(&process.shell)
    let survived = process.shell.status == .running
    let result = report(of: &process.shell, member, outcome: survived ? outcome : .halted)
    if process.shell.status == .crashed {
      try bury(process, of: member, unsynced: .lost, wipesDisk: false)
    }
    return result
  }

  /// What a node did since the answer before.
  private mutating func report(
    of shell: inout Shell, _ member: Member, outcome: Outcome
  ) -> OperationResult {
    var result = OperationResult(outcome: outcome)
    result.node = member.name
    let delta = member.takeDelta(of: &shell, names: names)
    if !delta.isEmpty { result.state = delta }
    let sent = shell.takeOutbox()
    result.sent.reserveCapacity(sent.count)
    for parcel in sent {
      result.sent.append(
        SentMessage(
          handle: mail.send(parcel), to: names.name(of: parcel.message.to),
          message: names.wire(parcel)))
    }
    result.results = shell.proposals.takeNews()
    result.changes = shell.changes.takeNews()
    result.reads = shell.reads.takeNews()
    return result
  }
}
