import AdapterProtocol
import RaftTypes
import TraceFormat

/// The verbs of storage: holds, completions and faults.
extension Execution {
  mutating func performStorage(_ action: Action) throws(Interruption) {
    switch action {
    case .holdStorage(let node, let what):
      world.record(.storage(node, "hold \(what.rawValue)"))
      try world.perform(.hold(node, HoldTarget(what)))
    case .releaseStorage(let node):
      world.record(.storage(node, "release"))
      for target in releasable where target != .apply {
        try world.perform(.release(node, target))
      }
    case .holdApply(let node):
      world.record(.storage(node, "hold apply"))
      try world.perform(.hold(node, .apply))
    case .releaseApply(let node):
      world.record(.storage(node, "release apply"))
      try world.perform(.release(node, .apply))
    case .releaseAll:
      try releaseEverything()
    case .complete(let complete):
      try self.complete(complete)
    case .failStorage(let failure):
      world.record(.storage(failure.node, "next \(failure.operation.rawValue) fails"))
      try world.perform(.storageFault(failure.node, StorageFault(failure)))
    case .corrupt(let corrupt):
      try self.corrupt(corrupt)
    default:
      preconditionFailure("performStorage was given a verb of another group")
    }
  }

  /// Ends every hold, of messages, writes and applying.
  mutating func releaseEverything() throws(Interruption) {
    world.network.releaseAll()
    guard usesStorageHolds else { return }
    for node in world.runningNodes {
      for target in releasable { try world.perform(.release(node.name, target)) }
    }
  }

  /// What can be held at all, and so released.
  private var releasable: [HoldTarget] {
    HoldTarget.allCases.filter { $0 != .snapshot || world.declared.contains(.heldSnapshot) }
  }

  /// Whether any step of the trace holds writes or applying: only then need they be released.
  private var usesStorageHolds: Bool {
    world.trace.steps.contains { step in
      switch step.action {
      case .holdStorage, .holdApply, .chaos: true
      default: false
      }
    }
  }

  private mutating func complete(_ complete: Complete) throws(Interruption) {
    let extent: CompletionExtent
    switch complete.extent {
    case .next(let count): extent = .next(count)
    case .all: extent = .all
    case .through(let reference):
      extent = .through(try position(of: reference, at: complete.node))
    }
    world.record(.storage(complete.node, complete.fails ? "a held write fails" : "complete"))
    let result = try world.perform(.complete(complete.node, extent, fails: complete.fails))
    if case .rejected(let why) = result.outcome {
      throw .verb("\(complete.node) had no such write to complete: \(why)")
    }
  }
}

extension Execution {
  private mutating func corrupt(_ corrupt: Corrupt) throws(Interruption) {
    guard !world.node(corrupt.node).isRunning else {
      throw .verb("\(corrupt.node) runs; only the disk of a dead node can be damaged")
    }
    let index = try position(of: corrupt.entry, at: corrupt.node).index
    let damage: Corruption.Damage =
      switch corrupt.damage {
      case .flip: .flip
      case .cut: .cut
      case .zero: .zero
      }
    world.record(.storage(corrupt.node, "\(damage.rawValue) of entry \(index.rawValue)"))
    let result = try world.perform(
      .corrupt(corrupt.node, Corruption(damage: damage, entry: index)))
    if case .rejected(let why) = result.outcome {
      throw .verb("\(corrupt.node)'s disk holds no such entry: \(why)")
    }
  }
}

extension HoldTarget {
  init(_ what: HeldWrites) {
    switch what {
    case .entries: self = .entries
    case .vote: self = .vote
    case .sync: self = .sync
    case .snapshot: self = .snapshot
    }
  }
}

extension StorageFault {
  init(_ failure: StorageFailure) {
    let operation: Operation =
      switch failure.operation {
      case .append: .append
      case .sync: .sync
      case .vote: .vote
      case .snapshot: .snapshot
      }
    let effect: Effect =
      switch failure.error {
      case .io: .io
      case .full: .full
      }
    self.init(operation: operation, nth: failure.nth, effect: effect)
  }
}
