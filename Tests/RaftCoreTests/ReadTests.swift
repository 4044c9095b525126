import RaftCore
import RaftTypes
import Testing

/// Linearizable reads, and the transfer of leadership.
struct ReadTests {
  /// The leader of term 1 whose first entry has committed, unless it is told not to.
  private func leader(
    committed: Bool = true, voters: [ServerID] = [1, 2, 3], settings: Settings = Settings()
  ) -> Server {
    let server = Server(configuration: Configuration(voters: voters), settings: settings)
    server.persist(server.elect(by: voters.filter { $0 != 1 }))
    _ = server.step(.flush)
    if committed {
      for other in voters where other != 1 { _ = server.receiveAccepted(1, from: other) }
    }
    return server
  }

  /// The rounds of the AppendEntries sent to a server.
  private func rounds(_ effects: Effects, to server: ServerID) -> [UInt64] {
    effects.messages.filter { $0.to == server }.map(\.round)
  }

  private func answer(
    _ server: Server, round: UInt64, from other: ServerID, match: LogIndex = 0, term: Term = 1
  ) -> Effects {
    server.step(
      .receive(
        Message(
          from: other, to: server.node.id, term: term,
          body: .appendEntriesResponse(.accepted(match: match)), round: round)))
  }

  private func reads(_ effects: Effects) -> [UInt64] { effects.reads.map(\.read) }

  @Test func `A read is served after a majority answered a round that began after it`() {
    let server = leader()
    _ = server.step(.heartbeatTimeout)
    let before = rounds(server.step(.flush), to: 2).last ?? 0
    #expect(server.step(.read(7)).outcome == .accepted)
    let round = rounds(server.step(.flush), to: 2).last ?? 0
    #expect(round > before)
    #expect(answer(server, round: before, from: 2).reads.isEmpty)
    #expect(answer(server, round: round, from: 2).reads == [ReadReady(read: 7, index: 1)])
    #expect(answer(server, round: round, from: 3).reads.isEmpty)
  }

  @Test func `Reads of one turn share a round, and later ones wait for the next`() {
    let server = leader()
    _ = server.step(.read(1))
    _ = server.step(.read(2))
    let first = rounds(server.step(.flush), to: 2).last ?? 0
    _ = server.step(.read(3))
    let second = rounds(server.step(.flush), to: 2).last ?? 0
    #expect(second == first + 1)
    #expect(reads(answer(server, round: first, from: 3)) == [1, 2])
    #expect(reads(answer(server, round: second, from: 3)) == [3])
  }

  @Test func `A read waits for the first entry of the leader's term`() {
    let server = leader(committed: false)
    _ = server.step(.read(1))
    #expect(rounds(server.step(.flush), to: 2).isEmpty)
    _ = server.receiveAccepted(1, from: 2)
    let round = rounds(server.step(.flush), to: 2).last ?? 0
    #expect(round > 0)
    #expect(answer(server, round: round, from: 2).reads == [ReadReady(read: 1, index: 1)])
  }

  @Test func `A read waits until its index is applied`() {
    let server = Server()
    let first = server.elect(by: [2])
    _ = server.step(.flush)
    // The others commit what the leader's own disk does not have yet.
    for other in [2, 3] as [ServerID] { _ = server.receiveAccepted(1, from: other) }
    #expect(server.node.commitIndex == 1 && server.node.lastApplied == 0)
    _ = server.step(.read(1))
    let round = rounds(server.step(.flush), to: 2).last ?? 0
    #expect(answer(server, round: round, from: 2).reads.isEmpty)
    let effects = server.persist(first).last
    #expect(effects?.apply == entries(1, 1))
    #expect(effects?.reads == [ReadReady(read: 1, index: 1)])
  }

  @Test func `A sole voter needs no round`() {
    let server = leader(committed: false, voters: [1])
    #expect(server.node.commitIndex == 1)
    _ = server.step(.read(1))
    #expect(reads(server.step(.flush)) == [1])
  }

