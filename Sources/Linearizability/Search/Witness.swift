extension Layout {
  /// Whether the indices at which the operations took effect, as the system tells them, make an
  /// order that explains every response. It takes one sort and one pass.
  ///
  /// Where it is false nothing is known: the indices may be wrong, or missing.
  func isWitnessed(by model: Model) -> Bool {
    guard !completed.isEmpty, completed.allSatisfy({ $0.index != nil }) else { return false }
    var order = completed
    order += open.filter { $0.index != nil }
    order.sortIfNeeded { ($0.index ?? 0, $0.invoked) < ($1.index ?? 0, $1.invoked) }
    var state = model.initialState
    var lastInvoked = Int.min
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, order[end].index == order[start].index { end += 1 }
      guard
        let next = run(
          order[start..<end], from: state, model: model, lastInvoked: &lastInvoked)
      else { return false }
      state = next
      start = end
    }
    return true
  }

  /// Runs the operations of one index: those that change something, then those that look at what
  /// came of it.
  private func run(
    _ group: ArraySlice<Record>, from start: Model.State, model: Model, lastInvoked: inout Int
  ) -> Model.State? {
    var state = start
    var others: [Record] = []
    for operation in group {
      if let next = model.next(state, operation.action, operation.response), next != state {
        guard keepsRealTime(operation, &lastInvoked) else { return nil }
        state = next
      } else {
        others.append(operation)
      }
    }
    for operation in others {
      guard let next = model.next(state, operation.action, operation.response),
        keepsRealTime(operation, &lastInvoked)
      else { return nil }
      state = next
    }
    return state
  }

  /// Whether an operation may follow those before it: none of them was invoked after it returned.
  private func keepsRealTime(_ operation: Record, _ lastInvoked: inout Int) -> Bool {
    lastInvoked = max(lastInvoked, operation.invoked)
    return operation.returned ?? .max >= lastInvoked
  }
}
