import RaftTypes
import TraceFormat

/// What the trace's names stand for at this moment.
extension World {
  /// Where the entry of this name stands, as a node's log says, or otherwise any.
  func position(ofEntry name: String, in node: ObservedNode?) -> LogPosition? {
    if let change = changes[name] { return change }
    guard let payload = payloads[name] else { return nil }
    return node?.position(of: payload) ?? position(ofPayload: payload)
  }

  /// What the entry at this index is for, as a node says, or otherwise any.
  func kind(at index: LogIndex, in node: ObservedNode) -> EntryKind? {
    node.kind(at: index) ?? nodes.lazy.compactMap { $0.kind(at: index) }.first
  }

  /// Where a log holds this payload; if several do, in the highest term.
  func position(ofPayload payload: [UInt8]) -> LogPosition? {
    nodes.compactMap { $0.position(of: payload) }.max { $0.term < $1.term }
  }
}

extension Execution {
  /// The term that a value stands for.
  func value(of term: TermValue) throws(Interruption) -> Term {
    switch term {
    case .literal(let term):
      return term
    case .variable(let name, let offset):
      guard let value = world.variables[name] else {
        throw .verb("the variable $\(name) has no value yet")
      }
      let shifted = Int64(clamping: value) + Int64(offset)
      guard shifted >= 0 else { throw .verb("$\(name)\(offset) is below zero") }
      return Term(UInt64(shifted))
    }
  }

  /// Gives a variable its value, or compares it with the one it has.
  mutating func bind(_ term: TermValue, to actual: Term) throws(Interruption) {
    if case .variable(let name, 0) = term, world.variables[name] == nil {
      world.variables[name] = actual.rawValue
      return
    }
    let expected = try value(of: term)
    guard expected == actual else {
      throw .failed(
        StepFailure(
          kind: .expectation, summary: "the term is not the one expected",
          mismatches: [
            Mismatch(
              path: "term", expected: "\(expected.rawValue)", actual: "\(actual.rawValue)")
          ]))
    }
  }

  /// Where an entry lies in a node's log.
  func position(of reference: EntryReference, at node: NodeName) throws(Interruption)
    -> LogPosition
  {
    switch reference {
    case .position(let position):
      return position
    case .name(let name):
      guard let position = world.position(ofEntry: name, in: world.node(node)) else {
        throw .verb("no server holds the entry '\(name)'")
      }
      return position
    }
  }
}
