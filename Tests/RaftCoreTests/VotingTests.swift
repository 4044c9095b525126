import RaftCore
import RaftTypes
import Testing

/// §5.2 and §5.4.1: who gets a vote.
struct VotingTests {
  private func answer(_ server: Server, _ granted: Bool, term: Term? = nil) -> Message {
    server.message(
      to: 2, .requestVoteResponse(VoteResponse(granted: granted)), term: term)
  }

  @Test func `A vote changes the hard state in the step that grants it`() {
    let server = Server(term: 1)
    let effects = server.receiveVoteRequest(.zero, term: 2)
    #expect(
      effects
        == .only(
          hardState: HardState(term: 2, votedFor: 2),
          messages: [answer(server, true)]))
  }

  @Test func `A voter grants one vote a term, and the same one again`() {
    let server = Server(term: 2, votedFor: 2)
    #expect(server.receiveVoteRequest(.zero, term: 2) == .only(messages: [answer(server, true)]))
    #expect(
      server.receiveVoteRequest(.zero, from: 3, term: 2)
        == .only(
          messages: [server.message(to: 3, .requestVoteResponse(VoteResponse(granted: false)))]))
    #expect(server.node.votedFor == 2)
  }

  @Test func `A vote for server 0 is a vote`() {
    let configuration = Configuration(voters: [0, 1, 2])
    let server = Server(term: 2, votedFor: 0, configuration: configuration)
    #expect(server.receiveVoteRequest(.zero, term: 2) == .only(messages: [answer(server, false)]))
  }

  @Test(
    "The log with the higher last term is more up to date, and of equal ones the longer",
    arguments: [
      (LogPosition.at(3, 2), true), (.at(4, 2), true), (.at(2, 2), false), (.at(1, 3), true),
      (.at(9, 1), false), (.zero, false),
    ])
  func upToDate(last: LogPosition, granted: Bool) {
    let server = Server(term: 3, log: [1, 1, 2])
    #expect(
      server.receiveVoteRequest(last, term: 3)
        == .only(
          hardState: granted ? HardState(term: 3, votedFor: 2) : nil,
          messages: [answer(server, granted)]))
  }

  @Test func `A stale candidate is denied and told the current term`() {
    let server = Server(term: 5)
    #expect(
      server.receiveVoteRequest(.at(9, 4), term: 4)
        == .only(messages: [answer(server, false, term: 5)]))
  }

  @Test func `A denied candidate's higher term is taken over and its vote stays free`() {
    let server = Server(term: 2, votedFor: 1, log: [1, 2])
    #expect(
      server.receiveVoteRequest(.at(1, 1), term: 4)
        == .only(
          hardState: HardState(term: 4, votedFor: nil),
          messages: [answer(server, false)]))
    #expect(server.receiveVoteRequest(.at(2, 2), from: 3, term: 4).hardState?.votedFor == 3)
  }

  @Test func `A candidate from outside the configuration is answered`() {
    let server = Server()
    #expect(
      server.receiveVoteRequest(.zero, from: 9, term: 1)
        == .only(
          hardState: HardState(term: 1, votedFor: 9),
          messages: [server.message(to: 9, .requestVoteResponse(VoteResponse(granted: true)))]))
  }

  @Test func `A learner votes when it is asked`() {
    let server = Server(4, configuration: Configuration(voters: [1, 2, 3], learners: [4]))
    #expect(server.receiveVoteRequest(.zero, term: 1).hardState?.votedFor == 2)
  }

  @Test func `A leader and a candidate grant a higher term's candidate its vote`() {
    let leader = Server()
    leader.elect()
    #expect(leader.receiveVoteRequest(.at(1, 1), term: 2).hardState?.votedFor == 2)
    #expect(leader.node.role == .follower)

    let candidate = Server()
    candidate.persist(candidate.step(.campaign))
    #expect(candidate.receiveVoteRequest(.zero, term: 2).hardState?.votedFor == 2)
    #expect(candidate.node.role == .follower)
  }

  @Test func `With check-quorum a voter that hears a leader refuses and keeps its term`() {
    let server = Server(term: 1, settings: Settings(checkQuorum: true))
    _ = server.receiveAppend(after: .zero, from: 3, term: 1)
    #expect(
      server.receiveVoteRequest(.zero, term: 2)
        == .only(messages: [answer(server, false, term: 1)]))
    #expect(server.receiveVoteRequest(.zero, disrupt: true, term: 2).hardState?.votedFor == 2)
  }

  @Test func `With check-quorum a voter whose leader lapsed grants`() {
    let server = Server(term: 1, settings: Settings(checkQuorum: true))
    _ = server.receiveAppend(after: .zero, from: 3, term: 1)
    #expect(server.step(.leaderLapsed) == .only())
    #expect(server.receiveVoteRequest(.zero, term: 2).hardState?.votedFor == 2)
  }

  @Test func `With check-quorum a leader refuses to be deposed by a request`() {
    let server = Server(settings: Settings(checkQuorum: true))
    server.elect()
    #expect(
      server.receiveVoteRequest(.at(9, 9), term: 9)
        == .only(messages: [answer(server, false, term: 1)]))
    #expect(server.node.role == .leader)
  }

  @Test func `Without check-quorum and pre-vote a heard leader protects nobody`() {
    let server = Server(term: 1)
    _ = server.receiveAppend(after: .zero, from: 3, term: 1)
    #expect(server.receiveVoteRequest(.zero, term: 2).hardState?.votedFor == 2)
  }
}
