import AdapterProtocol
import RaftCore
import RaftTypes

// Time that passes for a node, and what its clients ask of it.

extension TraceState {
  /// The most ticks in one operation: far more than any time-out, and done within seconds.
  static let ticksMax = 1_000_000

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
}
