/// A small deterministic source of numbers (SplitMix64).
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number below a limit.
  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    word ^= word >> 31
    return Int(word % UInt64(limit))
  }

  /// Whether something of so many percent happens.
  mutating func percent(_ chance: Int) -> Bool { below(100) < chance }
}

/// What the plain operations of these tests do, with their own meaning of each: they share no code
/// with the models under test.
enum PlainAction: Equatable {
  case read, write(Int), delete, compareAndSet(Int, Int), append(Int)
}

/// What a client was told: the value or list it read, or whether it swapped.
enum PlainResponse: Equatable {
  case done, read([Int]), swapped(Bool)
}

/// An operation of a plain history. `returned` is nil where nobody knows the outcome.
struct PlainOperation {
  var client: Int
  var action: PlainAction
  var invoked: Int
  var returned: Int?
  var response: PlainResponse?
  var failed = false
}

/// What an action does to a value: a register is a list of at most one element.
func apply(_ action: PlainAction, to value: [Int]) -> (value: [Int], response: PlainResponse) {
  switch action {
  case .read: (value, .read(value))
  case .write(let new): ([new], .done)
  case .delete: ([], .done)
  case .compareAndSet(let expected, let new):
    value == [expected] ? ([new], .swapped(true)) : (value, .swapped(false))
  case .append(let element): (value + [element], .done)
  }
}

/// Whether an order explains all responses, by trying them all.
func bruteForce(_ operations: [PlainOperation]) -> Bool {
  let live = operations.filter { !$0.failed }
  func search(_ value: [Int], _ done: Int) -> Bool {
    var complete = true
    for (place, operation) in live.enumerated() where done & 1 << place == 0 {
      if operation.returned != nil { complete = false }
      let hasPredecessor = live.enumerated().contains { other in
        done & 1 << other.offset == 0 && (other.element.returned ?? .max) < operation.invoked
      }
      if hasPredecessor { continue }
      let next = apply(operation.action, to: value)
      if let response = operation.response, response != next.response { continue }
      if search(next.value, done | 1 << place) { return true }
    }
    return complete
  }
  return search([], 0)
}

/// What a random history is made of.
struct HistoryShape {
  var actions: [PlainAction]
  var clients: Int
  var operations: Int
  /// Chances in percent: that an outcome is unknown, that an operation fails, and that one response
  /// of the history is replaced.
  var unknown = 15
  var failed = 5
  var wrong = 85
}

/// A history as a system could have made it, with one response replaced now and then.
func randomHistory(_ shape: HistoryShape, _ numbers: inout Numbers) -> [PlainOperation] {
  var operations: [PlainOperation] = []
  var value: [Int] = []
  var begun: [Int?] = Array(repeating: nil, count: shape.clients)
  var applied: [Bool] = Array(repeating: false, count: shape.clients)
  var pending: [Int] = []
  var moment = 0
  while moment < 6 * shape.operations {
    moment += 1
    if !pending.isEmpty, numbers.percent(20) {
      let late = pending.remove(at: numbers.below(pending.count))
      value = apply(operations[late].action, to: value).value
    }
    let client = numbers.below(shape.clients)
    guard let operation = begun[client] else {
      if operations.count == shape.operations { continue }
      begun[client] = operations.count
      applied[client] = false
      let action = shape.actions[numbers.below(shape.actions.count)]
      operations.append(PlainOperation(client: client, action: action, invoked: moment))
      continue
    }
    if !applied[client] {
      if numbers.percent(shape.unknown) {
        pending.append(operation)
        begun[client] = nil
      } else if numbers.percent(shape.failed) {
        operations[operation].failed = true
        begun[client] = nil
      } else {
        let next = apply(operations[operation].action, to: value)
        value = next.value
        operations[operation].response = next.response
        applied[client] = true
      }
    } else {
      operations[operation].returned = moment
      begun[client] = nil
    }
  }
  for operation in operations.indices where operations[operation].returned == nil {
    operations[operation].response = nil
  }
  if numbers.percent(shape.wrong) { replaceResponse(in: &operations, shape, &numbers) }
  return operations
}

/// Replaces one response by one that some operation could have given.
private func replaceResponse(
  in operations: inout [PlainOperation], _ shape: HistoryShape, _ numbers: inout Numbers
) {
  guard !operations.isEmpty else { return }
  let start = numbers.below(operations.count)
  for step in operations.indices {
    let place = (start + step) % operations.count
    switch operations[place].response {
    case .read(let value):
      if value.count > 1 || numbers.percent(30) {
        operations[place].response = .read(Array(value.dropLast()))
      } else {
        operations[place].response = .read([numbers.below(3)])
      }
      return
    case .swapped(let swapped):
      operations[place].response = .swapped(!swapped)
      return
    case .done, nil: continue
    }
  }
}
