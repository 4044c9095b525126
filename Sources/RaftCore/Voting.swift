import RaftTypes

extension Node {
  /// Answers a RequestVote of the current term.
  mutating func answerVote(
    _ request: RequestVote, from candidate: ServerID, into effects: inout Effects
  ) {
    // Figure 2: granted if votedFor is null or candidateId, and the log is at least as up to date.
    let isFree = votedFor == nil || votedFor == candidate
    let granted =
      isFree && isTrusted && isUpToDate(request) && !refusesToDisturbLeader(request)
    if granted {
      hardState.votedFor = candidate
      // §5.2: a granted vote resets the election timer; a denied one does not.
      timers.resetElectionTimer()
      // Whoever supports another's election in this term does not prepare one of its own.
      if case .preCandidate = state { becomeFollower(of: currentTerm, into: &effects) }
    }
    send(.requestVoteResponse(VoteResponse(granted: granted)), to: candidate, into: &effects)
  }

  /// Answers whether it would vote for a server in `term`, and changes nothing.
  ///
  /// - Source: thesis, §9.6.
  mutating func answerPreVote(
    _ request: RequestVote, in term: Term, from candidate: ServerID, into effects: inout Effects
  ) {
    let isFree = term > currentTerm || votedFor == nil || votedFor == candidate
    let granted =
      isFree && isTrusted && isUpToDate(request) && (request.disrupt || !keepsToLeader)
    // A grant carries the term asked about, or the sender would take it for an old answer. A denial
    // carries this server's own, which the sender takes over if it is behind.
    let response = Message(
      from: id, to: candidate, term: granted ? term : currentTerm,
      body: .preVoteResponse(VoteResponse(granted: granted)))
    effects.messages.append(response)
  }

  /// Whether a RequestVote is to be refused for the sake of a working leader.
  ///
  /// - Source: thesis, §4.2.3; §6.2 for a leader that checks for its quorum.
  func refusesToDisturbLeader(_ request: RequestVote) -> Bool {
    (settings.checkQuorum || settings.preVote) && !request.disrupt && keepsToLeader
  }

  /// Whether this server has to vote for nobody for the sake of a leader. Where there are leases, it
  /// keeps to one that it heard within the minimum election time-out whatever it has heard since, and
  /// after a restart to one that it may have heard before.
  ///
  /// - Source: thesis, §4.2.3, and §6.4.1 for leases.
  private var keepsToLeader: Bool {
    believesInLeader || (settings.leaseReads && timers.isLeaderRecent)
  }

  /// Whether this server leads, or heard the leader of its term within the minimum election
  /// time-out.
  var believesInLeader: Bool {
    switch state {
    case .follower(let follower): follower.leader != nil && timers.isLeaderRecent
    case .preCandidate, .candidate: false
    case .leader: true
    }
  }

  /// §5.4.1: the log with the higher last term is more up to date; of two with the same last term,
  /// the longer one.
  private func isUpToDate(_ request: RequestVote) -> Bool {
    var own = log.last
    // It votes with the log it claimed to have, which a committed entry may depend on.
    if case .uncertain(let claimed) = standing,
      (claimed.term, claimed.index) > (own.term, own.index)
    {
      own = claimed
    }
    if request.lastLogTerm != own.term { return request.lastLogTerm > own.term }
    return request.lastLogIndex >= own.index
  }
}
