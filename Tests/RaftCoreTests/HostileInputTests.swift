import RaftCore
import RaftTypes
import Testing

/// Whatever a message says, no step traps and no promise is broken.
struct HostileInputTests {
  /// Numbers a message may hold: small ones, which reach deep, and those at the edges.
  private func number(_ random: inout RandomSource) -> UInt64 {
    let edges: [UInt64] = [
      .max, .max - 1, 1 << 63, (1 << 63) - 1, 1 << 62, (1 << 62) + 1, (1 << 62) - 1, 1 << 32,
    ]
    return random.next(below: 8) == 0
      ? edges[Int(random.next(below: UInt64(edges.count)))] : random.next(below: 9)
  }

  /// A term, seldom one so high that nothing can follow it.
  private func term(_ random: inout RandomSource, near current: Term) -> Term {
    if random.next(below: 500) == 0 { return Term(number(&random)) }
    let base = max(current.rawValue, 2) - 2
    return Term(base + random.next(below: random.next(below: 40) == 0 ? 5 : 3))
  }

  private func span(_ random: inout RandomSource, near current: Term) -> EntrySpan {
    switch random.next(below: 8) {
    case 0: return EntrySpan()
    case 1: return EntrySpan(term: term(&random, near: current), count: -1)
    case 2: return EntrySpan(term: term(&random, near: current), count: .max)
    case 3:
      let terms = (0..<4).map { _ in term(&random, near: current) }
      return EntrySpan(terms: terms)
    case 4:
      let terms = (0..<4).map { _ in term(&random, near: current) }.sorted()
      return EntrySpan(terms: terms)
    default:
      return EntrySpan(term: term(&random, near: current), count: Int(random.next(below: 4)))
    }
  }

  private func body(_ random: inout RandomSource, near current: Term) -> MessageBody {
    let index = LogIndex(number(&random))
    let other = LogIndex(number(&random))
    let term = term(&random, near: current)
    let flag = random.next(below: 2) == 0
    let vote = RequestVote(lastLogIndex: index, lastLogTerm: term, disrupt: flag)
    switch random.next(below: 10) {
    case 0: return .requestVote(vote)
    case 1: return .requestVoteResponse(VoteResponse(granted: flag))
    case 2: return .preVote(vote)
    case 3: return .preVoteResponse(VoteResponse(granted: flag))
    case 4, 5:
      return .appendEntries(
        AppendEntries(
          prevLogIndex: index, prevLogTerm: term, entries: span(&random, near: current),
          leaderCommit: other))
    case 6: return .appendEntriesResponse(.accepted(match: index))
    case 7:
      let hint = LogPosition(index: other, term: term)
      return .appendEntriesResponse(.rejected(prevLogIndex: index, hint: hint))
    case 8:
      return random.next(below: 4) == 0
        ? .timeoutNow
        : .installSnapshotResponse(
          InstallSnapshotResponse(
            lastIncluded: LogPosition(index: index, term: term), nextOffset: number(&random),
            installed: flag))
    default:
      return .installSnapshot(
        InstallSnapshot(
          lastIncluded: LogPosition(index: index, term: term),
          configuration: Configuration(voters: []), offset: number(&random),
          length: number(&random), done: flag))
    }
  }

  /// What an honest peer might answer, so that the server gets somewhere.
  private func answer(_ server: Server, _ random: inout RandomSource) -> Input? {
    let term = server.node.currentTerm
    let body: MessageBody
    var prospective = term
    switch server.node.role {
    case .follower:
      return nil
    case .preCandidate:
      body = .preVoteResponse(VoteResponse(granted: true))
      if term < Term(.max) { prospective = term.next }
    case .candidate:
      body = .requestVoteResponse(VoteResponse(granted: true))
    case .leader:
      body = .appendEntriesResponse(.accepted(match: server.node.lastLogIndex))
    }
    let sender = ServerID(2 + random.next(below: 3))
    return .receive(Message(from: sender, to: 1, term: prospective, body: body))
  }

  private func input(_ server: Server, _ random: inout RandomSource) -> Input {
    if random.next(below: 3) == 0, let answer = answer(server, &random) { return answer }
    switch random.next(below: 30) {
    case 0: return .tick
    case 1: return random.next(below: 5) == 0 ? .electionTimeout : .tick
    case 2: return .heartbeatTimeout
    case 3: return .propose(count: 1 + Int(random.next(below: 3)))
    case 4: return .leaderLapsed
    case 5, 6: return .flush
    default:
      let sender = ServerID(random.next(below: 6))
      return .receive(
        Message(
          from: sender, to: 1, term: term(&random, near: server.node.currentTerm),
          body: body(&random, near: server.node.currentTerm)))
    }
  }

