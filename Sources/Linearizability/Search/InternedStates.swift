/// The states of one search, each distinct state with a number of its own.
struct InternedStates<Model: SequentialModel> {
  private let model: Model
  private var states: [Model.State]
  private var numbers: [Model.State: UInt32]
  private var heapBytes: Int

  /// The initial state, with the number 0.
  init(_ model: Model) {
    self.model = model
    let initial = model.initialState
    states = [initial]
    numbers = [initial: 0]
    heapBytes = model.heapBytes(of: initial)
  }

  /// The state with a number.
  @inline(__always)
  subscript(_ number: UInt32) -> Model.State { states[Int(number)] }

  /// The number of a state.
  mutating func number(of state: Model.State) -> UInt32 {
    if let number = numbers[state] { return number }
    let number = UInt32(states.count)
    states.append(state)
    numbers[state] = number
    heapBytes += model.heapBytes(of: state)
    return number
  }

  /// Bytes held. A dictionary fills at most three quarters of its buckets.
  var bytes: Int {
    states.capacity * MemoryLayout<Model.State>.stride + heapBytes
      + numbers.capacity * MemoryLayout<(Model.State, UInt32)>.stride * 4 / 3
  }
}
