import RaftCore
import RaftTypes
import Testing

/// §5.2: elections.
struct ElectionTests {
  private func vote(_ server: Server, to voter: ServerID, disrupt: Bool = false) -> Message {
    server.message(
      to: voter,
      .requestVote(
        RequestVote(
          lastLogIndex: server.node.lastLogIndex, lastLogTerm: server.node.lastLogTerm,
          disrupt: disrupt)))
  }

  @Test func `A node starts as a follower that knows no leader`() {
    let server = Server(term: 3, votedFor: 1, log: [1, 3])
    #expect(server.node.role == .follower)
    #expect(server.node.leader == nil)
    #expect(server.node.commitIndex == 0)
    #expect(server.node.durableIndex == 2)
  }

  @Test func `A candidate increments its term, votes for itself and asks the other voters`() {
    let configuration = Configuration(voters: [1, 2, 3], learners: [4])
    let server = Server(term: 2, log: [1, 2], configuration: configuration)
    let effects = server.step(.electionTimeout)
    #expect(
      effects
        == .only(
          hardState: HardState(term: 3, votedFor: 1),
          messages: [vote(server, to: 2), vote(server, to: 3)]))
    #expect(server.node.role == .candidate)
  }

  @Test func `In a joint configuration the voters of both are asked`() {
    let joint = Configuration(voters: [1, 2], outgoing: [1, 3], learners: [4])
    let server = Server(configuration: joint)
    #expect(server.step(.campaign).messages.map(\.to) == [2, 3])
  }

  @Test func `The own vote counts once it is durable`() {
    let server = Server()
    let effects = server.step(.campaign)
    #expect(server.receiveVote(from: 2) == .only())
    #expect(server.node.role == .candidate)
    server.persist(effects)
    #expect(server.node.role == .leader)
  }

  @Test func `The own vote of an earlier term does not count`() {
    let server = Server()
    let first = server.step(.campaign)
    _ = server.step(.campaign)
    _ = server.receiveVote(from: 2)
    server.persist(first)
    #expect(server.node.role == .candidate)
  }

  @Test func `A single voter leads once its vote is durable`() {
    let server = Server(configuration: Configuration(voters: [1]))
    let effects = server.step(.electionTimeout)
    #expect(effects == .only(hardState: HardState(term: 1, votedFor: 1)))
    #expect(server.node.role == .candidate)
    server.persist(effects)
    #expect(server.node.role == .leader)
  }

  @Test func `A new leader appends an entry of its term and sends it with the next flush`() {
    let server = Server(term: 1, log: [1, 1])
    let effects = server.elect()
    #expect(
      effects
        == .only(
          append: Append(
            range: entries(3, 3), ticket: AppendTicket(sequence: 1, upTo: 3),
            source: .internalEntry, truncates: false)))
    #expect(server.node.leader == 1)
    let request = MessageBody.appendEntries(
      AppendEntries(
        prevLogIndex: 2, prevLogTerm: 1, entries: EntrySpan(term: 2, count: 1), leaderCommit: 0))
    #expect(
      server.step(.flush)
        == .only(messages: [server.message(to: 2, request), server.message(to: 3, request)]))
    #expect(server.step(.flush) == .only())
  }

  @Test func `Denials, repeated votes, strangers' votes and old votes do not elect`() {
    let server = Server(term: 1, configuration: Configuration(voters: [1, 2, 3, 4, 5]))
    server.persist(server.step(.campaign))
    _ = server.receiveVote(from: 2)
    _ = server.receiveVote(from: 2)
    _ = server.receiveVote(granted: false, from: 3)
    _ = server.receiveVote(from: 9)
    _ = server.receiveVote(from: 4, term: 1)
    #expect(server.node.role == .candidate)
    _ = server.receiveVote(from: 5)
    #expect(server.node.role == .leader)
  }

  @Test func `The tally starts anew with each election`() {
    let server = Server(configuration: Configuration(voters: [1, 2, 3, 4, 5]))
    server.persist(server.step(.campaign))
    _ = server.receiveVote(from: 2)
    server.persist(server.step(.electionTimeout))
    #expect(server.node.currentTerm == 2)
    _ = server.receiveVote(from: 3)
    #expect(server.node.role == .candidate)
  }

  @Test func `A candidate returns to follower for the leader of its term, and keeps its vote`() {
    let server = Server()
    server.persist(server.step(.campaign))
    let effects = server.receiveAppend(after: .zero, term: 1)
    #expect(
      effects
        == .only(
          messages: [server.message(to: 2, .appendEntriesResponse(.accepted(match: 0)))]))
    #expect(server.node.role == .follower)
    #expect(server.node.votedFor == 1)
    #expect(server.receiveVote(from: 3) == .only())
    #expect(server.node.role == .follower)
  }

  @Test func `A higher term in any message but a pre-vote makes a follower of every role`() {
    let bodies: [MessageBody] = [
      .requestVote(RequestVote(lastLogIndex: 0, lastLogTerm: 0)),
      .requestVoteResponse(VoteResponse(granted: true)),
      .preVoteResponse(VoteResponse(granted: false)),
      .appendEntriesResponse(.accepted(match: 1)), .timeoutNow,
      .appendEntries(
        AppendEntries(prevLogIndex: 0, prevLogTerm: 0, entries: EntrySpan(), leaderCommit: 0)),
    ]
    for body in bodies {
      let leader = Server()
      leader.elect()
      #expect(leader.receive(body, from: 3, term: 7).hardState?.term == 7)
      #expect(leader.node.role == .follower)
      let candidate = Server()
      _ = candidate.step(.campaign)
      #expect(candidate.receive(body, from: 3, term: 7).hardState?.term == 7)
      #expect(candidate.node.role == .follower)
    }
  }

  @Test func `Leaders, learners and outsiders do not campaign`() {
    let leader = Server()
    leader.elect()
    let learner = Server(4, configuration: Configuration(voters: [1, 2, 3], learners: [4]))
    let outsider = Server(9)
    for server in [leader, learner, outsider] {
      let role = server.node.role
      #expect(server.step(.campaign) == .only(outcome: .blocked))
      #expect(server.step(.electionTimeout) == .only(outcome: .blocked))
      #expect(server.node.role == role)
    }
    for server in [learner, outsider] {
      for _ in 0..<100 { #expect(server.step(.tick) == .only()) }
    }
  }

  @Test func `TimeoutNow from the leader starts an election that overrides the leader`() {
    let server = Server(term: 1, settings: Settings(preVote: true))
    _ = server.receiveAppend(after: .zero, term: 1)
    #expect(server.receive(.timeoutNow, from: 3, term: 1) == .only())
    let effects = server.receive(.timeoutNow, from: 2, term: 1)
    #expect(
      effects
        == .only(
          hardState: HardState(term: 2, votedFor: 1),
          messages: [vote(server, to: 2, disrupt: true), vote(server, to: 3, disrupt: true)]))
  }

  @Test func `The last term there is can't be followed by an election`() {
    let server = Server()
    _ = server.receiveVoteRequest(.zero, term: Term(.max))
    #expect(server.step(.campaign) == .only(outcome: .blocked))
  }
}
