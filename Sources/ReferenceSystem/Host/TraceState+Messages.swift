import AdapterProtocol
import RaftTypes

// Messages on their way, and those that no node of the trace sent.

extension TraceState {
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
}
