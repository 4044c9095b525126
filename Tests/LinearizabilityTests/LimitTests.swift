import Linearizability
import Testing

private typealias Register = RegisterModel<Int>
private typealias RegisterHistory = History<Register.Action, Register.Response>

/// What a check does where it can't search everything.
@Suite struct `Limits of a check` {
  /// Writes at once, then a read of what nobody wrote: every subset and last value is tried.
  private func hard(_ name: String, writes: Int = 40) -> Partition<Register> {
    var history = RegisterHistory()
    let open = (0..<writes).map { history.invoke(.write($0), by: UInt64($0)) }
    for write in open { history.complete(write, with: .done) }
    history.complete(history.invoke(.read, by: 99), with: .value(-1))
    return Partition(name: name, operations: history.operations)
  }

  private func easy(_ name: String, isWrong: Bool = false) -> Partition<Register> {
    var history = RegisterHistory()
    for value in 0..<50 {
      history.complete(history.invoke(.write(value), by: 1), with: .done)
      history.complete(history.invoke(.read, by: 2), with: .value(value))
    }
    if isWrong { history.complete(history.invoke(.read, by: 2), with: .value(3)) }
    return Partition(name: name, operations: history.operations)
  }

  @Test func `a small search is exhausted`() {
    let judgement = Checker(model: Register()).check([hard("k", writes: 8)])
    #expect(judgement.verdict == .notLinearizable)
  }

  @Test func `without memory the verdict is unknown, and the bound holds`() {
    let limit = 1 << 20
    let checker = Checker(model: Register(), limits: Limits(memoryBytes: limit))
    let judgement = checker.check([easy("a"), hard("k"), easy("b")])
    #expect(judgement.verdict == .unknown)
    #expect(judgement.givenUp.map(\.partition) == ["k"])
    #expect(judgement.givenUp.map(\.limit) == [.memory])
    #expect(judgement.cost.memoryBytesPeak <= limit)
    #expect(judgement.cost.memoryBytesPeak > limit / 4)
  }

  @Test func `without steps the verdict is unknown`() {
    let checker = Checker(model: Register(), limits: Limits(steps: 50_000))
    let judgement = checker.check([easy("a"), hard("k")])
    #expect(judgement.verdict == .unknown)
    #expect(judgement.givenUp.map(\.limit) == [.steps])
    #expect(judgement.cost.steps < 60_000)
  }

  @Test func `a hard key does not keep a violation on another from being found`() {
    let checker = Checker(model: Register(), limits: Limits(memoryBytes: 1 << 26))
    let judgement = checker.check([hard("k"), hard("l"), easy("a"), easy("b", isWrong: true)])
    #expect(judgement.verdict == .notLinearizable)
    #expect(judgement.explanation?.partition == "b")
    #expect(judgement.cost.steps < 200_000)
  }

  @Test func `the key that holds most is given up for the others`() {
    let checker = Checker(model: Register(), limits: Limits(memoryBytes: 1 << 20))
    let judgement = checker.check([hard("k"), hard("l"), hard("m", writes: 9)])
    #expect(judgement.verdict == .notLinearizable)
    #expect(judgement.explanation?.partition == "m")
  }

  @Test func `progress is told after every turn`() {
    var seen: [Progress] = []
    _ = Checker(model: Register()).check([easy("a"), easy("b")]) { seen.append($0) }
    #expect(seen.map(\.partitionsDecided) == [1, 2])
    #expect(seen.map(\.partitions) == [2, 2])
  }

  /// A counter whose states all hash alike: only a comparison of whole states tells them apart.
  private struct Colliding: SequentialModel {
    struct State: Hashable {
      var value: Int
      func hash(into hasher: inout Hasher) {}
    }

    let initialState = State(value: 0)

    func next(_ state: State, _ action: Int, _ response: Int?) -> State? {
      if let response, response != state.value { return nil }
      return State(value: state.value * 3 + action)
    }

    func text(_ action: Int, _ response: Int?) -> String { "\(action)" }
    func text(_ state: State) -> String { "\(state.value)" }
  }

  @Test func `states that hash alike are still different`() {
    var history = History<Int, Int>()
    let open = (0..<3).map { history.invoke($0, by: UInt64($0)) }
    // The order 2, 0, 1: states 0, 2, 6, 19.
    for (place, response) in [2, 6, 0].enumerated() {
      history.complete(open[place], with: response)
    }
    history.complete(history.invoke(0, by: 9), with: 19)
    #expect(Checker(model: Colliding()).check(history).verdict == .linearizable)
  }
}

/// The witness that the system's own indices are.
@Suite struct `The witness of log indices` {
  private func history(_ count: Int) -> RegisterHistory {
    var history = RegisterHistory()
    for value in 0..<count {
      let write = history.invoke(.write(value), by: UInt64(value % 7))
      let read = history.invoke(.read, by: 100)
      history.complete(read, with: .value(value), index: UInt64(value + 1))
      history.complete(write, with: .done, index: UInt64(value + 1))
    }
    return history
  }

  @Test func `indices that explain everything prove it without a search`() {
    let judgement = Checker(model: Register()).check(history(20_000))
    #expect(judgement.verdict == .linearizable)
    #expect(judgement.cost.partitionsWitnessed == 1)
    #expect(judgement.cost.configurations == 0)
  }

  @Test func `indices that explain nothing are not believed`() {
    var operations = history(100).operations
    for place in operations.indices { operations[place].index = UInt64(500 - place) }
    let judgement = Checker(model: Register()).check(operations)
    #expect(judgement.verdict == .linearizable)
    #expect(judgement.cost.partitionsWitnessed == 0)
  }

  @Test func `a missing index leaves the proof to the search`() {
    var operations = history(100).operations
    operations[17].index = nil
    let judgement = Checker(model: Register()).check(operations)
    #expect(judgement.verdict == .linearizable)
    #expect(judgement.cost.partitionsWitnessed == 0)
  }

  @Test func `indices that go against real time prove nothing`() {
    var history = RegisterHistory()
    history.complete(history.invoke(.write(1), by: 1), with: .done, index: 1)
    history.complete(history.invoke(.write(2), by: 1), with: .done, index: 3)
    history.complete(history.invoke(.read, by: 2), with: .value(1), index: 2)
    #expect(Checker(model: Register()).check(history).verdict == .notLinearizable)
  }

  @Test func `an operation of unknown outcome counts where its index says`() {
    var operations = history(10).operations
    operations.append(
      Operation(client: 50, action: .write(77), invoked: 1_000, outcome: .unknown, index: 90))
    operations.append(
      Operation(
        client: 51, action: .read, invoked: 1_001, outcome: .returned(.value(77), at: 1_002),
        index: 90))
    let judgement = Checker(model: Register()).check(operations)
    #expect(judgement.verdict == .linearizable)
    #expect(judgement.cost.partitionsWitnessed == 1)
  }
}
