/// Operations that are judged apart from others, such as those on one key.
public struct Partition<Model: SequentialModel>: Sendable {
  /// What people call it; empty where there is only one.
  public var name: String
  /// Its operations, in any order.
  public var operations: [Operation<Model.Action, Model.Response>]

  /// A partition.
  public init(name: String, operations: [Operation<Model.Action, Model.Response>]) {
    self.name = name
    self.operations = operations
  }
}

/// Judges whether histories are linearizable.
///
/// The verdict is exact: `unknown` where the limits are reached, and never a guess. Operations on
/// different keys may be judged apart, because linearizability is local (Herlihy and Wing, 1990).
public struct Checker<Model: SequentialModel> {
  /// What is judged against.
  public var model: Model
  /// What a check may use.
  public var limits: Limits
  /// Whether a violation is shrunk and explained. Without that the verdict costs less.
  public var explains: Bool

  /// A checker.
  public init(model: Model, limits: Limits = Limits(), explains: Bool = true) {
    self.model = model
    self.limits = limits
    self.explains = explains
  }

  /// Judges a history as one whole.
  public func check(_ history: History<Model.Action, Model.Response>) -> Judgement {
    check([Partition(name: "", operations: history.operations)])
  }

  /// Judges partitions, in turns.
  ///
  /// - Parameter progress: is told how far the check is, after every turn.
  public func check(
    _ partitions: [Partition<Model>], progress: @escaping (Progress) -> Void = { _ in }
  ) -> Judgement {
    let operations = partitions.reduce(0) { $0 + $1.operations.count }
    var turns = Turns(
      partitions.map { PartitionCheck(model, $0) }, limits: limits, explains: explains,
      progress: progress)
    return turns.judge(operations: operations)
  }
}

/// The check of one partition: its witness first, then the search.
final class PartitionCheck<Model: SequentialModel>: PartitionTurn {
  let name: String
  private let model: Model
  private var operations: [Operation<Model.Action, Model.Response>]
  private var search: Search<Model>?
  private(set) var cost = (steps: 0, configurations: 0, isWitnessed: false)

  init(_ model: Model, _ partition: Partition<Model>) {
    self.model = model
    name = partition.name
    operations = partition.operations
  }

  var bytes: Int { search?.bytes ?? 0 }

  func advance(steps: Int, memory: Int) -> TurnStanding {
    if search == nil {
      let narrowed = model.narrowed(by: operations)
      let layout = Layout(operations, narrowed)
      operations = []
      if layout.isWitnessed(by: narrowed) {
        cost = (layout.completed.count, 0, true)
        return .linearizable
      }
      search = Search(narrowed, layout)
    }
    let standing = search?.advance(steps: steps, memory: memory)
    cost.steps = search?.steps ?? 0
    cost.configurations = search?.configurations ?? 0
    switch standing {
    case .linearizable, nil: return .linearizable
    case .notLinearizable: return .notLinearizable
    case .paused: return .paused
    case .outOfMemory: return .outOfMemory
    }
  }

  func release() {
    operations = []
    search = nil
  }

  func explain() -> Explanation {
    guard let search else { preconditionFailure("a partition is explained after its search") }
    var explainer = Explainer(model, search)
    return explainer.explain(name)
  }
}
