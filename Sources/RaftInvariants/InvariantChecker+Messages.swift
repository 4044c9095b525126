import RaftTypes

/// What messages claim and promise.
extension InvariantChecker {
  /// The last index that a message may name for its entries to be looked at: far above any log, and
  /// far enough below the end of the integers for sums.
  private static var indexLimit: UInt64 { 1 << 62 }

  mutating func send(_ message: ObservedMessage, from place: Int, to receiver: ServerID) {
    settle()
    switch message {
    case .voteRequested(let term):
      expose(term, place)
      servers[place].promises.exist = true
      oneVotePerTerm.tell(&servers[place], servers[place].id, in: term, &findings)
    case .voteGranted(let term):
      expose(term, place)
      servers[place].promises.exist = true
      oneVotePerTerm.tell(&servers[place], receiver, in: term, &findings)
    case .appendEntries(let term, let prev, let entries, let leaderCommit):
      expose(term, place)
      lead(term, prev, entries, by: place, isPeer: false)
      if observing.contains(.commits) {
        stateMachineSafety.announces(leaderCommit, by: servers[place], &findings)
      }
    case .accepted(let term, let match):
      expose(term, place)
      durableAcknowledgement.accept(
        &servers[place], match, in: term, seesLog: seesLogs, &findings)
    case .installSnapshot(let term, let snapshot):
      expose(term, place)
      offer(snapshot, to: receiver)
      electionSafety.leads(servers[place].id, term, &findings)
      if observing.contains(.commits), snapshot.position.index > servers[place].commitIndex,
        snapshot.position.index > servers[place].snapshot.index
      {
        snapshotPrefix.announces(snapshot.position, by: servers[place], &findings)
      }
      show(snapshot, by: place)
    case .snapshotInstalled(let term, let position):
      expose(term, place)
      durableAcknowledgement.accept(
        &servers[place], position.index, in: term, seesLog: seesLogs, &findings)
    case .timeoutNow(let term):
      expose(term, place)
      electionSafety.leads(servers[place].id, term, &findings)
    }
  }

  /// What a message offers to a server, it may store without having applied it.
  private mutating func offer(_ snapshot: ObservedSnapshot, to receiver: ServerID) {
    let place = place(of: receiver)
    servers[place].offered.insert(snapshot.position)
  }

  mutating func receive(_ message: ObservedMessage, by receiver: ServerID, from peer: Int) {
    settle()
    if case .installSnapshot(_, let snapshot) = message { offer(snapshot, to: receiver) }
    guard trustsPeers else { return }
    switch message {
    case .voteRequested(let term):
      oneVotePerTerm.tell(&servers[peer], servers[peer].id, in: term, &findings)
    case .voteGranted(let term):
      oneVotePerTerm.tell(&servers[peer], receiver, in: term, &findings)
    case .appendEntries(let term, let prev, let entries, leaderCommit: _):
      lead(term, prev, entries, by: peer, isPeer: true)
    case .accepted:
      // A peer's log is not observed: there is nothing to hold its acknowledgement against.
      break
    case .installSnapshot(let term, let snapshot):
      electionSafety.leads(servers[peer].id, term, &findings)
      guard snapshot.position.index.rawValue < Self.indexLimit else { return }
      leaderCompleteness.verify(
        snapshot.position, nil, shownBy: servers[peer], leads: term, facts, &findings)
      show(snapshot, by: peer)
    case .snapshotInstalled:
      break
    case .timeoutNow(let term):
      electionSafety.leads(servers[peer].id, term, &findings)
    }
  }

  /// Its term is known to others from now on.
  private mutating func expose(_ term: Term, _ place: Int) {
    servers[place].exposedTerm = max(servers[place].exposedTerm, term)
  }

  /// AppendEntries shows a leader and a piece of its log. An observed leader's log was compared
  /// with the committed entries as a whole; of a peer's, only this is ever seen.
  private mutating func lead(
    _ term: Term, _ prev: LogPosition, _ entries: [ObservedEntry], by place: Int, isPeer: Bool
  ) {
    let id = servers[place].id
    electionSafety.leads(id, term, &findings)
    guard prev.index.rawValue < Self.indexLimit else { return }
    contiguousIndices.compareTerms(
      of: entries, after: prev, atMost: term, shownBy: id, &findings)
    if isPeer {
      leaderCompleteness.verify(
        prev, nil, shownBy: servers[place], leads: term, facts, &findings)
    }
    var before = prev
    for entry in entries {
      let position = LogPosition(index: before.index.next, term: entry.term)
      let number = logMatching.enter(
        entry, at: position.index, after: before.term, by: id, &facts.ledger, &findings)
      if isPeer {
        leaderCompleteness.verify(
          position, number, shownBy: servers[place], leads: term, facts, &findings)
      }
      before = position
    }
  }
}
