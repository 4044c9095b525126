import RaftTypes

extension Node {
  /// A write of entries is durable: acknowledges, counts, commits and applies what that allows.
  @usableFromInline
  mutating func appendPersisted(_ ticket: AppendTicket, into effects: inout Effects) {
    guard durable.complete(ticket) else { return }
    acknowledgeDurable(into: &effects)
    asLeader { node, leader in
      guard let own = node.ownNumber else { return }
      leader.progress[own].match = node.durable.index
      node.commitByQuorum(&leader)
    }
    commitWhatIsDurable(into: &effects)
    if commitIndex >= watchedCommit { actOnCommit(into: &effects) }
  }

  /// Whether an entry of the current term is known to be committed.
  var hasCommittedInTerm: Bool { log.term(at: commitIndex) == currentTerm }

  /// Commits what a quorum has durably. The leader is one of it only as far as its own disk is, and
  /// commits without itself if the others suffice.
  ///
  /// - Source: Raft paper, §5.3 and §5.4.2.
  mutating func commitByQuorum(_ leader: inout LeaderState) {
    let reached = quorum.reached { leader.progress[$0].match }
    // §5.4.2: counting replicas commits only entries of the current term; earlier ones go along.
    guard reached > commitIndex, log.term(at: reached) == currentTerm else { return }
    commitIndex = reached
    commitTarget = max(commitTarget, reached)
    if settings.announcesCommits { leader.commitNoticeIsDue() }
  }

  /// Commits what leaders have said is committed, as far as it is durable here, and applies it.
  mutating func commitWhatIsDurable(into effects: inout Effects) {
    commitIndex = max(commitIndex, min(commitTarget, durable.index))
    applyCommitted(into: &effects)
    if standing != .sound { checkStanding(into: &effects) }
  }

  /// §5.3: applies committed entries in order, each once in the life of a node, and none that a
  /// crash could still take away from this server.
  mutating func applyCommitted(into effects: inout Effects) {
    let upTo = min(commitIndex, durable.index)
    guard upTo > lastApplied else { return }
    // A step may commit twice: by an answer, and by the configuration that this commitment makes.
    let first = effects.apply.isEmpty ? lastApplied.next : effects.apply.first
    effects.apply = LogRange(first: first, count: upTo - first + 1)
    lastApplied = upTo
    if clientReads.areWaiting { serveApplied(into: &effects) }
  }
}
