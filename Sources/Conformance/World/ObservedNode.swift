import AdapterProtocol
import RaftTypes

/// What the runner knows of a real node, kept up to date from the deltas of its answers.
struct ObservedNode {
  let name: NodeName
  /// Its number for the invariants: its place among the trace's servers.
  let id: ServerID
  var status: NodeStatus = .running
  var role: NodeRole = .follower
  var term: Term = .zero
  var votedFor: NodeName?
  var leader: NodeName?
  var commitIndex: LogIndex = .zero
  /// The entries from index 1 on.
  var log: [WireEntry] = []
  /// Everything handed to the state machine in this life, in order.
  var applied: [AppliedEntry] = []

  init(name: NodeName, id: ServerID) {
    self.name = name
    self.id = id
  }

  var lastIndex: LogIndex { LogIndex(UInt64(log.count)) }

  var lastPosition: LogPosition { LogPosition(index: lastIndex, term: log.last?.term ?? .zero) }

  var appliedIndex: LogIndex { applied.last?.position.index ?? .zero }

  var isRunning: Bool { status == .running }

  var leads: Bool { isRunning && role == .leader }

  func entry(at index: LogIndex) -> WireEntry? {
    guard index > .zero, index <= lastIndex else { return nil }
    return log[Int(index.rawValue) - 1]
  }

  func term(at index: LogIndex) -> Term? {
    index == .zero ? .zero : entry(at: index)?.term
  }

  /// The position of the entry with this payload, if the log holds it.
  func position(of data: [UInt8]) -> LogPosition? {
    guard let offset = log.lastIndex(where: { $0.kind == .command && $0.data == data }) else {
      return nil
    }
    return LogPosition(index: LogIndex(UInt64(offset + 1)), term: log[offset].term)
  }

  /// Forgets everything but the name: a new life begins.
  mutating func reset() {
    self = ObservedNode(name: name, id: id)
  }

  /// Takes over what changed.
  ///
  /// - Returns: a complaint where the delta does not fit what is known.
  mutating func apply(_ delta: StateDelta) -> String? {
    if let status = delta.status { self.status = status }
    if let role = delta.role { self.role = role }
    if let term = delta.term { self.term = term }
    if let votedFor = delta.votedFor { self.votedFor = votedFor.value }
    if let leader = delta.leader { self.leader = leader.value }
    if let commit = delta.commitIndex { commitIndex = commit }
    if let from = delta.truncatedFrom {
      guard from > .zero, from <= lastIndex.next else {
        return "truncatedFrom \(from.rawValue) lies outside a log of \(log.count) entries"
      }
      log.removeSubrange((Int(from.rawValue) - 1)...)
    }
    log.append(contentsOf: delta.appended)
    applied.append(contentsOf: delta.applied)
    return nil
  }
}
