import RaftTypes

extension Node {
  /// Takes a message in: compares terms first, then hands it to the handler of its kind.
  @usableFromInline
  mutating func receive(_ message: Message, into effects: inout Effects) {
    // A message to another server, or from this one, is none of Raft's.
    guard message.to == id, message.from != id else { return }
    let before = hardState
    defer { if hardState != before { effects.hardState = hardState } }

    if message.term > currentTerm, !adoptTerm(of: message, into: &effects) {
      receiveProspective(message, into: &effects)
    } else if message.term < currentTerm {
      receiveStale(message, into: &effects)
    } else {
      receiveCurrent(message, into: &effects)
    }
  }

  /// Takes over a higher term, unless it is not one that the sender has, or the sender is not to be
  /// believed while a leader is at work.
  ///
  /// - Returns: whether the message is now one of the current term.
  private mutating func adoptTerm(of message: Message, into effects: inout Effects) -> Bool {
    switch message.body {
    case .preVote:
      // Thesis, §9.6: a pre-vote asks about a term that nobody has yet.
      return false
    case .preVoteResponse(let response):
      // A grant carries the term that was asked about, a denial the one that the voter has.
      if response.granted { return false }
    case .requestVote(let request):
      if refusesToDisturbLeader(request) { return false }
    case .requestVoteResponse, .appendEntries, .appendEntriesResponse, .installSnapshot,
      .installSnapshotResponse, .timeoutNow, .readIndex, .readIndexResponse:
      break
    }
    // §5.1: a server that sees a higher term takes it over and is a follower, whatever it was.
    becomeFollower(of: message.term, into: &effects)
    return true
  }

  /// A message whose higher term was not taken over.
  private mutating func receiveProspective(_ message: Message, into effects: inout Effects) {
    switch message.body {
    case .preVote(let request):
      answerPreVote(request, in: message.term, from: message.from, into: &effects)
    case .preVoteResponse:
      countPreVote(of: message, into: &effects)
    case .requestVote:
      // Thesis, §4.2.3: denied, without taking the term or the request's word.
      send(.requestVoteResponse(VoteResponse(granted: false)), to: message.from, into: &effects)
    case .requestVoteResponse, .appendEntries, .appendEntriesResponse, .installSnapshot,
      .installSnapshotResponse, .timeoutNow, .readIndex, .readIndexResponse:
      break
    }
  }

  /// §5.1: a request with a stale term is rejected, and the answer carries the current one, which
  /// is what frees a server that is behind. A stale answer says nothing about this term.
  private mutating func receiveStale(_ message: Message, into effects: inout Effects) {
    switch message.body {
    case .requestVote:
      send(.requestVoteResponse(VoteResponse(granted: false)), to: message.from, into: &effects)
    case .preVote:
      send(.preVoteResponse(VoteResponse(granted: false)), to: message.from, into: &effects)
    case .appendEntries(let request):
      let refusal = AppendEntriesResponse.rejected(
        prevLogIndex: request.prevLogIndex, hint: log.last)
      send(.appendEntriesResponse(refusal), to: message.from, into: &effects)
    case .installSnapshot(let request):
      let refusal = InstallSnapshotResponse(
        lastIncluded: request.lastIncluded, nextOffset: 0, installed: false)
      send(.installSnapshotResponse(refusal), to: message.from, into: &effects)
    case .readIndex(let request):
      refuse(request, from: message.from, into: &effects)
    case .requestVoteResponse, .preVoteResponse, .appendEntriesResponse,
      .installSnapshotResponse, .timeoutNow, .readIndexResponse:
      break
    }
  }

  private mutating func receiveCurrent(_ message: Message, into effects: inout Effects) {
    let sender = message.from
    switch message.body {
    case .appendEntries(let request):
      receiveAppend(request, from: sender, round: message.round, into: &effects)
    case .appendEntriesResponse(let response):
      receiveAppendResponse(response, from: sender, round: message.round, into: &effects)
    case .requestVote(let request):
      answerVote(request, from: sender, into: &effects)
    case .requestVoteResponse(let response):
      if response.granted { countVote(of: sender, into: &effects) }
    case .preVote(let request):
      answerPreVote(request, in: currentTerm, from: sender, into: &effects)
    case .preVoteResponse:
      // A denial in the current term; a grant for this term answers an old pre-vote.
      break
    case .installSnapshot(let request):
      receiveSnapshot(request, from: sender, round: message.round, into: &effects)
    case .installSnapshotResponse(let response):
      receiveSnapshotResponse(response, from: sender, into: &effects)
    case .timeoutNow:
      receiveTimeoutNow(from: sender, into: &effects)
    case .readIndex(let request):
      receiveRead(request, from: sender, into: &effects)
    case .readIndexResponse(let response):
      receiveReadResponse(response, from: sender, into: &effects)
    }
  }

  /// Sends a message in the current term.
  ///
  /// It changes nothing, and neither do the other `mutating` functions that say so: a borrowed node
  /// would be copied to the stack at each call, a `mutating` one is used where it is.
  @inline(__always)
  mutating func send(_ body: MessageBody, to receiver: ServerID, into effects: inout Effects) {
    effects.messages.append(Message(from: id, to: receiver, term: currentTerm, body: body))
  }

  /// Becomes a follower that knows no leader yet; in a higher term with a vote to give.
  ///
  /// Within the term the vote stays given. The election timer goes on: only a leader or a granted
  /// vote resets it. A leader has none, so it starts one, and fails the reads that waited for it.
  mutating func becomeFollower(
    of term: Term, leader: ServerID? = nil, round: UInt64 = 0, into effects: inout Effects
  ) {
    if term > currentTerm {
      hardState = HardState(term: term, votedFor: nil)
      failForwardedReads(into: &effects)
    }
    if case .leader(let former) = state {
      timers.startElectionTimer()
      timers.forgetContact()
      watchedCommit = .never
      handover = nil
      failReads(of: former, into: &effects)
    }
    state = .follower(FollowerState(leader: leader, round: round))
  }
}
