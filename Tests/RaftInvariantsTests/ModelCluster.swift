import RaftInvariants
import RaftTypes

/// A fault that the model cluster can have.
enum ModelFault: String, CaseIterable {
  case votesTwice, votesForAnyLog, forgetsVote, forgetsTerm, acknowledgesBeforeSync
  case truncatesAlways, commitsUnmatched, commitsLeaderCommitAlone, commitFalls
  case appliesTwice, appliesAhead, appliesOwnBytes, leaderTakesAppends, reusesTerm
  case snapshotLacksCommand, snapshotsUnapplied, compactsUncovered, installsOldSnapshots
  case changesTwice, keepsOldConfiguration, readsWithoutRound, readsBeforeOwnTerm
}

/// A small Raft, correct unless it has a fault, whose steps are told as observations.
///
/// It is a model to feed the checkers with, written from Figure 2 of the paper: servers are called
/// directly, a random part of the calls and answers is lost, and old AppendEntries come again.
struct ModelCluster {
  struct Server {
    var isUp = true
    var role = NodeRole.follower
    var term = 0
    var votedFor: Int?
    var log: [ObservedEntry] = []
    /// How many entries a crash can't take.
    var synced = 0
    var commit = 0
    var applied = 0
    /// As a leader, how far each server's log is known to match.
    var match: [Int] = []
    var next: [Int] = []
    /// The index of its durable snapshot.
    var snapshot = 0
    /// The index up to which its log is discarded. The model still has the entries, to make
    /// snapshots of them.
    var base = 0
    /// The configuration that it told to be in force.
    var inForce: [UInt8] = []
  }

  struct AppendRequest {
    var leader: Int
    var term: Int
    var prev: Int
    var prevTerm: Int
    var entries: [ObservedEntry]
    var commit: Int
  }

  private(set) var observations: [Observation] = []
  var servers: [Server]
  private var past: [AppendRequest] = []
  var random: SplitMix
  private let fault: ModelFault?
  var proposals = 0

  init(servers count: Int, seed: UInt64, fault: ModelFault? = nil) {
    servers = Array(repeating: Server(), count: count)
    random = SplitMix(state: seed)
    self.fault = fault
    for server in servers.indices { tell(.boot(id(server), term: 0)) }
  }

  /// Takes one random step.
  mutating func step() {
    let server = random.below(servers.count)
    defer { for server in servers.indices { tellConfiguration(of: server) } }
    switch random.below(130) {
    case 0..<3: campaign(server)
    case 3..<30: propose(server)
    case 30..<72: replicate(server)
    case 72..<80: repeatOldAppend()
    case 80..<88: servers[server].synced = servers[server].log.count
    case 88..<96: apply(server)
    case 96: crash(server)
    case 97..<100: restart(server)
    case 100..<104: takeSnapshot(server)
    case 104..<107: compact(server)
    case 107..<110: changeConfiguration(server)
    case 110..<112: sendSnapshotUnasked(server)
    default: for server in servers.indices { read(server) }
    }
  }

  mutating func tell(_ observation: Observation) { observations.append(observation) }

  func id(_ server: Int) -> ServerID { ServerID(UInt64(server)) }

  func term(_ server: Int, at index: Int) -> Int {
    index == 0 ? 0 : Int(servers[server].log[index - 1].term.rawValue)
  }

  func has(_ fault: ModelFault) -> Bool { self.fault == fault }

  // MARK: Terms and elections

  /// Moves a server to a role and, where the term rises, to a term without a vote.
  mutating func become(_ server: Int, _ role: NodeRole, term: Int) {
    let before = servers[server]
    if term > before.term {
      servers[server].term = term
      servers[server].votedFor = nil
      tell(.term(id(server), term))
    }
    guard role != before.role || term > before.term else { return }
    servers[server].role = role
    tell(.role(id(server), role, servers[server].term))
  }

