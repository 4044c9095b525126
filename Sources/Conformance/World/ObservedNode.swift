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
  /// The configuration in force; `nil` where the node does not tell.
  var configuration: WireConfiguration?
  /// The last entry that its snapshot covers; 0@0 for none.
  var snapshot: LogPosition = .zero
  /// The position before the first entry of `log`.
  var base: LogPosition = .zero
  /// The entries that the log still holds, from `firstIndex` on.
  var log: [WireEntry] = []
  /// The snapshot that the state machine of this life began from, or was last replaced by.
  var restored: WireSnapshot?
  /// Everything handed to the state machine since then, in order.
  var applied: [AppliedEntry] = []

  init(name: NodeName, id: ServerID) {
    self.name = name
    self.id = id
  }

  var firstIndex: LogIndex { base.index.next }

  var lastIndex: LogIndex { base.index + log.count }

  var lastPosition: LogPosition {
    log.last.map { LogPosition(index: lastIndex, term: $0.term) } ?? base
  }

  var appliedIndex: LogIndex { applied.last?.position.index ?? restored?.position.index ?? .zero }

  var isRunning: Bool { status == .running }

  var leads: Bool { isRunning && role == .leader }

  /// The commands that the state machine holds, in order.
  var ledger: [LedgerCommand] {
    (restored?.commands ?? []).map { LedgerCommand(term: nil, data: $0) }
      + applied.lazy.filter { $0.kind == .command }
      .map { LedgerCommand(term: $0.position.term, data: $0.data) }
  }

  func entry(at index: LogIndex) -> WireEntry? {
    guard index > base.index, index <= lastIndex else { return nil }
    return log[index - base.index - 1]
  }

  func term(at index: LogIndex) -> Term? {
    index == base.index ? base.term : entry(at: index)?.term
  }

  /// What the entry at this index is for, as far as the log or what was applied tells.
  func kind(at index: LogIndex) -> EntryKind? {
    entry(at: index)?.kind ?? applied.first { $0.position.index == index }?.kind
  }

  /// The position of the entry with this payload, if the log holds it or it was applied.
  func position(of data: [UInt8]) -> LogPosition? {
    if let offset = log.lastIndex(where: { $0.kind == .command && $0.data == data }) {
      return LogPosition(index: base.index + (offset + 1), term: log[offset].term)
    }
    return applied.last { $0.kind == .command && $0.data == data }?.position
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
    if let configuration = delta.configuration { self.configuration = configuration }
    if let snapshot = delta.snapshot { self.snapshot = snapshot }
    if let from = delta.truncatedFrom {
      guard from > base.index, from <= lastIndex.next else {
        return "truncatedFrom \(from.rawValue) lies outside a log from \(firstIndex.rawValue) to "
          + "\(lastIndex.rawValue)"
      }
      log.removeSubrange((from - base.index - 1)...)
    }
    if let first = delta.firstIndex, let complaint = discard(before: first, delta) {
      return complaint
    }
    log.append(contentsOf: delta.appended)
    if let restored = delta.restored {
      self.restored = restored
      applied.removeAll()
    }
    applied.append(contentsOf: delta.applied)
    return nil
  }

  /// The log begins at `first` from now on.
  private mutating func discard(before first: LogIndex, _ delta: StateDelta) -> String? {
    guard first >= firstIndex else {
      return "firstIndex \(first.rawValue) lies before the first entry that the log still had, "
        + "\(firstIndex.rawValue)"
    }
    let last = LogIndex(first.rawValue - 1)
    let shown = [delta.restored?.position, delta.snapshot].compactMap { $0 }
    let term = shown.first { $0.index == last }?.term ?? term(at: last) ?? .zero
    log.removeFirst(min(log.count, first - firstIndex))
    base = LogPosition(index: last, term: term)
    return nil
  }
}

/// A command that a state machine holds.
struct LedgerCommand: Equatable {
  /// The term of its entry; `nil` where it came with a snapshot.
  var term: Term?
  var data: [UInt8]
}