  @Test func `A learner's answer confirms nothing`() {
    let server = Server(configuration: Configuration(voters: [1, 2, 3], learners: [4]))
    server.persist(server.elect())
    _ = server.step(.flush)
    _ = server.receiveAccepted(1, from: 2)
    _ = server.step(.read(1))
    let round = rounds(server.step(.flush), to: 4).last ?? 0
    #expect(answer(server, round: round, from: 4).reads.isEmpty)
    #expect(reads(answer(server, round: round, from: 3)) == [1])
  }

  @Test func `A deposed leader fails what is pending, its own and others'`() {
    let server = leader()
    _ = server.step(.read(1))
    _ = server.receive(.readIndex(ReadIndex(read: 9)), from: 3, term: 1)
    _ = server.step(.flush)
    let effects = server.receiveAppend(after: .zero, from: 2, term: 2)
    #expect(effects.failedReads == [1])
    let refusal = ReadIndexResponse(read: 9, index: nil)
    #expect(
      effects.messages.contains(server.message(to: 3, .readIndexResponse(refusal))))
  }

  @Test func `A follower asks the leader, and serves once it has applied`() {
    let server = Server(term: 1)
    server.persist(server.receiveAppend([1], after: .zero, commit: 0, term: 1))
    let asked = server.step(.read(5))
    guard case .readIndex(let request)? = asked.messages.first?.body else {
      Issue.record("no question to the leader")
      return
    }
    let other = ReadIndexResponse(read: request.read &+ 1, index: 1)
    #expect(server.receive(.readIndexResponse(other), from: 2, term: 1).reads.isEmpty)
    let response = ReadIndexResponse(read: request.read, index: 1)
    #expect(server.receive(.readIndexResponse(response), from: 2, term: 1).reads.isEmpty)
    let effects = server.receiveAppend(after: .at(1, 1), commit: 1, term: 1)
    #expect(effects.reads == [ReadReady(read: 5, index: 1)])
  }

  @Test func `A read that the leader does not answer fails after an election time-out`() {
    let server = Server(term: 1)
    _ = server.receiveAppend(after: .zero, term: 1)
    _ = server.step(.read(5))
    for _ in 1..<10 { #expect(server.step(.tick).failedReads.isEmpty) }
    #expect(server.step(.tick).failedReads == [5])
    #expect(Server().step(.read(1)).outcome == .notLeader(nil))
  }

  @Test func `A follower's read fails with its leader's term`() {
    let server = Server(term: 1)
    _ = server.receiveAppend(after: .zero, term: 1)
    _ = server.step(.read(5))
    #expect(server.receiveAppend(after: .zero, from: 3, term: 2).failedReads == [5])
  }

  @Test func `A lease serves without a round, for an election time-out from the round's start`() {
    #expect(Settings(leaseReads: true).problem != nil)
    let server = leader(settings: Settings(checkQuorum: true, leaseReads: true))
    _ = server.step(.tick)
    let round = rounds(server.step(.flush), to: 2).last ?? 0
    #expect(server.step(.read(1)).reads.isEmpty)
    _ = answer(server, round: round, from: 2)
    #expect(reads(server.step(.read(2))) == [2])
    // A tick less than a voter keeps to its leader: it may have heard the round at the end of one.
    for _ in 1..<9 { _ = server.step(.tick) }
    #expect(reads(server.step(.read(3))) == [3])
    _ = server.step(.tick)
    #expect(server.step(.read(4)).reads.isEmpty)
  }

  // MARK: Transfer

  @Test
  func `A transfer brings the target up to date, refuses proposals, and then asks it to stand`() {
    let server = leader(settings: Settings(checkQuorum: true, leaseReads: true))
    server.persist(server.propose())
    _ = server.step(.flush)
    #expect(server.step(.transfer(to: 2)) == .only(outcome: .accepted))
    #expect(server.node.transferTarget == 2)
    #expect(server.propose().outcome == .refused(.transferring))
    #expect(
      server.step(.configure(.change(voters: [1, 2], learners: [], .automatic))).outcome
        == .refused(.transferring))
    #expect(server.step(.transfer(to: 3)).outcome == .refused(.transferring))
    let effects = server.receiveAccepted(2, from: 2)
    #expect(effects.messages.contains(server.message(to: 2, .timeoutNow)))
    #expect(
      !server.receiveAccepted(2, from: 2).messages.contains(server.message(to: 2, .timeoutNow)))
  }

  @Test func `A transfer is given up after an election time-out`() {
    let server = leader()
    _ = server.step(.transfer(to: 2))
    for _ in 1..<10 { _ = server.step(.tick) }
    #expect(server.propose().outcome == .refused(.transferring))
    _ = server.step(.tick)
    #expect(server.propose().outcome == .accepted)
  }

  @Test func `Only another voter can be handed to`() {
    let server = leader()
    #expect(server.step(.transfer(to: 1)).outcome == .refused(.notAVoter))
    #expect(server.step(.transfer(to: 9)).outcome == .refused(.notAVoter))
    #expect(Server().step(.transfer(to: 2)).outcome == .notLeader(nil))
  }

  // MARK: A disk that failed

  @Test func `A full disk ends leadership and appends, and leaves votes and terms`() {
    let server = leader()
    _ = server.step(.storageFull)
    #expect(server.node.role == .follower)
    #expect(server.step(.electionTimeout).outcome == .blocked)
    #expect(server.receiveAppend([2], after: .at(1, 1), from: 2, term: 2).append == nil)
    #expect(server.receiveVoteRequest(.at(5, 2), from: 3, term: 3).hardState?.votedFor == 3)
    _ = server.step(.storageHasRoom)
    #expect(server.receiveAppend([4], after: .at(1, 1), from: 2, term: 4).append != nil)
  }

  @Test func `A node that may have lost entries votes with what it claimed until it is repaired`() {
    let node = Node(
      BootState(
        id: 1, hardState: HardState(term: 2, votedFor: 1), log: EntrySpan(term: 2, count: 1),
        configuration: Configuration(voters: [1, 2, 3]), standing: .uncertain(claimed: .at(3, 2)),
        seed: 1),
      settings: Settings())
    let server = Server()
    server.node = node
    #expect(server.node.hardState == HardState(term: 3))
    #expect(server.step(.electionTimeout).outcome == .blocked)
    #expect(server.receiveVoteRequest(.at(2, 2), from: 2, term: 4).hardState?.votedFor == nil)
    #expect(server.receiveVoteRequest(.at(3, 2), from: 3, term: 4).hardState?.votedFor == 3)
    server.persist(server.receiveAppend([2, 2], after: .at(1, 2), from: 3, term: 4))
    #expect(server.node.standing == .sound)
  }

  @Test func `A wiped node votes for nobody until it is a learner`() {
    let node = Node(
      BootState(
        id: 1, configuration: Configuration(voters: [1, 2, 3]), standing: .wiped, seed: 1),
      settings: Settings())
    let server = Server()
    server.node = node
    #expect(server.receiveVoteRequest(.at(9, 1), from: 2, term: 2).hardState?.votedFor == nil)
    #expect(server.step(.electionTimeout).outcome == .blocked)
    let learner = Configuration(voters: [2, 3], learners: [1])
    let span = EntrySpan(
      runs: [TermRun(term: 2, count: 1)],
      configurations: [SpanConfiguration(offset: 0, configuration: learner)])
    let request = AppendEntries(
      prevLogIndex: 0, prevLogTerm: 0, entries: span, leaderCommit: 1)
    let effects = server.receive(.appendEntries(request), from: 2, term: 2)
    let asked = [effects] + server.persist(effects)
    #expect(server.node.standing == .wiped)
    // Its new log may tell of an old time, so it asks what is committed now.
    let question = asked.flatMap(\.messages).compactMap { message -> ReadIndex? in
      guard case .readIndex(let question) = message.body else { return nil }
      return question
    }.first
    guard let question else {
      Issue.record("the leader is not asked")
      return
    }
    let answer = ReadIndexResponse(read: question.read, index: 1)
    _ = server.receive(.readIndexResponse(answer), from: 2, term: 2)
    #expect(server.node.standing == .sound)
  }
}