  private mutating func campaign(_ candidate: Int) {
    guard servers[candidate].isUp, servers[candidate].role != .leader else { return }
    let term = servers[candidate].term + (has(.reusesTerm) && servers[candidate].term > 0 ? 0 : 1)
    become(candidate, .candidate, term: term)
    servers[candidate].votedFor = candidate
    tell(.vote(id(candidate), for: id(candidate), term))
    var votes = 1
    for voter in servers.indices where voter != candidate {
      tell(.sent(from: id(candidate), to: id(voter), .candidacy(term: term)))
      let isGranted = random.below(4) > 0 && vote(voter, for: candidate, term: term)
      if isGranted, random.below(5) > 0 { votes += 1 }
    }
    guard servers[candidate].term == term, 2 * votes > servers.count else { return }
    become(candidate, .leader, term: term)
    servers[candidate].match = servers.map { _ in 0 }
    servers[candidate].next = servers.map { _ in servers[candidate].log.count + 1 }
    append(entry(term, "", .internalEntry), to: candidate)
  }

  private mutating func vote(_ voter: Int, for candidate: Int, term: Int) -> Bool {
    guard servers[voter].isUp, servers[voter].term <= term else { return false }
    if term > servers[voter].term { become(voter, .follower, term: term) }
    let own = (self.term(voter, at: servers[voter].log.count), servers[voter].log.count)
    let other = (
      self.term(candidate, at: servers[candidate].log.count), servers[candidate].log.count
    )
    guard other >= own || has(.votesForAnyLog) else { return false }
    guard
      servers[voter].votedFor == nil || servers[voter].votedFor == candidate || has(.votesTwice)
    else { return false }
    servers[voter].votedFor = candidate
    tell(.vote(id(voter), for: id(candidate), term))
    tell(.sent(from: id(voter), to: id(candidate), .grant(term: term)))
    return true
  }

  // MARK: Replication

  mutating func append(_ entry: ObservedEntry, to server: Int) {
    servers[server].log.append(entry)
    tell(.append(id(server), first: servers[server].log.count, [entry]))
  }

  private mutating func propose(_ server: Int) {
    guard servers[server].isUp, servers[server].role == .leader else { return }
    proposals += 1
    append(entry(servers[server].term, "p\(proposals)"), to: server)
  }

  private mutating func replicate(_ leader: Int) {
    guard servers[leader].isUp, servers[leader].role == .leader else { return }
    let follower = random.below(servers.count)
    guard follower != leader else { return }
    let log = servers[leader].log
    let prev = min(servers[leader].next[follower] - 1, log.count)
    guard prev >= servers[leader].base else { return sendSnapshot(leader, to: follower) }
    let request = AppendRequest(
      leader: leader, term: servers[leader].term, prev: prev, prevTerm: term(leader, at: prev),
      entries: Array(log[prev..<min(log.count, prev + random.below(4))]),
      commit: servers[leader].commit)
    past.append(request)
    tell(
      .sent(
        from: id(leader), to: id(follower),
        .entries(
          term: request.term, after: at(prev, request.prevTerm), request.entries,
          commit: request.commit)))
    guard random.below(5) > 0, servers[follower].isUp else { return }
    let answer = receive(request, at: follower)
    guard random.below(5) > 0 else { return }
    if servers[follower].term > servers[leader].term {
      become(leader, .follower, term: servers[follower].term)
    } else if let match = answer {
      servers[leader].match[follower] = max(servers[leader].match[follower], match)
      servers[leader].next[follower] = servers[leader].match[follower] + 1
      advanceCommit(leader)
    } else {
      servers[leader].next[follower] = max(1, prev)
    }
  }

  private mutating func repeatOldAppend() {
    guard !past.isEmpty else { return }
    let request = past[max(0, past.count - 1 - random.below(40))]
    let receiver = random.below(servers.count)
    guard servers[receiver].isUp, receiver != request.leader || has(.leaderTakesAppends) else {
      return
    }
    _ = receive(request, at: receiver)
  }

