import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// All that there is of one trace: its nodes, its servers' names, the messages on their way.
struct TraceState {
  private let seed: UInt64
  private let media: any MediaMaker
  private var members: [NodeName: Member] = [:]
  /// The same by number.
  var membersByID: [ServerID: Member] = [:]
  var names = Roster()
  var mail = Mail()

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

  /// Damages the disk of a dead node.
  mutating func corrupt(
    _ corruption: Corruption, at name: NodeName
  ) throws(Refusal) -> OperationResult {
    let member = try member(name)
    guard case .disk(let medium) = member.condition else {
      return OperationResult(outcome: .rejected(why: "running"))
    }
    guard let files = medium as? LogFiles else {
      throw .unsupported(capability: "storage.corrupt", reason: "memory has no bytes to damage")
    }
    do throws(StorageError) {
      let isHeld = try files.corrupt(corruption)
      return OperationResult(outcome: isHeld ? .done : .rejected(why: "no-such-entry"))
    } catch {
      throw .failed(error)
    }
  }

  private func start(_ member: Member) -> OperationResult {
    do {
      let process = try member.start()
      var result = OperationResult()
      result.node = member.name
      result.state = member.takeDelta(of: &process.shell, names: names)
      return result
    } catch {
      // A server that finds its disk damaged stops itself, as it does when its disk fails.
      if error.isDamage { return Self.halted(member.name) }
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

  // MARK: Operations and their answers

  func member(_ name: NodeName) throws(Refusal) -> Member {
    guard let member = members[name] else { throw .unknownNode(name) }
    return member
  }

  private static func halted(_ name: NodeName) -> OperationResult {
    var result = OperationResult(outcome: .halted)
    result.node = name
    return result
  }

  /// Has a running node do something, and tells what came of it.
  mutating func operate(
    on name: NodeName, _ body: (inout Shell) -> Outcome
  ) throws(Refusal) -> OperationResult {
    try operate(on: try member(name), body)
  }

  mutating func operate(
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
    result.state = member.takeDelta(of: &shell, names: names)
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
