import RaftTypes

// Linearizable reads without an entry of the log.
//
// Source: thesis, §6.4.

/// What a leader keeps for the reads that it confirms.
struct LeaderReads {
  /// A read that waits.
  struct Pending {
    /// Who asked.
    var client: Client
    /// The read index; `nil` before an entry of the term has committed.
    var index: LogIndex?
    /// The round that confirms it; 0 before one has started.
    var round: UInt64 = 0
  }

  /// Who asked for a read index.
  enum Client {
    case local(UInt64)
    case remote(ServerID, UInt64)
  }

  /// The latest round; all AppendEntries carry it.
  var round: UInt64 = 0
  /// The reads that wait, in the order they came in, and so of their indices and rounds.
  var pending: [Pending] = []
  /// Whether some of them wait for a round to start.
  var areUnassigned = false
  /// Ticks of this leadership.
  var ticks = 0
  /// The rounds that may renew the lease, each with the tick at which it started.
  private var leaseRounds: [(round: UInt64, tick: Int)] = []
  /// The tick at which the lease ends.
  private var leaseEnds = 0
  /// Whether another server was asked to stand, which voters heed whatever they hear of a leader.
  var isLeaseForfeited = false

  /// A heartbeat starts a round that may renew the lease.
  mutating func startLeaseRound(limit: Int) {
    round += 1
    if leaseRounds.count >= limit { leaseRounds.removeFirst() }
    leaseRounds.append((round, ticks))
  }

  /// A quorum has answered in `confirmed` or later: the lease counts from that round's start.
  mutating func renewLease(confirmed: (UInt64) -> Bool, electionTicks: Int) {
    guard let place = leaseRounds.lastIndex(where: { confirmed($0.round) }) else { return }
    // The first tick after the round's start may come at once, and a voter's late.
    leaseEnds = leaseRounds[place].tick + electionTicks - 1
    leaseRounds.removeFirst(place + 1)
  }

  var hasLease: Bool { !isLeaseForfeited && ticks < leaseEnds }
}

/// The reads of a server's own clients, apart from those that it confirms as leader.
struct ClientReads {
  /// A read whose index was asked of the leader.
  struct Forwarded {
    /// The number in the message. Another life of the server has other numbers.
    var number: UInt64
    var asker: Asker
    var elapsed = 0
  }

  /// For whom the leader is asked.
  enum Asker: Equatable {
    case client(UInt64)
    /// This server, to learn whether it may be trusted again.
    case standing
  }

  var forwarded: [Forwarded] = []
  /// The read index that decides on this server's standing, once it is known.
  var standingIndex: LogIndex?
  /// Reads whose index is known and not applied yet.
  var waiting: [ReadReady] = []
  private var lastNumber: UInt64

  init(seed: UInt64) {
    var random = RandomSource(seed: ~seed)
    lastNumber = random.next()
  }

  var areForwarded: Bool { !forwarded.isEmpty }
  var areWaiting: Bool { !waiting.isEmpty }
  var isStandingAsked: Bool { forwarded.contains { $0.asker == .standing } }

  /// Notes a read that is sent on.
  ///
  /// - Returns: the number that its message carries.
  mutating func forward(_ asker: Asker) -> UInt64 {
    lastNumber &+= 1
    forwarded.append(Forwarded(number: lastNumber, asker: asker))
    return lastNumber
  }

  /// Takes the reads out for which `isOver` holds.
  ///
  /// - Returns: the clients' among them.
  mutating func takeForwarded(where isOver: (Forwarded) -> Bool) -> [UInt64] {
    let reads = forwarded.compactMap { read -> UInt64? in
      guard isOver(read), case .client(let number) = read.asker else { return nil }
      return number
    }
    forwarded.removeAll(where: isOver)
    return reads
  }
}

extension Node {
  /// The most reads that a node keeps pending; further ones are refused.
  public static let maxPendingReads = 65_536

  /// Reads that have been asked for and neither served nor failed.
  public var pendingReads: Int {
    var count = clientReads.forwarded.count + clientReads.waiting.count
    if case .leader(let leader) = state { count += leader.reads.pending.count }
    return count
  }

  // MARK: Asking

  /// Takes a client's read in: confirms it as leader, or asks the leader.
  mutating func startRead(_ read: UInt64, into effects: inout Effects) {
    guard pendingReads < Self.maxPendingReads else {
      effects.outcome = .refused(.tooManyReads)
      return
    }
    switch state {
    case .leader:
      enqueue(.local(read), into: &effects)
    case .follower(let follower):
      guard let leader = follower.leader else { fallthrough }
      let number = clientReads.forward(.client(read))
      send(.readIndex(ReadIndex(read: number)), to: leader, into: &effects)
    case .preCandidate, .candidate:
      effects.outcome = .notLeader(nil)
      return
    }
    effects.outcome = .accepted
  }

  /// Another server asks for a read index.
  mutating func receiveRead(
    _ request: ReadIndex, from server: ServerID, into effects: inout Effects
  ) {
    guard case .leader(let leader) = state, leader.reads.pending.count < Self.maxPendingReads else {
      return refuse(request, from: server, into: &effects)
    }
    enqueue(.remote(server, request.read), into: &effects)
  }

  mutating func refuse(_ request: ReadIndex, from server: ServerID, into effects: inout Effects) {
    let response = ReadIndexResponse(read: request.read, index: nil)
    send(.readIndexResponse(response), to: server, into: &effects)
  }

