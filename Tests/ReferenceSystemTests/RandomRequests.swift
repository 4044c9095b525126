import AdapterProtocol
import RaftTypes

/// A random talk about three nodes: what to ask next, given what was sent so far.
struct RandomRequests {
  private var numbers: SeededNumbers
  private var inFlight: [MessageHandle] = []
  private var asked = 0

  init(seed: UInt64) { numbers = SeededNumbers(state: seed) }

  /// The nodes' creation; the settings are the seed's choice.
  static func creation(seed: UInt64) -> [Request] {
    let names = [n1, n2, n3]
    var settings = NodeSettings()
    settings.preVote = seed.isMultiple(of: 2)
    settings.checkQuorum = seed.isMultiple(of: 3)
    settings.maxBytesPerAppend = 6
    return names.map { name in
      .create(
        NodeSpecification(
          node: name, voters: names, term: Term(1), votedFor: nil,
          log: wireEntries(from: 1, [1]), settings: settings))
    }
  }

  /// Takes the handles of an answer in.
  mutating func heard(_ result: OperationResult) {
    inFlight += result.sent.map(\.handle)
    if let copy = result.handle { inFlight.append(copy) }
  }

  mutating func next() -> Request {
    asked += 1
    let choice = Int.random(in: 0..<240, using: &numbers)
    if choice < 170, !inFlight.isEmpty { return message() }
    let name = pick([n1, n2, n3])
    switch choice {
    case ..<182: return .propose(name, data: Array("p\(asked)".utf8))
    case ..<192: return .beat(name)
    case ..<197: return .timeout(name)
    case ..<199: return .campaign(name)
    case ..<203: return .lapse(name)
    case ..<211: return .tick(name, times: Int.random(in: 0...2, using: &numbers))
    case ..<215: return .hold(name, pick(HoldTarget.allCases))
    case ..<226: return .release(name, pick(HoldTarget.allCases))
    case ..<229: return .complete(name, .next(1), fails: asked.isMultiple(of: 8))
    case ..<230:
      let operation = pick(StorageFault.Operation.allCases)
      let effect = pick(StorageFault.Effect.allCases)
      return .storageFault(name, StorageFault(operation: operation, nth: 2, effect: effect))
    case ..<231: return .crash(name, pick(UnsyncedWrites.allCases), wipesDisk: false)
    default: return .restart(name)
    }
  }

  /// Something with a message on its way: mostly the oldest one is delivered.
  private mutating func message() -> Request {
    let isInOrder = Int.random(in: 0..<10, using: &numbers) < 7
    let place = isInOrder ? 0 : Int.random(in: inFlight.indices, using: &numbers)
    switch Int.random(in: 0..<20, using: &numbers) {
    case 0: return .drop(inFlight.remove(at: place))
    case 1: return .duplicate(inFlight[place])
    default: return .deliver(inFlight.remove(at: place))
    }
  }

  private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
    choices[Int.random(in: choices.indices, using: &numbers)]
  }
}
