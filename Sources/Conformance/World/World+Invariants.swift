import AdapterProtocol
import RaftInvariants
import RaftTypes

/// What the invariants are told, and when: the changes of a node's state in an order that a correct
/// node could have made them in, then the messages that left after them.
extension World {
  mutating func observeBirth(of node: ObservedNode, isFirstLife: Bool) {
    let hardState = HardState(term: node.term, votedFor: node.votedFor.map { id(of: $0) })
    let log = node.log.map(ObservedEntry.init)
    if isFirstLife {
      checker.observe(.booted(node.id, hardState, log: log, commit: node.commitIndex))
    } else {
      checker.observe(.restarted(node.id, hardState, log: log))
      if node.commitIndex > .zero { checker.observe(.committed(node.id, node.commitIndex)) }
    }
    observe(applied: node.applied, by: node.id)
  }

  mutating func observe(_ delta: StateDelta, of node: ObservedNode, before: ObservedNode) {
    let id = node.id
    if let term = delta.term { checker.observe(.termChanged(id, term)) }
    if let votedFor = delta.votedFor {
      checker.observe(.voted(id, for: votedFor.value.map { self.id(of: $0) }, term: node.term))
    }
    if node.role != before.role || node.term != before.term {
      checker.observe(.roleChanged(id, node.role, term: node.term))
    }
    if let from = delta.truncatedFrom { checker.observe(.truncated(id, from: from)) }
    if !delta.appended.isEmpty {
      let first = LogIndex(UInt64(node.log.count - delta.appended.count + 1))
      checker.observe(
        .appended(id, first: first, entries: delta.appended.map(ObservedEntry.init)))
    }
    if let commit = delta.commitIndex { checker.observe(.committed(id, commit)) }
    observe(applied: delta.applied, by: id)
    switch delta.status {
    case .crashed: checker.observe(.crashed(id))
    case .halted: checker.observe(.halted(id))
    case .running, nil: break
    }
  }

  private mutating func observe(applied: [AppliedEntry], by id: ServerID) {
    for entry in applied {
      let observed = ObservedEntry(
        term: entry.position.term, kind: entry.kind, payload: entry.data)
      checker.observe(.applied(id, entry.position, observed))
    }
  }

  mutating func observe(sent message: WireMessage, from: NodeName, to: NodeName) {
    guard let observed = ObservedMessage(message) else { return }
    checker.observe(.sent(from: id(of: from), to: id(of: to), observed))
  }

  mutating func observe(received message: WireMessage, by node: NodeName, from: NodeName) {
    guard let observed = ObservedMessage(message) else { return }
    checker.observe(.received(by: id(of: node), from: id(of: from), observed))
  }
}

extension ObservedEntry {
  init(_ entry: WireEntry) {
    self.init(term: entry.term, kind: entry.kind, payload: entry.data)
  }
}

extension ObservedMessage {
  /// What a message promises or claims; `nil` where it does neither, or where the wire is silent.
  init?(_ message: WireMessage) {
    guard let term = message.term else { return nil }
    switch message.type {
    case .requestVote:
      self = .voteRequested(term: term)
    case .requestVoteResponse:
      guard message.granted == true else { return nil }
      self = .voteGranted(term: term)
    case .appendEntries, .heartbeat:
      guard let prevIndex = message.prevLogIndex, let prevTerm = message.prevLogTerm else {
        return nil
      }
      self = .appendEntries(
        term: term, prev: LogPosition(index: prevIndex, term: prevTerm),
        entries: (message.entries ?? []).map(ObservedEntry.init),
        leaderCommit: message.leaderCommit ?? .zero)
    case .appendEntriesResponse:
      guard message.success == true, let match = message.matchIndex else { return nil }
      self = .accepted(term: term, match: match)
    case .preVote, .preVoteResponse, .heartbeatResponse, .installSnapshot,
      .installSnapshotResponse, .timeoutNow:
      return nil
    }
  }
}
