/// The operations of one partition, laid out for the search.
///
/// Completed operations are numbered by invocation, and so are those of unknown outcome, which the
/// search calls open. Failed ones are left out, for they took no effect, and so are reads of
/// unknown outcome, for nobody saw what they read.
struct Layout<Model: SequentialModel>: Sendable {
  typealias Record = Operation<Model.Action, Model.Response>

  /// Operations that returned, by invocation.
  var completed: [Record] = []
  /// Operations of unknown outcome, by invocation.
  var open: [Record] = []
  /// When each completed operation returned.
  var returned: [Int] = []
  /// Whether each completed operation only reads.
  var isReading: [Bool] = []
  /// A number for each completed operation that no other one has while it is under way.
  var slot: [Int32] = []
  /// Slots in use.
  var slots = 0
  /// For each open operation the one before it that does the same, or -1. The earlier one can take
  /// the later one's place in any order, so the later one is only tried after it.
  var twin: [Int32] = []
  /// The calls and returns of the completed operations in the order of the history: an operation's
  /// number doubled, plus one if it is the return.
  var events: [Int32] = []

  /// Lays out a partition.
  init(_ operations: [Record], _ model: Model) {
    for operation in operations {
      switch operation.outcome {
      case .returned: completed.append(operation)
      case .unknown: if !model.isReading(operation.action, nil) { open.append(operation) }
      case .failed: break
      }
    }
    completed.sortIfNeeded { $0.invoked < $1.invoked }
    open.sortIfNeeded { $0.invoked < $1.invoked }
    returned = completed.map { $0.returned ?? .max }
    isReading = completed.map { model.isReading($0.action, $0.response) }
    orderEvents()
    assignSlots()
    findTwins()
  }

  /// Merges calls and returns. At one moment calls come first, so that the operations overlap.
  private mutating func orderEvents() {
    let byReturn = completed.indices.sorted {
      (returned[$0], $0) < (returned[$1], $1)
    }
    events.reserveCapacity(2 * completed.count)
    var call = 0
    for operation in byReturn {
      while call < completed.count, completed[call].invoked <= returned[operation] {
        events.append(Int32(2 * call))
        call += 1
      }
      events.append(Int32(2 * operation + 1))
    }
  }

  private mutating func assignSlots() {
    slot = [Int32](repeating: 0, count: completed.count)
    var free: [Int32] = []
    for event in events {
      let operation = Int(event >> 1)
      if event & 1 == 1 {
        free.append(slot[operation])
      } else if let last = free.popLast() {
        slot[operation] = last
      } else {
        slot[operation] = Int32(slots)
        slots += 1
      }
    }
  }

  private mutating func findTwins() {
    var last: [Model.Action: Int32] = [:]
    twin.reserveCapacity(open.count)
    for (place, operation) in open.enumerated() {
      twin.append(last.updateValue(Int32(place), forKey: operation.action) ?? -1)
    }
  }
}

extension Array {
  /// Sorts, and costs one pass where the order is right already.
  mutating func sortIfNeeded(_ precedes: (Element, Element) -> Bool) {
    let ordered = zip(self, dropFirst()).allSatisfy { !precedes($1, $0) }
    if !ordered { sort(by: precedes) }
  }
}
