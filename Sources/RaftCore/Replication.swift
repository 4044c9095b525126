import RaftTypes

extension Node {
  /// Appends `count` commands if this node leads; its followers get them with the next flush.
  @usableFromInline
  mutating func propose(count: Int, into effects: inout Effects) {
    precondition(count > 0, "a proposal has at least one command")
    guard case .leader = state else {
      effects.outcome = .notLeader(leader)
      return
    }
    if handover != nil {
      effects.outcome = .refused(.transferring)
      return
    }
    appendOwn(count: count, source: .proposal, into: &effects)
    effects.outcome = .accepted
  }

  /// Appends entries of the leader's own term.
  mutating func appendOwn(count: Int, source: Append.Source, into effects: inout Effects) {
    let first = log.lastIndex.next
    log.append(term: currentTerm, count: count)
    announceAppend(from: first, source: source, truncates: false, into: &effects)
  }

  /// Announces the write of everything from `first` on.
  mutating func announceAppend(
    from first: LogIndex, source: Append.Source, truncates: Bool, into effects: inout Effects
  ) {
    let last = log.lastIndex
    effects.append = Append(
      range: LogRange(first: first, count: last - first + 1), ticket: durable.announce(upTo: last),
      source: source, truncates: truncates)
  }

  /// Takes a follower's answer in.
  mutating func receiveAppendResponse(
    _ response: AppendEntriesResponse, from server: ServerID, round: UInt64,
    into effects: inout Effects
  ) {
    // §6: servers outside the configuration are answered, and never counted.
    guard let number = quorum.number(of: server), number != ownNumber else { return }
    asLeader { node, leader in
      if node.record(response, in: &leader.progress[number]) { node.commitByQuorum(&leader) }
      if round > leader.progress[number].round {
        node.recordRound(round, of: number, &leader, into: &effects)
      }
    }
    applyCommitted(into: &effects)
    if commitIndex >= watchedCommit { actOnCommit(into: &effects) }
    if handover != nil { continueHandover(into: &effects) }
  }

  /// Records a follower's answer; of the node itself it changes nothing.
  ///
  /// - Returns: whether it may let an entry commit: the follower has more than is committed.
  private mutating func record(
    _ response: AppendEntriesResponse, in progress: inout Progress
  ) -> Bool {
    progress.isActive = true
    switch response {
    case .accepted(let match):
      // No follower has more of this leader's log than there is.
      guard match <= log.lastIndex else { return false }
      return accept(match, of: &progress) && match > commitIndex
    case .rejected(let prevLogIndex, let hint):
      if progress.state == .snapshot, prevLogIndex == log.base.index { progress.missPart() }
      guard progress.expectsRejection(of: prevLogIndex) else { return false }
      // §5.3: back past all of a term at once. The hint is only ever a place to look: what matches
      // is what a follower accepts.
      let below = min(hint.index, prevLogIndex.previous)
      let candidate = log.lastPosition(upTo: below, termAtMost: hint.term)
      progress.reject(prevLogIndex, tryAfter: candidate.index)
      // Not even the entry that the log begins after is there.
      if prevLogIndex == log.base.index { progress.needSnapshot(base: log.base.index) }
      return false
    }
  }

  /// §5.2: the heartbeat interval has ended; every follower hears from the leader with the flush.
  @usableFromInline
  mutating func heartbeatTimedOut() {
    asLeader { node, leader in node.heartbeatIsDue(&leader) }
  }

  /// Sends what the steps since the last flush made ready.
  @usableFromInline
  mutating func flush(into effects: inout Effects) {
    asLeader { node, leader in
      if leader.reads.areUnassigned { node.startRound(&leader, into: &effects) }
      for number in leader.progress.indices where number != node.ownNumber {
        node.sendEntries(
          to: node.quorum.servers[number], &leader.progress[number], round: leader.reads.round,
          into: &effects)
      }
    }
  }

  /// Sends a server the entries it is to get now; if there are none, a message that is owed.
  ///
  /// Every message, empty ones too, names the position before `next` and so has the follower check
  /// it. That makes a heartbeat the probe of last resort: a follower that lost a message refuses
  /// the next heartbeat, and one whose answer was lost answers again.
  ///
  /// Of the node itself it changes nothing.
  private mutating func sendEntries(
    to server: ServerID, _ progress: inout Progress, round: UInt64, into effects: inout Effects
  ) {
    if progress.next <= log.base.index {
      return sendSnapshot(to: server, &progress, round: round, into: &effects)
    }
    while progress.next <= log.lastIndex, progress.mayAppend {
      let left = log.lastIndex - progress.next + 1
      let count = min(left, settings.maxEntriesPerAppend)
      let entries = span(from: progress.next, count: count)
      sendAppend(to: server, from: progress.next, entries, round: round, into: &effects)
      progress.sent(count)
    }
    if progress.owesMessage {
      sendAppend(to: server, from: progress.next, EntrySpan(), round: round, into: &effects)
      progress.owesMessage = false
    }
  }

  /// The entries from `first` on, `count` of them, with the configurations among them.
  private func span(from first: LogIndex, count: Int) -> EntrySpan {
    let span = log.span(from: first, count: count)
    if configurations.latestIndex < first { return span }
    let among = configurations.among(count, from: first)
    return among.isEmpty ? span : EntrySpan(runs: span.runs, configurations: among)
  }

  mutating func sendAppend(
    to server: ServerID, from next: LogIndex, _ entries: EntrySpan, round: UInt64,
    into effects: inout Effects
  ) {
    let previous = next.previous
    guard let previousTerm = log.term(at: previous) else {
      preconditionFailure("nextIndex lies outside the log")
    }
    let request = AppendEntries(
      prevLogIndex: previous, prevLogTerm: previousTerm, entries: entries,
      leaderCommit: commitIndex)
    effects.messages.append(
      Message(
        from: id, to: server, term: currentTerm, body: .appendEntries(request), round: round))
  }
}

extension Node {
  /// Every server is owed a message; with a lease to renew, in a new round.
  func heartbeatIsDue(_ leader: inout LeaderState) {
    leader.heartbeatIsDue()
    if settings.leaseReads { leader.reads.startLeaseRound(limit: settings.electionTicks) }
  }
}

extension LeaderState {
  /// Every server is owed a message.
  mutating func heartbeatIsDue() {
    heartbeatElapsed = 0
    for number in 0..<progress.count { progress[number].owesMessage = true }
  }

  /// The commit index rose: followers that keep up are owed the news.
  mutating func commitNoticeIsDue() {
    for number in 0..<progress.count where progress[number].state == .replicate {
      progress[number].owesMessage = true
    }
  }
}
