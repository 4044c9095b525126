import RaftTypes

extension Node {
  /// Takes an AppendEntries of the current term in: checks it, appends what is new, and answers.
  mutating func receiveAppend(
    _ request: AppendEntries, from sender: ServerID, round: UInt64, into effects: inout Effects
  ) {
    guard hearLeader(sender, round: round, into: &effects) else { return }
    // The log is about to be replaced: all there is to say is that this server is there.
    if isInstalling { return acknowledge(.zero, to: sender, into: &effects) }
    let previous = request.prevLogIndex

    // What a snapshot covers is committed, so it matches every leader's log; the check starts there.
    var covered = 0
    if previous < log.base.index {
      covered = min(request.entries.count, log.base.index - previous)
    } else if log.term(at: previous) != request.prevLogTerm {
      return refuseAppend(request, from: sender, into: &effects)
    }
    guard isPlausible(request) else { return }

    let count = request.entries.count
    let matched = covered + log.matching(request.entries, from: covered, after: previous)
    if matched < count {
      guard append(request, from: matched, into: &effects) else { return }
    }
    acceptAppend(request, from: sender, into: &effects)
  }

  /// Recognises the sender as the leader of the current term.
  ///
  /// - Returns: `false` if this server leads itself, or knows another leader of this term. Either
  ///   would be a second leader of one term: the message is not one of Raft's.
  mutating func hearLeader(
    _ sender: ServerID, round: UInt64, into effects: inout Effects
  ) -> Bool {
    switch state {
    case .follower(var follower):
      if follower.leader == nil || round > follower.round {
        guard follower.leader == nil || follower.leader == sender else { return false }
        follower.leader = sender
        follower.round = max(follower.round, round)
        state = .follower(follower)
      } else if follower.leader != sender {
        return false
      }
    case .preCandidate, .candidate:
      // §5.2: a candidate that hears the leader of its own term returns to follower.
      becomeFollower(of: currentTerm, leader: sender, round: round, into: &effects)
    case .leader:
      return false
    }
    timers.heardLeader()
    return true
  }

  /// Whether the entries can be a leader's: their terms start at the previous entry's, never fall,
  /// never exceed the leader's own, and their positions exist. Changes nothing.
  private mutating func isPlausible(_ request: AppendEntries) -> Bool {
    let entries = request.entries
    if entries.isEmpty { return true }
    if !entries.configurations.isEmpty, !hasPlausibleConfigurations(entries) { return false }
    let room = Self.maxIndex - min(request.prevLogIndex, Self.maxIndex)
    guard entries.count > 0, entries.count <= room else { return false }
    if let term = entries.singleTerm {
      return term > .zero && term >= request.prevLogTerm && term <= currentTerm
    }
    var last = max(request.prevLogTerm, Term(1))
    for run in entries.runs {
      guard run.term >= last else { return false }
      last = run.term
    }
    return last <= currentTerm
  }

  private func hasPlausibleConfigurations(_ entries: EntrySpan) -> Bool {
    var next = 0
    for entry in entries.configurations {
      guard entry.offset >= next, entry.offset < entries.count, entry.configuration.isPlausible
      else { return false }
      next = entry.offset + 1
    }
    return true
  }

  /// Appends the entries from the offset `skip` on, and cuts what conflicts with the first of them.
  ///
  /// - Returns: `false` if that would cut a committed entry. Leader Completeness (§5.4.3) rules it
  ///   out, so the sender breaks Raft: the message is ignored.
  private mutating func append(
    _ request: AppendEntries, from skip: Int, into effects: inout Effects
  ) -> Bool {
    let keep = request.prevLogIndex + skip
    // §5.3: a conflicting entry goes, and all that follow it. Entries that match stay, or a message
    // that was delayed would cut off what came after it.
    let truncates = keep < log.lastIndex
    if isStorageFull { return false }
    if truncates {
      guard keep >= commitTarget, keep >= commitIndex else { return false }
      log.truncate(after: keep)
      configurations.truncate(after: keep)
      durable.cut(after: keep)
      forgetVerified(after: keep)
    }
    log.append(request.entries, from: skip)
    if !request.entries.configurations.isEmpty { appendConfigurations(of: request, from: skip) }
    if truncates || !request.entries.configurations.isEmpty { useLatestConfiguration() }
    announceAppend(
      from: keep.next, source: .message(skip: skip), truncates: truncates, into: &effects)
    return true
  }

  /// The leader contradicts what it said before; only a forged message gets here.
  private mutating func forgetVerified(after keep: LogIndex) {
    guard case .follower(var follower) = state else { return }
    follower.verified = min(follower.verified, keep)
    follower.acknowledged = min(follower.acknowledged, keep)
    state = .follower(follower)
  }

  /// The log equals the leader's up to the request's last entry: commits, and acknowledges.
  ///
  /// The answer waits for the disk if the entries do. Without entries it is given at once, for what
  /// is durable: it tells the leader that this server is there.
  private mutating func acceptAppend(
    _ request: AppendEntries, from sender: ServerID, into effects: inout Effects
  ) {
    let through = request.prevLogIndex + request.entries.count
    // Figure 2: min(leaderCommit, index of last new entry); what lies after it is not verified.
    commitTarget = max(commitTarget, min(request.leaderCommit, through))
    commitWhatIsDurable(into: &effects)

    guard case .follower(var follower) = state else { return }
    follower.verified = max(follower.verified, through)
    if request.entries.isEmpty || through <= durable.index {
      let match = min(through, durable.index)
      follower.acknowledged = max(follower.acknowledged, match)
      state = .follower(follower)
      acknowledge(match, to: sender, into: &effects)
    } else {
      state = .follower(follower)
    }
    if standing != .sound { checkStanding(into: &effects) }
  }

  /// Tells the leader that the log equals its own, durably, up to `match`.
  private mutating func acknowledge(
    _ match: LogIndex, to leader: ServerID, into effects: inout Effects
  ) {
    answerLeader(.accepted(match: match), to: leader, into: &effects)
  }

  /// Answers an AppendEntries, in the highest round of the leader that was heard of.
  private mutating func answerLeader(
    _ response: AppendEntriesResponse, to leader: ServerID, into effects: inout Effects
  ) {
    guard case .follower(let follower) = state else { return }
    effects.messages.append(
      Message(
        from: id, to: leader, term: currentTerm, body: .appendEntriesResponse(response),
        round: follower.round))
  }

  /// Acknowledges what has become durable of the log that the leader of this term verified.
  mutating func acknowledgeDurable(into effects: inout Effects) {
    guard case .follower(var follower) = state, let leader = follower.leader else { return }
    let match = min(follower.verified, durable.index)
    guard match > follower.acknowledged else { return }
    follower.acknowledged = match
    state = .follower(follower)
    acknowledge(match, to: leader, into: &effects)
    if standing != .sound { checkStanding(into: &effects) }
  }

  /// Refuses entries that do not follow on the log, with the place where the logs may still match.
  private mutating func refuseAppend(
    _ request: AppendEntries, from sender: ServerID, into effects: inout Effects
  ) {
    let previous = request.prevLogIndex
    // A committed entry can't conflict with a leader's (§5.4.3): the message is ignored.
    guard previous > commitIndex, previous > commitTarget else { return }
    let hint = log.lastPosition(upTo: previous, termAtMost: request.prevLogTerm)
    answerLeader(.rejected(prevLogIndex: previous, hint: hint), to: sender, into: &effects)
  }
}
