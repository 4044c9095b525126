import RaftTypes

extension Node {
  /// Whether this server may start an election: a voter that does not lead, and can write.
  ///
  /// A term that no other can follow ends elections; only a forged message brings a server there.
  var canCampaign: Bool {
    guard mayHaveToLead, currentTerm.rawValue < .max else { return false }
    if isStorageFull || isInstalling || standing != .sound { return false }
    if case .leader = state { return false }
    return true
  }

  /// The election timer has run out, or is told to have.
  @usableFromInline
  mutating func electionTimedOut(into effects: inout Effects) {
    guard canCampaign else {
      effects.outcome = .blocked
      return
    }
    if settings.preVote {
      startPreVote(into: &effects)
    } else {
      startElection(disrupt: false, into: &effects)
    }
  }

  /// Starts an election without a pre-vote.
  @usableFromInline
  mutating func campaign(into effects: inout Effects) {
    if canCampaign {
      startElection(disrupt: false, into: &effects)
    } else {
      effects.outcome = .blocked
    }
  }

  /// Asks all voters whether they would vote for this server in the next term.
  ///
  /// - Source: thesis, §9.6.
  private mutating func startPreVote(into effects: inout Effects) {
    timers.startElectionTimer()
    state = .preCandidate(CandidateState(granted: noVotes))
    let request = RequestVote(lastLogIndex: log.lastIndex, lastLogTerm: log.lastTerm)
    askVoters(.preVote(request), in: currentTerm.next, into: &effects)
    // Its own consent is no promise to keep, so it counts at once.
    grantPreVote(of: id, into: &effects)
  }

  /// §5.2: increments the term, votes for itself, resets the timer and asks all voters.
  ///
  /// The requests leave once the term and the vote are durable, and the own vote counts then.
  mutating func startElection(disrupt: Bool, into effects: inout Effects) {
    timers.startElectionTimer()
    failForwardedReads(into: &effects)
    hardState = HardState(term: currentTerm.next, votedFor: id)
    effects.hardState = hardState
    state = .candidate(CandidateState(granted: noVotes))
    let request = RequestVote(
      lastLogIndex: log.lastIndex, lastLogTerm: log.lastTerm, disrupt: disrupt)
    askVoters(.requestVote(request), in: currentTerm, into: &effects)
  }

  /// A hard state is durable: the own vote counts if it is the one that this election needs.
  @usableFromInline
  mutating func hardStatePersisted(_ persisted: HardState, into effects: inout Effects) {
    guard persisted.term == currentTerm, persisted.votedFor == id else { return }
    countVote(of: id, into: &effects)
  }

  /// A vote for this server in the current term. Votes from outside the configuration and repeated
  /// ones count for nothing, and so do votes that come after the election.
  mutating func countVote(of voter: ServerID, into effects: inout Effects) {
    guard case .candidate(var election) = state, let number = quorum.number(of: voter) else {
      return
    }
    election.granted[number] = true
    state = .candidate(election)
    if quorum.isReached({ election.granted[$0] }) { becomeLeader(into: &effects) }
  }

  /// A granted pre-vote, if it answers the pre-vote under way.
  mutating func countPreVote(of message: Message, into effects: inout Effects) {
    guard message.term == currentTerm.next else { return }
    grantPreVote(of: message.from, into: &effects)
  }

  private mutating func grantPreVote(of voter: ServerID, into effects: inout Effects) {
    guard case .preCandidate(var survey) = state, let number = quorum.number(of: voter) else {
      return
    }
    survey.granted[number] = true
    state = .preCandidate(survey)
    if quorum.isReached({ survey.granted[$0] }) { startElection(disrupt: false, into: &effects) }
  }

  /// Thesis, §3.10: the leader hands over, so the election starts at once, and voters are to grant
  /// their votes although they hear a leader.
  mutating func receiveTimeoutNow(from sender: ServerID, into effects: inout Effects) {
    guard case .follower(let follower) = state, follower.leader == sender, canCampaign else {
      return
    }
    startElection(disrupt: true, into: &effects)
  }

  var noVotes: [Bool] { Array(repeating: false, count: quorum.servers.count) }

  private func askVoters(_ body: MessageBody, in term: Term, into effects: inout Effects) {
    for number in quorum.servers.indices where number != ownNumber && quorum.counts(number) {
      effects.messages.append(
        Message(from: id, to: quorum.servers[number], term: term, body: body))
    }
  }

  /// §5.2: the winner leads. It appends an entry without content, so that what earlier terms left
  /// behind commits with it (§5.4.2), and its followers hear of it with the next flush.
  private mutating func becomeLeader(into effects: inout Effects) {
    let next = log.lastIndex.next
    let maxInflight = settings.maxInflightAppends
    var progress = quorum.servers.map { _ in Progress(next: next, maxInflight: maxInflight) }
    if let ownNumber {
      progress[ownNumber] = Progress(match: durable.index, next: next, maxInflight: maxInflight)
    }
    state = .leader(LeaderState(progress: progress))
    incoming = nil
    // Its commitment opens the term's reads, and lets a change go on that an earlier leader began.
    watchedCommit = next
    appendOwn(count: 1, source: .internalEntry, into: &effects)
  }
}
