import RaftCore
import RaftTypes
import Testing

/// Thesis, §9.6: asking before electing.
struct PreVoteTests {
  private let settings = Settings(preVote: true)

  private func request(_ server: Server, to voter: ServerID, term: Term) -> Message {
    server.message(
      to: voter,
      .preVote(
        RequestVote(lastLogIndex: server.node.lastLogIndex, lastLogTerm: server.node.lastLogTerm)),
      term: term)
  }

  private func answer(_ server: Server, _ granted: Bool, term: Term) -> Message {
    server.message(to: 2, .preVoteResponse(VoteResponse(granted: granted)), term: term)
  }

  @Test func `A pre-vote asks about the next term and changes neither term nor vote`() {
    let server = Server(term: 4, votedFor: 3, log: [1, 4], settings: settings)
    #expect(
      server.step(.electionTimeout)
        == .only(messages: [request(server, to: 2, term: 5), request(server, to: 3, term: 5)]))
    #expect(server.node.role == .preCandidate)
    #expect(server.node.hardState == HardState(term: 4, votedFor: 3))
    #expect(server.node.leader == nil)
  }

  @Test func `A quorum of pre-votes starts the election in the same step`() {
    let server = Server(term: 4, settings: settings)
    _ = server.step(.electionTimeout)
    let vote = MessageBody.requestVote(RequestVote(lastLogIndex: 0, lastLogTerm: 0))
    let effects = server.receivePreVote(from: 3, term: 5)
    #expect(
      effects
        == .only(
          hardState: HardState(term: 5, votedFor: 1),
          messages: [server.message(to: 2, vote), server.message(to: 3, vote)]))
    #expect(server.node.role == .candidate)
  }

  @Test func `A single voter needs to ask nobody`() {
    let server = Server(configuration: Configuration(voters: [1]), settings: settings)
    let effects = server.step(.electionTimeout)
    #expect(effects == .only(hardState: HardState(term: 1, votedFor: 1)))
    server.persist(effects)
    #expect(server.node.role == .leader)
  }

  @Test func `A repeated pre-vote counts once, a denied, old or foreign one never`() {
    let five = Configuration(voters: [1, 2, 3, 4, 5])
    let server = Server(term: 4, configuration: five, settings: settings)
    _ = server.step(.electionTimeout)
    #expect(server.receivePreVote(from: 2, term: 5) == .only())
    #expect(server.receivePreVote(from: 2, term: 5) == .only())
    #expect(server.receivePreVote(granted: false, from: 3, term: 4) == .only())
    #expect(server.receivePreVote(from: 3, term: 4) == .only())
    #expect(server.receivePreVote(from: 3, term: 6) == .only())
    #expect(server.receivePreVote(from: 9, term: 5) == .only())
    #expect(server.receiveVote(from: 3) == .only())
    #expect(server.node.role == .preCandidate)
    _ = server.receivePreVote(from: 3, term: 5)
    #expect(server.node.role == .candidate)
  }

  @Test func `A late pre-vote is no vote in the election that follows`() {
    let five = Configuration(voters: [1, 2, 3, 4, 5])
    let server = Server(configuration: five, settings: settings)
    _ = server.step(.electionTimeout)
    _ = server.receivePreVote(from: 2, term: 1)
    server.persist(server.receivePreVote(from: 3, term: 1))
    #expect(server.receivePreVote(from: 4, term: 1) == .only())
    #expect(server.receivePreVote(from: 5, term: 1) == .only())
    #expect(server.node.role == .candidate)
  }

  @Test func `A denial with a higher term is taken over`() {
    let server = Server(term: 1, settings: settings)
    _ = server.step(.electionTimeout)
    #expect(
      server.receivePreVote(granted: false, from: 2, term: 5)
        == .only(hardState: HardState(term: 5)))
    #expect(server.node.role == .follower)
  }

  @Test func `A grant echoes the term asked about and changes nothing`() {
    let server = Server(term: 1, log: [1], settings: settings)
    let before = server.node.electionElapsed
    #expect(
      server.receivePreVoteRequest(.at(1, 1), term: 6)
        == .only(messages: [answer(server, true, term: 6)]))
    #expect(server.node.hardState == HardState(term: 1))
    #expect(server.node.electionElapsed == before)
  }

  @Test func `A denial carries the voter's own term`() {
    let server = Server(term: 4, log: [1, 4], settings: settings)
    #expect(
      server.receivePreVoteRequest(.at(5, 1), term: 5)
        == .only(messages: [answer(server, false, term: 4)]))
    #expect(
      server.receivePreVoteRequest(.at(9, 4), term: 2)
        == .only(messages: [answer(server, false, term: 4)]))
  }

  @Test func `A pre-vote for the current term is granted only if the vote is free`() {
    let voted = Server(term: 4, votedFor: 3)
    #expect(
      voted.receivePreVoteRequest(.zero, term: 4)
        == .only(messages: [answer(voted, false, term: 4)]))
    let free = Server(term: 4)
    #expect(
      free.receivePreVoteRequest(.zero, term: 4)
        == .only(messages: [answer(free, true, term: 4)]))
  }

  @Test func `A voter that hears a leader denies, and grants once it lapsed`() {
    let server = Server(term: 1, settings: settings)
    _ = server.receiveAppend(after: .zero, from: 3, term: 1)
    #expect(
      server.receivePreVoteRequest(.zero, term: 2)
        == .only(messages: [answer(server, false, term: 1)]))
    for _ in 0..<10 { _ = server.step(.tick) }
    #expect(
      server.receivePreVoteRequest(.zero, term: 2).messages == [answer(server, true, term: 2)])
  }

  @Test func `A leader denies pre-votes`() {
    let server = Server()
    server.elect()
    #expect(
      server.receivePreVoteRequest(.at(9, 9), term: 9)
        == .only(messages: [answer(server, false, term: 1)]))
    #expect(server.node.role == .leader)
  }

  @Test func `A pre-candidate returns to follower for its term's leader`() {
    let server = Server(term: 2, settings: settings)
    _ = server.step(.electionTimeout)
    _ = server.receiveAppend(after: .zero, term: 2)
    #expect(server.node.role == .follower)
    #expect(server.node.leader == 2)
    #expect(server.receivePreVote(from: 3, term: 3) == .only())
    #expect(server.node.role == .follower)
  }

  @Test func `A pre-candidate that grants its vote gives up its own election`() {
    let server = Server(term: 2, settings: settings)
    _ = server.step(.electionTimeout)
    #expect(server.receiveVoteRequest(.zero, term: 2).hardState?.votedFor == 2)
    #expect(server.node.role == .follower)
    #expect(server.receivePreVote(from: 3, term: 3) == .only())
  }

  @Test func `A campaign skips the pre-vote`() {
    let server = Server(settings: settings)
    #expect(server.step(.campaign).hardState == HardState(term: 1, votedFor: 1))
    #expect(server.node.role == .candidate)
  }
}
