import AdapterProtocol
import RaftTypes
import TraceFormat

/// The verbs of work: what clients and operators ask for.
extension Execution {
  mutating func performWork(_ action: Action, mayBeRefused: Bool) throws(Interruption) {
    switch action {
    case .propose(let propose):
      for name in propose.entryNames {
        let payload = Payload.proposal(name, bytes: propose.bytes)
        try self.propose(payload, named: name, to: propose.to, mayBeRefused: mayBeRefused)
      }
    case .snapshot(let node):
      let result = try world.perform(.snapshot(node))
      try check(result, "\(node) made no snapshot", mayBeRefused: mayBeRefused)
    case .compact(let compact):
      try self.compact(compact, mayBeRefused: mayBeRefused)
    case .configure(let configure):
      try self.configure(configure, mayBeRefused: mayBeRefused)
    case .transfer(let from, let to):
      world.record(.noted(from, "hand over to \(to)"))
      let result = try world.perform(.transfer(from, to: to))
      try check(result, "\(from) does not hand over to \(to)", mayBeRefused: mayBeRefused)
    case .read(let read):
      try self.read(read, mayBeRefused: mayBeRefused)
    default:
      preconditionFailure("performWork was given a verb of another group")
    }
  }

  mutating func propose(
    _ payload: [UInt8], named name: String, to node: NodeName, mayBeRefused: Bool
  ) throws(Interruption) {
    world.payloads[name] = payload
    world.namesOfPayloads[payload] = name
    world.results[name] = .pending
    world.record(.proposed(node, name))
    world.history.propose(payload)
    let result = try world.perform(.propose(node, data: payload))
    guard result.outcome != .done else { return }
    world.results[name] = .refused
    world.history.refuse(payload)
    try check(result, "\(node) refused the proposal '\(name)'", mayBeRefused: mayBeRefused)
  }

  private mutating func read(_ read: Read, mayBeRefused: Bool) throws(Interruption) {
    world.record(.noted(read.node, "read \(read.name)"))
    let result = try world.startRead(read.name, at: read.node)
    guard result.outcome != .done else { return }
    try check(result, "\(read.node) refused the read '\(read.name)'", mayBeRefused: mayBeRefused)
  }

  private mutating func configure(
    _ configure: Configure, mayBeRefused: Bool
  ) throws(Interruption) {
    let change: ConfigureRequest.Change
    switch configure.change {
    case .leave: change = .leave
    case .to(let voters, let learners, let joint):
      change = .to(voters: voters, learners: learners, joint: JointUse(joint))
    }
    world.record(.noted(configure.node, "change \(configure.name)"))
    let result = try world.startChange(
      ConfigureRequest(id: configure.name, change: change), at: configure.node)
    guard result.outcome != .done else { return }
    try check(
      result, "\(configure.node) refused the change '\(configure.name)'",
      mayBeRefused: mayBeRefused)
  }

  private mutating func compact(_ compact: Compact, mayBeRefused: Bool) throws(Interruption) {
    let index: LogIndex
    switch compact.extent {
    case .through(let reference):
      index = try position(of: reference, at: compact.node).index
    case .keeping(let count):
      let covered = world.node(compact.node).snapshot.index.rawValue
      index = LogIndex(covered - min(covered, UInt64(count)))
    }
    let result = try world.perform(.compact(compact.node, upTo: index))
    try check(
      result, "\(compact.node) does not discard its log up to \(index.rawValue)",
      mayBeRefused: mayBeRefused)
  }

  /// Fails the step where something was refused that the trace does not let be refused.
  private func check(
    _ result: OperationResult, _ message: String, mayBeRefused: Bool
  ) throws(Interruption) {
    if result.outcome == .done || mayBeRefused { return }
    guard case .rejected(let why) = result.outcome else { throw .verb(message) }
    throw .verb("\(message): \(why)")
  }
}

extension World {
  /// A client asks for a read under a name.
  @discardableResult
  mutating func startRead(_ name: String, at node: NodeName) throws(Interruption)
    -> OperationResult
  {
    var read = history.read(at: node)
    checker.observe(.readStarted(read.number))
    reads[name] = read
    results[name] = .pending
    let result = try perform(.read(node, id: name))
    if result.outcome != .done {
      results[name] = .refused
      history.abandon(&read)
    }
    return result
  }

  /// A client asks for a change of the members. Where that appends a configuration, the change's
  /// name stands for its entry.
  @discardableResult
  mutating func startChange(_ request: ConfigureRequest, at node: NodeName) throws(Interruption)
    -> OperationResult
  {
    results[request.id] = .pending
    let result = try perform(.configure(node, request))
    if result.outcome != .done { results[request.id] = .refused }
    let appended = result.state?.appended ?? []
    if let offset = appended.firstIndex(where: { $0.kind == .configuration }) {
      let last = self.node(node).lastIndex.rawValue
      changes[request.id] = LogPosition(
        index: LogIndex(last - UInt64(appended.count - 1 - offset)), term: appended[offset].term)
    }
    return result
  }
}

extension WireConfiguration {
  init(_ configuration: TraceConfiguration) {
    self.init(
      voters: configuration.voters, outgoing: configuration.outgoing,
      learners: configuration.learners, learnersNext: configuration.learnersNext)
  }
}

extension JointUse {
  init(_ use: Configure.JointUse) {
    self =
      switch use {
      case .automatic: .automatic
      case .always: .always
      case .never: .never
      case .explicit: .explicit
      }
  }
}
