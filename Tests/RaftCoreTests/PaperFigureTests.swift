import RaftCore
import RaftTypes
import Testing

/// The paper's Figures 7 and 8.
struct PaperFigureTests {
  /// Passes messages between two servers, with writes completing at once, until both are silent.
  ///
  /// - Returns: the number of AppendEntries that were refused.
  private func converse(_ leader: Server, _ follower: Server) -> Int {
    var refused = 0
    var queue = run(leader, .flush)
    var budget = 200
    while !queue.isEmpty, budget > 0 {
      budget -= 1
      let message = queue.removeFirst()
      guard [leader.node.id, follower.node.id].contains(message.to) else { continue }
      if case .appendEntriesResponse(.rejected) = message.body { refused += 1 }
      let receiver = message.to == leader.node.id ? leader : follower
      queue += run(receiver, .receive(message))
      queue += run(leader, .flush)
    }
    #expect(budget > 0, "the two never stop talking")
    return refused
  }

  private func run(_ server: Server, _ input: Input) -> [Message] {
    let effects = server.step(input)
    return effects.messages + server.persist(effects).flatMap(\.messages)
  }

  @Test(
    "Every log of Figure 7 comes to equal the leader's, in at most a refusal for each term",
    arguments: [
      [1, 1, 1, 4, 4, 5, 5, 6, 6], [1, 1, 1, 4], [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
      [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], [1, 1, 1, 4, 4, 4, 4],
      [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ] as [[UInt64]])
  func figure7(terms: [UInt64]) {
    let leader = Server(term: 7, log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6])
    let follower = Server(2, term: 7, log: terms.map { Term($0) })
    leader.persist(leader.elect(by: [3]))
    let refused = converse(leader, follower)
    #expect(follower.terms == leader.terms)
    #expect(follower.terms == [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8])
    #expect(leader.node.commitIndex == 11)
    #expect(follower.node.commitIndex == 11)
    #expect(refused <= 2)
  }

  @Test func `Figure 8: an old entry on a majority commits only with one of the own term`() {
    let five = Configuration(voters: [1, 2, 3, 4, 5])
    let settings = Settings(maxEntriesPerAppend: 1)
    // (c): server 1 leads term 4 and has sent 2@2 to server 3; a majority holds it.
    let first = Server(term: 3, log: [1, 2], configuration: five, settings: settings)
    first.persist(first.elect(by: [2, 3]))
    _ = first.receiveAccepted(2, from: 2)
    _ = first.receiveAccepted(2, from: 3)
    #expect(first.node.commitIndex == 0)

    // (d): so server 5 with 2@3 may still win with the votes of 2, 3 and 4, and overwrite it.
    let third = Server(3, term: 4, log: [1, 2], configuration: five)
    #expect(third.receiveVoteRequest(.at(2, 3), from: 5, term: 5).hardState?.votedFor == 5)
    third.persist(third.receiveAppend([3], after: .at(1, 1), from: 5, term: 5))
    #expect(third.terms == [1, 3])

    // (e): with its own entry on a majority, both are committed, and server 5 can't win.
    _ = first.receiveAccepted(3, from: 2)
    _ = first.receiveAccepted(3, from: 3)
    #expect(first.node.commitIndex == 3)
    let second = Server(2, term: 4, log: [1, 2, 4], configuration: five)
    #expect(second.receiveVoteRequest(.at(2, 3), from: 5, term: 5).hardState?.votedFor == nil)
  }
}
