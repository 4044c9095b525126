/// A partition that is judged in turns with others.
protocol PartitionTurn: AnyObject {
  /// What people call it.
  var name: String { get }
  /// Bytes that its search holds.
  var bytes: Int { get }
  /// Steps and configurations so far, and whether its witness proved it.
  var cost: (steps: Int, configurations: Int, isWitnessed: Bool) { get }

  /// Goes on for about so many steps.
  func advance(steps: Int, memory: Int) -> TurnStanding
  /// Forgets everything but its cost and, where asked for, what the explanation needs.
  func release()
  /// Explains why the partition is not linearizable.
  func explain() -> Explanation
}

/// Where a partition stands after a turn.
enum TurnStanding {
  case linearizable, notLinearizable, paused, outOfMemory
}

/// How far a check is.
public struct Progress: Hashable, Sendable {
  /// Partitions that are decided, and all of them.
  public var partitionsDecided: Int
  /// All partitions.
  public var partitions: Int
  /// Steps of the model that were tried.
  public var steps: Int
  /// Bytes that the searches hold.
  public var memoryBytes: Int
}

/// Judges partitions in turns. Every round gives each undecided one the same number of steps, and
/// the next round twice as many: a hard partition takes at most about as much time as all the
/// others together, and a violation in an easy one is found early.
struct Turns {
  private static let firstSteps = 1 << 14
  private static let lastSteps = 1 << 22

  private let limits: Limits
  private let explains: Bool
  private let progress: (Progress) -> Void
  private var waiting: [any PartitionTurn]
  private let partitions: Int
  private var held = 0
  private var isViolated = false
  private var explanation: Explanation?
  private var cost = Cost()
  private var givenUp: [(partition: String, limit: LimitReached)] = []

  init(
    _ partitions: [any PartitionTurn], limits: Limits, explains: Bool,
    progress: @escaping (Progress) -> Void
  ) {
    self.partitions = partitions.count
    waiting = partitions.reversed()
    self.limits = limits
    self.explains = explains
    self.progress = progress
  }

  /// Judges them all, or up to the first that is not linearizable.
  mutating func judge(operations: Int) -> Judgement {
    var budget = Self.firstSteps
    var round = waiting
    while !round.isEmpty, !isViolated {
      waiting = []
      while !isViolated, let partition = round.popLast() {
        turn(partition, budget: budget, others: &round)
      }
      round = waiting.reversed()
      budget = min(2 * budget, Self.lastSteps)
    }
    let verdict: Verdict =
      isViolated ? .notLinearizable : givenUp.isEmpty ? .linearizable : .unknown
    return Judgement(
      verdict: verdict, operations: operations, partitions: partitions, explanation: explanation,
      givenUp: verdict == .unknown ? givenUp : [], cost: cost)
  }

  /// One partition's turn.
  private mutating func turn(
    _ partition: any PartitionTurn, budget: Int, others: inout [any PartitionTurn]
  ) {
    let left = limits.steps - cost.steps
    guard left > 0 else { return giveUp(partition, .steps) }
    held -= partition.bytes
    let before = partition.cost.steps
    var standing = partition.advance(
      steps: min(budget, left), memory: limits.memoryBytes - held)
    while standing == .outOfMemory, let hungry = largest(than: partition.bytes, &others) {
      giveUp(hungry, .memory)
      let used = partition.cost.steps - before
      standing = partition.advance(
        steps: max(1, min(budget, left) - used), memory: limits.memoryBytes - held)
    }
    cost.steps += partition.cost.steps - before
    cost.memoryBytesPeak = max(cost.memoryBytesPeak, held + partition.bytes)
    switch standing {
    case .linearizable:
      close(partition)
    case .notLinearizable:
      isViolated = true
      explanation = explains ? partition.explain() : nil
      close(partition)
    case .paused:
      held += partition.bytes
      waiting.append(partition)
    case .outOfMemory:
      held += partition.bytes
      giveUp(partition, .memory)
    }
    tell(others.count + waiting.count)
  }

  /// Takes out the partition that holds the most, if that is more than so many bytes.
  private mutating func largest(
    than bytes: Int, _ others: inout [any PartitionTurn]
  ) -> (any PartitionTurn)? {
    func place(_ list: [any PartitionTurn]) -> Int? {
      list.indices.max { list[$0].bytes < list[$1].bytes }
    }
    let behind = place(waiting).map { waiting[$0].bytes } ?? 0
    let ahead = place(others).map { others[$0].bytes } ?? 0
    guard max(behind, ahead) > bytes else { return nil }
    if behind >= ahead, let found = place(waiting) { return waiting.remove(at: found) }
    return place(others).map { others.remove(at: $0) }
  }

  private mutating func giveUp(_ partition: any PartitionTurn, _ limit: LimitReached) {
    held -= partition.bytes
    givenUp.append((partition.name, limit))
    close(partition)
  }

  private mutating func close(_ partition: any PartitionTurn) {
    cost.configurations += partition.cost.configurations
    if partition.cost.isWitnessed { cost.partitionsWitnessed += 1 }
    partition.release()
  }

  private mutating func tell(_ undecided: Int) {
    progress(
      Progress(
        partitionsDecided: partitions - undecided, partitions: partitions, steps: cost.steps,
        memoryBytes: held))
  }
}
