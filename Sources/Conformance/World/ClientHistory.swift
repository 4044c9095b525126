import AdapterProtocol
import Linearizability
import RaftTypes
import TraceFormat

/// A read that a client asked for.
struct ReadRecord {
  /// Its number for the invariants, unique in the run.
  var number: UInt64
  /// The node that was asked.
  var node: NodeName
  /// Its place in the history.
  fileprivate var operation: ClientHistory.Operations.ID?
  /// What it has seen, once it was served.
  var seen: Sight?

  /// What a read has seen.
  struct Sight {
    /// The index that the state machine had applied.
    var index: LogIndex
    /// The commands that it held.
    var ledger: [LedgerCommand]
  }
}

/// What the clients of a run did and were told: proposals append to a list, reads read all of it.
struct ClientHistory {
  typealias Operations = History<ListAction<ListedCommand>, ListResponse<ListedCommand>>

  private var operations = Operations()
  /// The appends that nobody knows the end of, by their payloads.
  private var open: [[UInt8]: Operations.ID] = [:]
  /// What the state machine of each node holds, by the node's place.
  private var ledgers: [ListDigest<ListedCommand>] = []
  private(set) var servedReads = 0
  private(set) var committed = 0
  private var clients: UInt64 = 0
  private var readNumber: UInt64 = 0

  /// Whether there is anything that an order could contradict.
  var hasReads: Bool { servedReads > 0 }

  private mutating func nextClient() -> UInt64 {
    clients += 1
    return clients
  }

  // MARK: Clients

  /// A client proposes a command.
  mutating func propose(_ payload: [UInt8]) {
    open[payload] = operations.invoke(.append(ListedCommand(payload)), by: nextClient())
  }

  /// The command was not taken, and never will be.
  mutating func refuse(_ payload: [UInt8]) {
    if let id = open.removeValue(forKey: payload) { operations.fail(id) }
  }

  /// What became of a command.
  mutating func settle(_ result: ProposalResult) {
    guard result.fate != .unknown, let id = open.removeValue(forKey: result.data) else { return }
    switch result.fate {
    case .committed:
      committed += 1
      operations.complete(id, with: .appended)
    case .lost: operations.fail(id)
    case .unknown: break
    }
  }

  /// A client asks a node for a read.
  mutating func read(at node: NodeName) -> ReadRecord {
    readNumber += 1
    return ReadRecord(
      number: readNumber, node: node, operation: operations.invoke(.read, by: nextClient()))
  }

  /// A read was refused, or given up: it has no effect either way.
  mutating func abandon(_ read: inout ReadRecord) {
    if let id = read.operation { operations.fail(id) }
    read.operation = nil
  }

  /// A read was served from the state machine of the node at this place.
  mutating func complete(_ read: inout ReadRecord, at place: Int) {
    servedReads += 1
    if let id = read.operation { operations.complete(id, with: .digest(ledgers[place])) }
    read.operation = nil
  }

  // MARK: State machines

  /// The state machine of a node begins a life.
  mutating func restart(_ place: Int, _ node: ObservedNode) {
    while ledgers.count <= place { ledgers.append(ListDigest()) }
    ledgers[place] = ListDigest(node.ledger.map { ListedCommand($0.data) })
  }

  /// The state machine of a node goes on.
  mutating func apply(_ delta: StateDelta, at place: Int) {
    if let restored = delta.restored {
      ledgers[place] = ListDigest(restored.commands.map(ListedCommand.init))
    }
    for entry in delta.applied where entry.kind == .command {
      ledgers[place].append(ListedCommand(entry.data))
    }
  }

  // MARK: Judgement

  /// The commands of boot states and of messages written by hand are in state machines without a
  /// client: each counts as proposed before anything else, by nobody who was told of it.
  ///
  /// - Parameter ledger: the longest list that a state machine holds at the end.
  /// - Returns: why no order explains what clients were told; `nil` where one does, or where the
  ///   search was given up.
  func contradiction(ledger: [[UInt8]]) -> String? {
    var proposed: Set<[UInt8]> = []
    for operation in operations.operations {
      if case .append(let command) = operation.action { proposed.insert(command.payload) }
    }
    var all = Operations()
    for payload in ledger where !proposed.contains(payload) {
      _ = all.invoke(.append(ListedCommand(payload)), by: 0)
    }
    // The operations keep their moments, which come after those of the commands without a client.
    let moments = all.operations.count
    var history = all.operations
    for operation in operations.operations { history.append(operation.later(by: moments)) }
    let last = (history.map(\.lastMoment).max() ?? 0) + 1
    history.append(
      Linearizability.Operation(
        client: clients + 1, action: .read, invoked: last,
        outcome: .returned(.list(ledger.map(ListedCommand.init)), at: last + 1)))
    let checker = Checker(
      model: ListModel<ListedCommand>(),
      limits: Linearizability.Limits(
        memoryBytes: Limits.historyBytes, steps: Limits.historySteps))
    let judgement = checker.check([Partition(name: "", operations: history)])
    guard judgement.verdict == .notLinearizable else { return nil }
    return judgement.explanation?.text ?? "no order explains what clients were told"
  }
}

/// A command as an element of a list, which texts show by its name.
struct ListedCommand: Hashable, Sendable, CustomStringConvertible {
  let payload: [UInt8]

  init(_ payload: [UInt8]) { self.payload = payload }

  var description: String { Rendering.payload(payload, names: [:]) }
}

extension Linearizability.Operation {
  /// The same, so many moments later.
  fileprivate func later(by moments: Int) -> Self {
    var copy = self
    copy.invoked += moments
    if case .returned(let response, let moment) = outcome {
      copy.outcome = .returned(response, at: moment + moments)
    }
    return copy
  }

  fileprivate var lastMoment: Int {
    if case .returned(_, let moment) = outcome { return moment }
    return invoked
  }
}

extension ProposalOutcome {
  init(_ fate: ProposalResult.Fate) {
    self =
      switch fate {
      case .committed: .committed
      case .lost: .lost
      case .unknown: .unknown
      }
  }
}