  @Test("Random messages of any values never trap or break a promise", arguments: 0..<6)
  func random(variant: Int) {
    var random = RandomSource(seed: UInt64(variant))
    var roles: Set<RoleKind> = []
    for life in 0..<40 {
      let joint = Configuration(voters: [1, 2, 3], outgoing: [1, 4], learners: [5])
      let server = Server(
        term: 3, log: life % 2 == 0 ? [1, 1, 3] : [],
        snapshot: life % 3 == 0 ? .at(2, 1) : .zero,
        configuration: variant % 2 == 0 ? joint : Configuration(voters: [1, 2, 3]),
        settings: Settings(
          electionTicks: 4, preVote: variant % 3 == 1, checkQuorum: variant % 3 == 2,
          maxEntriesPerAppend: 2, maxInflightAppends: 3))
      var before = Promises(server)
      var pending: [Effects] = []
      for _ in 0..<250 {
        let effects = server.step(input(server, &random))
        if effects.hardState != nil || effects.append != nil { pending.append(effects) }
        if random.next(below: 2) == 0, !pending.isEmpty {
          for following in server.persist(pending.removeFirst()) where following.append != nil {
            pending.append(following)
          }
        }
        roles.insert(server.node.role)
        let after = Promises(server)
        #expect(after.keeps(before))
        before = after
      }
    }
    #expect(roles.contains(.leader))
    #expect(roles.contains(.candidate))
    #expect(roles.contains(.preCandidate) == (variant % 3 == 1))
  }

  /// What may only grow, and what may not change within a term.
  private struct Promises {
    var hardState: HardState
    var commit: LogIndex
    var applied: LogIndex
    var isConsistent: Bool

    init(_ server: Server) {
      hardState = server.node.hardState
      commit = server.node.commitIndex
      applied = server.node.lastApplied
      let last = server.node.lastLogIndex
      isConsistent =
        applied <= commit && commit <= last && server.node.durableIndex <= last
        && applied <= server.node.durableIndex && server.node.term(at: last) != nil
        && server.node.lastLogTerm <= server.node.currentTerm
    }

    func keeps(_ before: Promises) -> Bool {
      let keepsVote =
        hardState.term > before.hardState.term || before.hardState.votedFor == nil
        || hardState == before.hardState
      return isConsistent && hardState.term >= before.hardState.term && keepsVote
        && commit >= before.commit && applied >= before.applied
    }
  }

  @Test func `Positions at the end of all numbers are refused or ignored`() {
    let server = Server(term: 1, log: [1])
    let huge = AppendEntries(
      prevLogIndex: LogIndex(.max), prevLogTerm: 1, entries: EntrySpan(term: 1, count: 2),
      leaderCommit: LogIndex(.max))
    #expect(
      server.receive(.appendEntries(huge), from: 2, term: 1)
        == .only(
          messages: [
            server.message(
              to: 2,
              .appendEntriesResponse(
                .rejected(prevLogIndex: LogIndex(.max), hint: .at(1, 1))))
          ]))
    let endless = AppendEntries(
      prevLogIndex: 1, prevLogTerm: 1, entries: EntrySpan(term: 1, count: .max),
      leaderCommit: LogIndex(.max))
    #expect(server.receive(.appendEntries(endless), from: 2, term: 1) == .only())
    #expect(server.node.lastLogIndex == 1)
  }

  @Test func `Settings and boot states that can't be are named`() {
    #expect(Settings().problem == nil)
    #expect(Settings(electionTicks: 1).problem != nil)
    #expect(Settings(electionTicks: 3, heartbeatTicks: 3).problem != nil)
    #expect(Settings(maxEntriesPerAppend: 0).problem != nil)
    #expect(Settings(maxInflightAppends: 0).problem != nil)
    func boot(_ term: Term, _ log: [Term], snapshot: LogPosition = .zero) -> String? {
      BootState(
        id: 1, hardState: HardState(term: term), snapshot: snapshot, log: EntrySpan(terms: log),
        configuration: Configuration(voters: [1]), seed: 0
      ).problem
    }
    #expect(boot(2, [1, 2]) == nil)
    #expect(boot(2, [2], snapshot: .at(3, 1)) == nil)
    #expect(boot(1, [1, 2]) != nil)
    #expect(boot(2, [2, 1]) != nil)
    #expect(boot(2, [0]) != nil)
    #expect(boot(2, [1], snapshot: .at(3, 2)) != nil)
    #expect(boot(2, [2], snapshot: .at(3, 0)) != nil)
    #expect(boot(2, [], snapshot: LogPosition(index: LogIndex(.max), term: 1)) != nil)
  }
}