  /// Takes in AppendEntries.
  ///
  /// - Returns: the index up to which the log matches; `nil` where it does not or the term is old.
  private mutating func receive(_ request: AppendRequest, at server: Int) -> Int? {
    guard request.term >= servers[server].term else { return nil }
    if request.leader != server || request.term > servers[server].term {
      become(server, .follower, term: request.term)
    }
    let isMatched =
      request.prev <= servers[server].log.count
      && term(server, at: request.prev) == request.prevTerm
    if !isMatched, has(.commitsUnmatched), request.commit > servers[server].commit {
      commit(server, upTo: request.commit)
    }
    guard isMatched, request.prev >= servers[server].base else { return nil }
    store(request, at: server)
    let last = request.prev + request.entries.count
    let bound = has(.commitsLeaderCommitAlone) ? request.commit : min(request.commit, last)
    if bound > servers[server].commit || has(.commitFalls) { commit(server, upTo: bound) }
    if !has(.acknowledgesBeforeSync) { servers[server].synced = servers[server].log.count }
    tell(
      .sent(
        from: id(server), to: id(request.leader), .ack(term: servers[server].term, match: last)))
    return last
  }

  private mutating func store(_ request: AppendRequest, at server: Int) {
    if has(.truncatesAlways) || servers[server].role == .leader {
      truncate(server, to: request.prev)
    }
    for (offset, entry) in request.entries.enumerated() {
      let index = request.prev + offset + 1
      if index <= servers[server].log.count {
        if servers[server].log[index - 1].term == entry.term { continue }
        truncate(server, to: index - 1)
      }
      append(entry, to: server)
    }
  }

  mutating func truncate(_ server: Int, to count: Int) {
    guard count < servers[server].log.count else { return }
    servers[server].log.removeSubrange(count...)
    servers[server].synced = min(servers[server].synced, count)
    // Only a faulty server takes back what its snapshot covers.
    servers[server].snapshot = min(servers[server].snapshot, count)
    servers[server].base = min(servers[server].base, count)
    tell(.truncate(id(server), from: count + 1))
  }

  // MARK: Commit and apply

  mutating func commit(_ server: Int, upTo index: Int) {
    let index = min(index, servers[server].log.count)
    guard index != servers[server].commit else { return }
    servers[server].commit = index
    tell(.commit(id(server), index))
  }

  private mutating func advanceCommit(_ leader: Int) {
    var match = servers[leader].match
    match[leader] = servers[leader].synced
    let majority = match.sorted()[(match.count - 1) / 2]
    guard majority > servers[leader].commit,
      term(leader, at: majority) == servers[leader].term
    else { return }
    commit(leader, upTo: majority)
  }

  mutating func apply(_ server: Int) {
    let bound = servers[server].commit + (has(.appliesAhead) ? 1 : 0)
    guard servers[server].isUp, servers[server].applied < min(bound, servers[server].log.count)
    else { return }
    servers[server].applied += 1
    let index = servers[server].applied
    var entry = servers[server].log[index - 1]
    if has(.appliesOwnBytes), server == 0 { entry.payload.append(0x21) }
    tell(.apply(id(server), index, entry))
    if has(.appliesTwice), random.below(10) == 0 { tell(.apply(id(server), index, entry)) }
  }

  // MARK: Crashes

  private mutating func crash(_ server: Int) {
    guard servers[server].isUp else { return }
    servers[server].isUp = false
    servers[server].role = .follower
    servers[server].log.removeSubrange(servers[server].synced...)
    servers[server].commit = servers[server].snapshot
    servers[server].applied = servers[server].snapshot
    servers[server].inForce = []
    tell(.crashed(id(server)))
  }

  private mutating func restart(_ server: Int) {
    guard !servers[server].isUp else { return }
    servers[server].isUp = true
    if has(.forgetsVote) { servers[server].votedFor = nil }
    if has(.forgetsTerm) {
      servers[server].term = servers[server].log.last.map { Int($0.term.rawValue) } ?? 0
      servers[server].votedFor = nil
    }
    tell(
      .restarted(
        id(server),
        HardState(
          term: Term(UInt64(servers[server].term)),
          votedFor: servers[server].votedFor.map { id($0) }
        ), snapshot: servers[server].snapshot > 0 ? snapshot(of: server) : nil,
        first: LogIndex(UInt64(servers[server].base + 1)),
        log: Array(servers[server].log[servers[server].base...])))
    guard servers[server].snapshot > 0 else { return }
    tell(.restored(id(server), snapshot(of: server)))
    tell(.commit(id(server), servers[server].commit))
  }
}

/// SplitMix64: small, and the same everywhere.
struct SplitMix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((bits ^ (bits >> 31)) % UInt64(bound))
  }
}
