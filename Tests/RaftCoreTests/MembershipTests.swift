import RaftCore
import RaftTypes
import Testing

/// How the configuration changes, and what it means for elections and commitment.
struct MembershipTests {
  /// A leader of servers 1 to 3 whose first entry has committed at position 1 of term 1.
  private func leader(
    _ configuration: Configuration = Configuration(voters: [1, 2, 3]),
    settings: Settings = Settings()
  ) -> Server {
    let server = Server(configuration: configuration, settings: settings)
    let others = configuration.voters.filter { $0 != 1 }
    server.persist(server.elect(by: others))
    _ = server.step(.flush)
    for other in others { _ = server.receiveAccepted(1, from: other) }
    precondition(server.node.commitIndex == 1)
    return server
  }

  private func change(
    _ voters: [ServerID], learners: [ServerID] = [], _ use: JointUse = .automatic
  ) -> Input {
    .configure(.change(voters: voters, learners: learners, use))
  }

  private func receive(
    _ server: Server, _ entries: [(Term, Configuration?)], after previous: LogPosition,
    commit: LogIndex = 0, term: Term
  ) -> Effects {
    let span = EntrySpan(
      runs: entries.map { TermRun(term: $0.0, count: 1) },
      configurations: entries.enumerated().compactMap { offset, entry in
        entry.1.map { SpanConfiguration(offset: offset, configuration: $0) }
      })
    let request = AppendEntries(
      prevLogIndex: previous.index, prevLogTerm: previous.term, entries: span,
      leaderCommit: commit)
    return server.receive(.appendEntries(request), from: 2, term: term)
  }

  // MARK: On a leader

