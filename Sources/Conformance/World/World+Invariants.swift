import AdapterProtocol
import RaftInvariants
import RaftTypes

/// What the invariants are told, and when: the changes of a node's state in an order that a correct
/// node could have made them in, then the messages that left after them.
extension World {
  mutating func observeBirth(of node: ObservedNode, isFirstLife: Bool) {
    let hardState = HardState(term: node.term, votedFor: node.votedFor.map { id(of: $0) })
    let log = node.log.map { observed($0) }
    let snapshot: ObservedSnapshot? =
      if let restored = node.restored, restored.position == node.snapshot {
        observed(restored)
      } else if node.snapshot == .zero {
        nil
      } else {
        ObservedSnapshot(node.snapshot)
      }
    if isFirstLife {
      checker.observe(
        .booted(
          node.id, hardState, configuration: firstConfiguration, snapshot: snapshot,
          first: node.firstIndex, log: log, commit: node.commitIndex))
    } else {
      checker.observe(
        .restarted(
          node.id, hardState, snapshot: snapshot, first: node.firstIndex, log: log))
    }
    if let restored = node.restored { checker.observe(.restored(node.id, observed(restored))) }
    if !isFirstLife, node.commitIndex > .zero {
      checker.observe(.committed(node.id, node.commitIndex))
    }
    observe(applied: node.applied, by: node.id)
    observeConfiguration(of: node)
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
    if let restored = delta.restored {
      observeSnapshot(delta, of: id)
      checker.observe(.restored(id, observed(restored)))
    }
    if !delta.appended.isEmpty {
      let first = LogIndex(node.lastIndex.rawValue + 1 - UInt64(delta.appended.count))
      checker.observe(
        .appended(id, first: first, entries: delta.appended.map { observed($0) }))
    }
    if let commit = delta.commitIndex { checker.observe(.committed(id, commit)) }
    observe(applied: delta.applied, by: id)
    if delta.restored == nil { observeSnapshot(delta, of: id) }
    if delta.configuration != nil { observeConfiguration(of: node) }
    switch delta.status {
    case .crashed: checker.observe(.crashed(id))
    case .halted: checker.observe(.halted(id))
    case .running, nil: break
    }
  }

  private mutating func observeSnapshot(_ delta: StateDelta, of id: ServerID) {
    if let snapshot = delta.snapshot { checker.observe(.snapshotStored(id, snapshot)) }
    if let first = delta.firstIndex { checker.observe(.compacted(id, first: first)) }
  }

  private mutating func observeConfiguration(of node: ObservedNode) {
    guard let configuration = node.configuration else { return }
    checker.observe(.configurationChanged(node.id, self.configuration(configuration)))
  }

  private mutating func observe(applied: [AppliedEntry], by id: ServerID) {
    for entry in applied {
      let observed = ObservedEntry(
        term: entry.position.term, kind: entry.kind,
        payload: payload(entry.data, entry.configuration))
      checker.observe(.applied(id, entry.position, observed))
    }
  }

  mutating func observe(sent message: WireMessage, from: NodeName, to: NodeName) {
    guard let observed = observed(message) else { return }
    checker.observe(.sent(from: id(of: from), to: id(of: to), observed))
  }

  mutating func observe(received message: WireMessage, by node: NodeName, from: NodeName) {
    guard let observed = observed(message) else { return }
    checker.observe(.received(by: id(of: node), from: id(of: from), observed))
  }

  // MARK: Translation

  /// A configuration by the numbers of its servers.
  func configuration(_ wire: WireConfiguration) -> Configuration {
    func ids(_ names: [NodeName]) -> [ServerID] { names.map { id(of: $0) } }
    return Configuration(
      voters: ids(wire.voters), outgoing: ids(wire.outgoing), learners: ids(wire.learners),
      learnersNext: ids(wire.learnersNext))
  }

  private func payload(_ data: [UInt8], _ configuration: WireConfiguration?) -> [UInt8] {
    configuration.map { self.configuration($0).encoded } ?? data
  }

  private func observed(_ entry: WireEntry) -> ObservedEntry {
    ObservedEntry(
      term: entry.term, kind: entry.kind, payload: payload(entry.data, entry.configuration))
  }

  private func observed(_ snapshot: WireSnapshot) -> ObservedSnapshot {
    ObservedSnapshot(
      snapshot.position, configuration: snapshot.configuration.map { configuration($0) },
      commands: snapshot.commands)
  }

  /// What a message promises or claims; `nil` where it does neither, or where the wire is silent.
  private func observed(_ message: WireMessage) -> ObservedMessage? {
    guard let term = message.term else { return nil }
    switch message.type {
    case .requestVote:
      return .voteRequested(term: term)
    case .requestVoteResponse:
      return message.granted == true ? .voteGranted(term: term) : nil
    case .appendEntries, .heartbeat:
      guard let prevIndex = message.prevLogIndex, let prevTerm = message.prevLogTerm else {
        return nil
      }
      return .appendEntries(
        term: term, prev: LogPosition(index: prevIndex, term: prevTerm),
        entries: (message.entries ?? []).map { observed($0) },
        leaderCommit: message.leaderCommit ?? .zero)
    case .appendEntriesResponse:
      guard message.success == true, let match = message.matchIndex else { return nil }
      return .accepted(term: term, match: match)
    case .installSnapshot:
      guard let position = message.lastIncluded else { return nil }
      let isWhole = message.offset == 0 && message.done == true
      return .installSnapshot(
        term: term,
        ObservedSnapshot(
          position, configuration: message.configuration.map { configuration($0) },
          commands: isWhole ? message.data.flatMap { try? SnapshotBytes.decode($0) } : nil))
    case .installSnapshotResponse:
      guard message.installed == true, let position = message.lastIncluded else { return nil }
      return .snapshotInstalled(term: term, position)
    case .timeoutNow:
      return .timeoutNow(term: term)
    case .preVote, .preVoteResponse, .heartbeatResponse, .readIndex, .readIndexResponse:
      return nil
    }
  }
}
