import AdapterProtocol
import RaftStorage
import RaftTypes

// Writes that are held, completed or failed.

extension TraceState {
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
}