  /// Thesis, §6.4, step 2: the commit index is noted, if it is known to be the cluster's; before an
  /// entry of the term has committed it is not (step 1).
  private mutating func enqueue(_ client: LeaderReads.Client, into effects: inout Effects) {
    let index = hasCommittedInTerm ? commitIndex : nil
    // §6.4.1: a lease saves the round, but for a leader that hands over.
    if settings.leaseReads, handover == nil, let index,
      asLeader({ _, leader in leader.reads.hasLease }) == true
    {
      return confirm(client, index, into: &effects)
    }
    asLeader { _, leader in
      leader.reads.pending.append(LeaderReads.Pending(client: client, index: index))
      if index != nil { leader.reads.areUnassigned = true }
    }
  }

  /// The term's first entry has committed: the reads that waited for it get their index.
  mutating func openReads() {
    let index = commitIndex
    asLeader { _, leader in
      for place in leader.reads.pending.indices where leader.reads.pending[place].index == nil {
        leader.reads.pending[place].index = index
        leader.reads.areUnassigned = true
      }
    }
  }

  // MARK: Confirming

  /// Thesis, §6.4, step 3: a round of messages that starts after the reads came in. All reads that
  /// wait for one share it.
  mutating func startRound(_ leader: inout LeaderState, into effects: inout Effects) {
    leader.reads.areUnassigned = false
    leader.reads.round += 1
    for place in leader.reads.pending.indices
    where leader.reads.pending[place].round == 0 && leader.reads.pending[place].index != nil {
      leader.reads.pending[place].round = leader.reads.round
    }
    for number in leader.progress.indices { leader.progress[number].owesMessage = true }
    confirmReads(&leader, into: &effects)
  }

  /// A server has answered in a round, and so followed this leader when the round had begun.
  mutating func recordRound(
    _ round: UInt64, of number: Int, _ leader: inout LeaderState, into effects: inout Effects
  ) {
    guard round <= leader.reads.round else { return }
    leader.progress[number].round = round
    if settings.leaseReads {
      let progress = leader.progress
      leader.reads.renewLease(
        confirmed: { isConfirmed($0, progress) }, electionTicks: settings.electionTicks)
    }
    confirmReads(&leader, into: &effects)
  }

  private func isConfirmed(_ round: UInt64, _ progress: [Progress]) -> Bool {
    quorum.isReached { $0 == ownNumber || progress[$0].round >= round }
  }

  /// Lets the reads go whose round a quorum has answered.
  private mutating func confirmReads(_ leader: inout LeaderState, into effects: inout Effects) {
    var count = 0
    var confirmed: UInt64 = 0
    for read in leader.reads.pending {
      guard read.round > 0, let index = read.index else { break }
      if read.round > confirmed {
        guard isConfirmed(read.round, leader.progress) else { break }
        confirmed = read.round
      }
      confirm(read.client, index, into: &effects)
      count += 1
    }
    if count > 0 { leader.reads.pending.removeFirst(count) }
  }

  private mutating func confirm(
    _ client: LeaderReads.Client, _ index: LogIndex, into effects: inout Effects
  ) {
    switch client {
    case .local(let read):
      serve(ReadReady(read: read, index: index), into: &effects)
    case .remote(let server, let number):
      let response = ReadIndexResponse(read: number, index: index)
      send(.readIndexResponse(response), to: server, into: &effects)
    }
  }

  // MARK: Serving

  /// Thesis, §6.4, step 4: served once everything up to the read index is applied.
  private mutating func serve(_ read: ReadReady, into effects: inout Effects) {
    if read.index <= lastApplied {
      effects.reads.append(read)
    } else {
      clientReads.waiting.append(read)
    }
  }

  /// More is applied: serves what waited for it, in the order it was asked.
  mutating func serveApplied(into effects: inout Effects) {
    let applied = lastApplied
    effects.reads.append(contentsOf: clientReads.waiting.filter { $0.index <= applied })
    clientReads.waiting.removeAll { $0.index <= applied }
  }

  /// The leader's answer to a read that was sent on.
  mutating func receiveReadResponse(
    _ response: ReadIndexResponse, from server: ServerID, into effects: inout Effects
  ) {
    guard case .follower(let follower) = state, follower.leader == server,
      let place = clientReads.forwarded.firstIndex(where: { $0.number == response.read })
    else { return }
    let index = response.index.flatMap { $0 <= Self.maxIndex ? $0 : nil }
    switch clientReads.forwarded.remove(at: place).asker {
    case .client(let read):
      if let index {
        serve(ReadReady(read: read, index: index), into: &effects)
      } else {
        effects.failedReads.append(read)
      }
    case .standing:
      clientReads.standingIndex = index
      if index != nil { checkStanding(into: &effects) }
    }
  }

  // MARK: Failing

  /// A read that the leader did not answer within an election time-out fails: one of the two
  /// messages may be lost.
  mutating func passReadTick(into effects: inout Effects) {
    for place in clientReads.forwarded.indices { clientReads.forwarded[place].elapsed += 1 }
    let limit = settings.electionTicks
    effects.failedReads.append(contentsOf: clientReads.takeForwarded { $0.elapsed >= limit })
  }

  /// The leader that was asked does not lead any more.
  mutating func failForwardedReads(into effects: inout Effects) {
    guard clientReads.areForwarded else { return }
    effects.failedReads.append(contentsOf: clientReads.takeForwarded { _ in true })
  }

  /// A deposed leader confirms nothing any more.
  mutating func failReads(of leader: LeaderState, into effects: inout Effects) {
    for read in leader.reads.pending {
      switch read.client {
      case .local(let read): effects.failedReads.append(read)
      case .remote(let server, let number):
        refuse(ReadIndex(read: number), from: server, into: &effects)
      }
    }
  }
}
