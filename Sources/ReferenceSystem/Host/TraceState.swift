import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// All that there is of one trace: its nodes, its servers' names, the messages on their way.
struct TraceState {
  /// The most ticks in one operation: far more than any time-out, and done within seconds.
  static let ticksMax = 1_000_000

  private let seed: UInt64
  private var members: [NodeName: Member] = [:]
  private var roster = Roster()
  private var mail = Mail()

  init(seed: UInt64) { self.seed = seed }

  // MARK: Lives

  /// Builds a node; the answer is its whole state. A durable state that no Raft server can have, and
  /// settings that make no sense, are rejected.
  mutating func create(_ specification: NodeSpecification) throws(Refusal) -> OperationResult {
    let name = specification.node
    if members[name] != nil { throw .malformed("there is a node '\(name)' already") }
    if specification.voters.isEmpty { throw .malformed("'voters' names no server") }
    try specification.log.checkKinds()
    roster.admit(specification.voters + [name])
    let hardState = HardState(
      term: specification.term, votedFor: specification.votedFor.map { roster.id(of: $0) })
    let storage: MemoryStorage
    do {
      storage = try MemoryStorage(hardState: hardState, entries: specification.bootEntries)
    } catch {
      return OperationResult(outcome: .rejected(why: error.description))
    }
    let voters = specification.voters.map { roster.id(of: $0) }
    let member = Member(
      name: name, id: roster.id(of: name),
      configuration: Configuration(voters: Array(Set(voters))),
      settings: ShellSettings(specification.settings), seed: seed, storage: storage)
    let result = start(member)
    if result.outcome == .done { members[name] = member }
    return result
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
      let shell = try member.start()
      var result = OperationResult()
      result.node = member.name
      result.state = member.takeDelta(of: shell, names: roster)
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
    guard case .process(let shell) = member.condition else { return Self.halted(name) }
    shell.crash()
    let result = report(of: shell, member, outcome: .done)
    member.bury(
      shell, unsynced: UnsyncedFate(unsynced), disk: wipesDisk ? .wiped : .intact)
    return result
  }

  /// Tells all that a node shows of itself, and the fields asked for from their beginning.
  func state(of name: NodeName, want: [StateField]) throws(Refusal) -> OperationResult {
    let member = try member(name)
    guard let shell = member.running else { return Self.halted(name) }
    var result = OperationResult()
    result.node = name
    result.state = member.fullState(of: shell, want: want, names: roster)
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
      return Outcome(shell.perform(.propose(count: 1), payloads: [command]))
    }
  }

  // MARK: Messages

  /// Hands a node a message that no node of the trace sent.
  mutating func receive(
    _ message: WireMessage, from sender: NodeName, at name: NodeName
  ) throws(Refusal) -> OperationResult {
    let receiver = try member(name).id
    let parcel = try message.parcel(from: roster.id(of: sender), to: receiver)
    return try operate(on: name) { shell in shell.receive(parcel) }
  }

  /// Hands a message on its way to its receiver.
  mutating func deliver(_ handle: MessageHandle) throws(Refusal) -> OperationResult {
    guard let letter = try mail.letter(handle) else { return OperationResult(outcome: .void) }
    let receiver = try member(letter.to)
    mail.remove(handle)
    guard receiver.running != nil else { return OperationResult(outcome: .void) }
    return try operate(on: letter.to) { shell in shell.receive(letter.parcel) }
  }

  mutating func drop(_ handle: MessageHandle) throws(Refusal) -> OperationResult {
    guard try mail.letter(handle) != nil else { return OperationResult(outcome: .void) }
    mail.remove(handle)
    return OperationResult()
  }

  mutating func duplicate(_ handle: MessageHandle) throws(Refusal) -> OperationResult {
    guard let letter = try mail.letter(handle) else { return OperationResult(outcome: .void) }
    var result = OperationResult()
    result.handle = mail.send(letter)
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
    on name: NodeName, _ body: (Shell) -> Outcome
  ) throws(Refusal) -> OperationResult {
    let member = try member(name)
    guard let shell = member.running else { return Self.halted(name) }
    let outcome = body(shell)
    let survived = shell.status == .running
    let result = report(of: shell, member, outcome: survived ? outcome : .halted)
    if shell.status == .crashed { member.bury(shell, unsynced: .lost, disk: .intact) }
    return result
  }

  /// What a node did since the answer before.
  private mutating func report(
    of shell: Shell, _ member: Member, outcome: Outcome
  ) -> OperationResult {
    var result = OperationResult(outcome: outcome)
    result.node = member.name
    let delta = member.takeDelta(of: shell, names: roster)
    if !delta.isEmpty { result.state = delta }
    result.sent = shell.takeOutbox().map { parcel in
      let to = roster.name(of: parcel.message.to)
      let handle = mail.send(Mail.Letter(to: to, parcel: parcel))
      return SentMessage(handle: handle, to: to, message: WireMessage(parcel))
    }
    result.results = shell.takeResults()
    return result
  }
}
