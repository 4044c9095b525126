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
    settings.leaseReads = seed.isMultiple(of: 6)
    settings.maxBytesPerAppend = 6
    settings.maxBytesPerSnapshotChunk = 40
    let first = names.map { name in
      Request.create(
        NodeSpecification(
          node: name, voters: names, term: Term(1), votedFor: nil,
          log: wireEntries(from: 1, [1]), settings: settings))
    }
    let joins = NodeSpecification(
      node: n4, voters: names, term: .zero, votedFor: nil, log: [], settings: settings)
    return first + [.create(joins)]
  }

  /// Takes the handles of an answer in.
  mutating func heard(_ result: OperationResult) {
    inFlight += result.sent.map(\.handle)
    if let copy = result.handle { inFlight.append(copy) }
  }

  mutating func next() -> Request {
    asked += 1
    let choice = Int.random(in: 0..<276, using: &numbers)
    if choice < 170, !inFlight.isEmpty { return message() }
    let name = pick([n1, n2, n3, n4])
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
    case ..<233: return .crash(name, pick(UnsyncedWrites.allCases), wipesDisk: false)
    case ..<242: return .restart(name)
    case ..<250: return .read(name, id: "r\(asked)")
    case ..<260: return .snapshot(name)
    case ..<271: return .compact(name, upTo: LogIndex(UInt64.random(in: 0...25, using: &numbers)))
    case ..<273: return .transfer(name, to: pick([n1, n2, n3, n4]))
    default: return .configure(name, ConfigureRequest(id: "c\(asked)", change: change()))
    }
  }

  private mutating func change() -> ConfigureRequest.Change {
    let isVoter = [n1, n2, n3, n4].filter { _ in Int.random(in: 0..<4, using: &numbers) > 0 }
    let learners = [n1, n2, n3, n4].filter { !isVoter.contains($0) && Bool.random(using: &numbers) }
    let joint = JointUse.allCases.randomElement(using: &numbers) ?? .automatic
    return asked.isMultiple(of: 3) ? .leave : .to(voters: isVoter, learners: learners, joint: joint)
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
