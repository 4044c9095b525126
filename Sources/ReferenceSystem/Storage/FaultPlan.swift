import AdapterProtocol

/// The faults that coming operations of the storage are to meet.
struct FaultPlan {
  private struct Planned {
    var fault: StorageFault
    /// How many operations of its kind are left, the one that meets it included.
    var left: Int
  }

  private var planned: [Planned] = []

  mutating func add(_ fault: StorageFault) {
    planned.append(Planned(fault: fault, left: fault.nth))
  }

  /// Counts an operation.
  ///
  /// - Parameter operation: `anyWrite` for a write that has no kind of its own.
  /// - Returns: what it meets, if anything: the fault planned first where several are due.
  mutating func meet(_ operation: StorageFault.Operation) -> StorageFault.Effect? {
    guard !planned.isEmpty else { return nil }
    for place in planned.indices where planned[place].fault.operation.counts(operation) {
      planned[place].left -= 1
    }
    let due = planned.first { $0.left == 0 }
    planned.removeAll { $0.left == 0 }
    return due?.fault.effect
  }
}

extension StorageFault.Operation {
  /// Whether an operation is one of this kind.
  fileprivate func counts(_ operation: Self) -> Bool {
    switch self {
    case .append, .sync, .vote, .snapshot: operation == self
    case .anyWrite: operation != .sync
    }
  }
}
