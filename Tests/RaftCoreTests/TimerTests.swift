import RaftCore
import RaftTypes
import Testing

/// §5.2 and §9.3: timers, in ticks.
struct TimerTests {
  /// Ticks until `server` does something.
  private func ticksUntilEffect(_ server: Server, limit: Int = 100) -> Int {
    for tick in 1...limit where server.step(.tick) != .only() { return tick }
    return limit + 1
  }

  @Test func `Timeouts are drawn from T up to 2T - 1, each of them`() {
    for settings in [Settings(electionTicks: 2), Settings(electionTicks: 10)] {
      var seen: Set<Int> = []
      for seed in 0..<400 {
        let server = Server(settings: settings, seed: UInt64(seed))
        seen.insert(server.node.electionTimeout)
      }
      #expect(seen == Set(settings.electionTicks..<2 * settings.electionTicks))
    }
  }

  @Test func `The timer fires on the tick that reaches the timeout, not before and not later`() {
    for seed in 0..<50 {
      let server = Server(seed: UInt64(seed))
      let timeout = server.node.electionTimeout
      #expect(ticksUntilEffect(server) == timeout)
      #expect(server.node.role == .candidate)
    }
  }

  @Test func `A candidate draws again and starts the next term's election`() {
    let server = Server()
    _ = server.step(.electionTimeout)
    var timeouts: Set<Int> = []
    for round in 2...60 {
      timeouts.insert(server.node.electionTimeout)
      #expect(ticksUntilEffect(server) <= 19)
      #expect(server.node.currentTerm == Term(UInt64(round)))
    }
    #expect(timeouts.count > 5)
  }

  @Test func `The same seed gives the same timeouts and another seed others`() {
    func timeouts(seed: UInt64) -> [Int] {
      let server = Server(settings: Settings(electionTicks: 1000), seed: seed)
      return (0..<20).map { _ in
        _ = server.step(.campaign)
        return server.node.electionTimeout
      }
    }
    #expect(timeouts(seed: 7) == timeouts(seed: 7))
    #expect(timeouts(seed: 7) != timeouts(seed: 8))
  }

  @Test func `A granted vote and a leader's append reset the timer, even a refused append`() {
    let granted = Server()
    _ = granted.step(.tick)
    _ = granted.receiveVoteRequest(.zero, term: 1)
    #expect(granted.node.electionElapsed == 0)

    let appended = Server(term: 1)
    _ = appended.step(.tick)
    _ = appended.receiveAppend(after: .zero, term: 1)
    #expect(appended.node.electionElapsed == 0)
    _ = appended.step(.tick)
    _ = appended.receiveAppend(after: .at(5, 1), term: 1)
    #expect(appended.node.electionElapsed == 0)
  }

  @Test func `Denied votes, pre-votes, stale appends and answers do not reset the timer`() {
    let server = Server(term: 3, log: [1, 3])
    _ = server.step(.tick)
    _ = server.receiveVoteRequest(.at(9, 1), term: 3)
    _ = server.receiveVoteRequest(.at(9, 1), term: 4)
    _ = server.receivePreVoteRequest(.at(9, 3), term: 5)
    _ = server.receiveAppend(after: .zero, term: 3)
    _ = server.receiveVote(from: 2, term: 5)
    #expect(server.node.electionElapsed == 1)
    #expect(server.node.currentTerm == 5)
  }

  @Test func `A second leader of a term is not heard`() {
    let server = Server(term: 1)
    _ = server.receiveAppend(after: .zero, from: 2, term: 1)
    _ = server.step(.tick)
    #expect(server.receiveAppend([1], after: .zero, from: 3, term: 1) == .only())
    #expect(server.node.electionElapsed == 1)
    #expect(server.node.leader == 2)
  }

  @Test func `A leader's heartbeats are due at their interval, and at the next flush`() {
    let server = Server(settings: Settings(heartbeatTicks: 3))
    server.elect()
    _ = server.step(.flush)
    for tick in 1...9 {
      #expect(server.step(.tick) == .only())
      #expect(server.step(.flush).messages.map(\.to) == (tick % 3 == 0 ? [2, 3] : []))
    }
    #expect(server.step(.heartbeatTimeout) == .only())
    #expect(server.step(.flush).messages.map(\.to) == [2, 3])
  }

  @Test func `A heartbeat timeout means nothing to those who do not lead`() {
    let server = Server()
    #expect(server.step(.heartbeatTimeout) == .only())
    #expect(server.step(.flush) == .only())
  }

  @Test func `A leader that checks steps down when no quorum answered for T, and keeps its vote`() {
    let server = Server(settings: Settings(checkQuorum: true))
    server.elect()
    for _ in 0..<9 { _ = server.step(.tick) }
    #expect(server.node.role == .leader)
    #expect(server.step(.tick) == .only())
    #expect(server.node.role == .follower)
    #expect(server.node.hardState == HardState(term: 1, votedFor: 1))
    #expect(server.node.electionElapsed == 0)
  }

  @Test func `A leader that hears a quorum stays, and a learner's answers are none`() {
    let configuration = Configuration(voters: [1, 2, 3], learners: [4])
    let server = Server(configuration: configuration, settings: Settings(checkQuorum: true))
    server.elect()
    for _ in 0..<5 {
      for _ in 0..<9 { _ = server.step(.tick) }
      _ = server.receiveAccepted(0, from: 3)
      _ = server.step(.tick)
      #expect(server.node.role == .leader)
    }
    for _ in 0..<10 {
      _ = server.receiveAccepted(0, from: 4)
      _ = server.receiveAccepted(0, from: 9)
      _ = server.step(.tick)
    }
    #expect(server.node.role == .follower)
  }

  @Test func `A leader that does not check stays without a quorum`() {
    let server = Server()
    server.elect()
    for _ in 0..<100 { _ = server.step(.tick) }
    #expect(server.node.role == .leader)
  }
}