  @Test func `A change of one voter is in force as soon as it is appended`() {
    let server = leader()
    let effects = server.step(change([1, 2, 3, 4]))
    let target = Configuration(voters: [1, 2, 3, 4])
    #expect(effects.outcome == .accepted)
    #expect(effects.append?.source == .configuration(target))
    #expect(server.node.configuration == target)
    #expect(server.node.configurationIndex == 2)
    server.persist(effects)
    let sent = server.flushed(to: 2)
    #expect(
      sent.map(\.entries.configurations)
        == [[SpanConfiguration(offset: 0, configuration: target)]])
    // Two of four are no majority.
    _ = server.receiveAccepted(2, from: 2)
    #expect(server.node.commitIndex == 1)
    _ = server.receiveAccepted(2, from: 4)
    #expect(server.node.commitIndex == 2)
  }

  @Test func `What a leader refuses, it does not append`() {
    let server = leader()
    let refusals: [(Input, Refusal)] = [
      (change([]), .invalidConfiguration),
      (change([1, 2, 2]), .invalidConfiguration),
      (change([1, 2], learners: [2]), .invalidConfiguration),
      (change([3, 2, 1]), .unchanged),
      (change([1, 4, 5], .never), .notSimple),
      (.configure(.leaveJoint), .notJoint),
    ]
    for (input, refusal) in refusals {
      #expect(server.step(input) == .only(outcome: .refused(refusal)))
    }
    #expect(server.step(change([1, 2])).outcome == .accepted)
    #expect(server.step(change([1, 2, 3])).outcome == .refused(.changePending))
    #expect(Server().step(change([1])).outcome == .notLeader(nil))
  }

  @Test("No change before an entry of the own term has committed")
  func termGate() {
    let server = Server(term: 1, log: [1])
    server.persist(server.elect())
    #expect(server.step(change([1, 2])).outcome == .refused(.noCommitInTerm))
    _ = server.receiveAccepted(1, from: 2)
    #expect(server.step(change([1, 2])).outcome == .refused(.noCommitInTerm))
    _ = server.receiveAccepted(2, from: 2)
    #expect(server.step(change([1, 2])).outcome == .accepted)
  }

  @Test func `Several voters change through a joint configuration, which is left by itself`() {
    let server = leader()
    let effects = server.step(change([1, 4, 5], learners: [2]))
    server.persist(effects)
    let joint = Configuration(voters: [1, 4, 5], outgoing: [1, 2, 3], learnersNext: [2])
    #expect(server.node.configuration == joint)
    for other in [4, 5] as [ServerID] { _ = server.receiveAccepted(2, from: other) }
    #expect(server.node.commitIndex == 1)
    let left = server.receiveAccepted(2, from: 3)
    #expect(server.node.commitIndex == 2)
    let target = Configuration(voters: [1, 4, 5], learners: [2])
    #expect(left.append?.source == .configuration(target))
    #expect(server.node.configuration == target)
    #expect(server.node.progress(of: 3) == nil)
    #expect(server.node.progress(of: 4)?.match == 2)
  }

  @Test func `An explicit joint configuration waits for its leader's word, not for a new one's`() {
    let server = leader()
    server.persist(server.step(change([1, 2, 4], .explicit)))
    for other in [2, 3, 4] as [ServerID] { _ = server.receiveAccepted(2, from: other) }
    #expect(server.node.commitIndex == 2)
    #expect(server.node.configuration.isJoint)
    #expect(server.step(change([1, 2, 5])).outcome == .refused(.changePending))
    #expect(server.step(.configure(.leaveJoint)).outcome == .accepted)
    #expect(server.node.configuration == Configuration(voters: [1, 2, 4]))

    let joint = Configuration(voters: [1, 2, 4], outgoing: [1, 2, 3])
    let next = Server(term: 1)
    next.persist(receive(next, [(1, nil), (1, joint)], after: .zero, commit: 2, term: 1))
    next.persist(next.elect(by: [2, 3, 4]))
    #expect(next.node.configuration == joint)
    let effects = next.receiveAccepted(3, from: 2)
    #expect(effects.append?.source == .configuration(Configuration(voters: [1, 2, 4])))
  }

  @Test func `A leader that removes itself leads without counting itself, and then steps down`() {
    let server = leader()
    server.persist(server.step(change([2, 3])))
    #expect(server.node.role == .leader)
    _ = server.receiveAccepted(2, from: 2)
    #expect(server.node.commitIndex == 1)
    let effects = server.receiveAccepted(2, from: 3)
    #expect(server.node.commitIndex == 2)
    #expect(server.node.role == .follower)
    // It says that its removal has committed before it falls silent.
    #expect(server.appends(effects, to: 2).contains { $0.leaderCommit == 2 })
    #expect(server.step(.electionTimeout).outcome == .blocked)
  }

  @Test func `A new server does not cost the leader its quorum before it could answer`() {
    let server = leader(
      Configuration(voters: [1]), settings: Settings(checkQuorum: true))
    server.persist(server.step(change([1, 2])))
    for _ in 0..<10 { _ = server.step(.tick) }
    #expect(server.node.role == .leader)
    for _ in 0..<10 { _ = server.step(.tick) }
    #expect(server.node.role == .follower)
  }

  @Test func `A learner is sent everything and counted for nothing`() {
    let server = leader()
    server.persist(server.step(change([1, 2, 3], learners: [4])))
    #expect(server.flushed(to: 4).isEmpty == false)
    _ = server.receiveAccepted(2, from: 4)
    #expect(server.node.commitIndex == 1)
    _ = server.receiveAccepted(2, from: 2)
    #expect(server.node.commitIndex == 2)
    server.persist(server.step(change([1, 2, 3, 4])))
    #expect(server.node.progress(of: 4)?.match == 2)
  }

  // MARK: On a follower

  @Test func `A configuration that is cut off is rolled back`() {
    let server = Server(term: 1)
    let first = server.node.configuration
    let added = Configuration(voters: [1, 2, 3, 4])
    server.persist(receive(server, [(1, nil), (1, added)], after: .zero, term: 1))
    #expect(server.node.configuration == added)
    server.persist(receive(server, [(2, nil)], after: .at(1, 1), term: 2))
    #expect(server.node.configuration == first)
    #expect(server.node.configurationIndex == 0)
  }

  @Test func `A restart finds the configurations in the log`() {
    let added = Configuration(voters: [1, 2, 3, 4], outgoing: [1, 2, 3])
    let span = EntrySpan(
      runs: [TermRun(term: 1, count: 3)],
      configurations: [SpanConfiguration(offset: 1, configuration: added)])
    let node = Node(
      BootState(
        id: 1, hardState: HardState(term: 1), log: span,
        configuration: Configuration(voters: [1, 2, 3]), seed: 1),
      settings: Settings())
    #expect(node.configuration == added)
    #expect(node.configuration(asOf: 1) == Configuration(voters: [1, 2, 3]))
    #expect(node.configuration(asOf: 2) == added)
  }

  @Test func `A voter whose removal is not committed may still have to lead`() {
    let removed = Configuration(voters: [2, 3])
    let server = Server(term: 1)
    server.persist(receive(server, [(1, nil), (1, removed)], after: .zero, commit: 1, term: 1))
    server.persist(server.step(.electionTimeout))
    #expect(server.node.role == .candidate)
    _ = server.receiveVote(from: 2)
    #expect(server.node.role == .candidate)
    _ = server.receiveVote(from: 3)
    #expect(server.node.role == .leader)

    let gone = Server(term: 1)
    gone.persist(receive(gone, [(1, nil), (1, removed)], after: .zero, commit: 2, term: 1))
    #expect(gone.step(.electionTimeout).outcome == .blocked)
  }

  @Test func `A learner votes when it is asked, and never stands`() {
    let server = Server(
      4, configuration: Configuration(voters: [1, 2, 3], learners: [4]))
    #expect(server.step(.electionTimeout).outcome == .blocked)
    let effects = server.receiveVoteRequest(.zero, from: 2, term: 1)
    #expect(
      effects.messages
        == [server.message(to: 2, .requestVoteResponse(VoteResponse(granted: true)))])
  }

  @Test func `A message with an impossible configuration is ignored`() {
    let server = Server(term: 1)
    for bad in [
      Configuration(voters: []), Configuration(voters: [1, 1]),
      Configuration(voters: [1], learners: [1]), Configuration(voters: [1], learnersNext: [2]),
    ] {
      #expect(receive(server, [(1, bad)], after: .zero, term: 1) == .only())
    }
    #expect(server.node.lastLogIndex == 0)
  }

  @Test func `A configuration that the snapshot covers is sent on while its entry is in the log`() {
    let added = Configuration(voters: [1, 2, 3, 4])
    let among = SpanConfiguration(offset: 1, configuration: added)
    let server = Server()
    server.node = Node(
      BootState(
        id: 1, hardState: HardState(term: 1), snapshot: .at(3, 1), base: .zero,
        log: EntrySpan(runs: [TermRun(term: 1, count: 3)], configurations: [among]),
        configuration: added, seed: 1),
      settings: Settings())
    server.persist(server.elect(by: [2, 3]))
    _ = server.step(.flush)
    _ = server.receiveRejected(3, hint: .zero, from: 4)
    #expect(server.flushed(to: 4).first?.entries.configurations == [among])
  }
}
