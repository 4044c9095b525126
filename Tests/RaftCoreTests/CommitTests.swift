import RaftCore
import RaftTypes
import Testing

/// §5.3 and §5.4.2: what commits.
struct CommitTests {
  @Test func `An entry of an earlier term is not committed by counting replicas`() {
    let server = Server(term: 2, log: [1, 2])
    server.persist(server.elect())
    #expect(server.receiveAccepted(2, from: 2) == .only())
    #expect(server.receiveAccepted(2, from: 3) == .only())
    #expect(server.node.commitIndex == 0)
    #expect(server.receiveAccepted(3, from: 3) == .only(apply: entries(1, 3)))
    #expect(server.node.commitIndex == 3)
  }

  @Test func `One follower's answers are not a majority of five`() {
    let server = Server(configuration: Configuration(voters: [1, 2, 3, 4, 5]))
    server.persist(server.elect(by: [2, 3]))
    _ = server.receiveAccepted(1, from: 2)
    _ = server.receiveAccepted(1, from: 2)
    #expect(server.node.commitIndex == 0)
    _ = server.receiveAccepted(1, from: 5)
    #expect(server.node.commitIndex == 1)
  }

  @Test func `Learners and strangers are not counted`() {
    let server = Server(configuration: Configuration(voters: [1, 2, 3], learners: [4, 5]))
    server.persist(server.elect())
    for id in [4, 5, 9] as [ServerID] { _ = server.receiveAccepted(1, from: id) }
    #expect(server.node.commitIndex == 0)
  }

  @Test func `A follower's bound is the last entry that was checked`() {
    // The leader's log is known to match up to 6; 7 and 8 may be anything.
    let server = Server(term: 3, log: [1, 1, 1, 1, 3, 3, 3, 3])
    let effects = server.receiveAppend([3, 3], after: .at(4, 1), commit: 8, term: 4)
    #expect(effects.apply == entries(1, 6))
    #expect(server.node.commitIndex == 6)
    #expect(server.receiveAppend(after: .at(8, 3), commit: 8, term: 4).apply == entries(7, 8))
  }

  @Test func `A follower's commit index never goes back`() {
    let server = Server(term: 1, log: [1, 1, 1, 1, 1, 1])
    _ = server.receiveAppend(after: .at(6, 1), commit: 5, term: 1)
    _ = server.receiveAppend([1], after: .at(2, 1), commit: 6, term: 1)
    #expect(server.node.commitIndex == 5)
    _ = server.receiveAppend(after: .at(6, 1), commit: 1, term: 1)
    #expect(server.node.commitIndex == 5)
  }

  @Test func `A follower commits old and new terms alike on the leader's word`() {
    let server = Server(term: 2, log: [1, 2])
    #expect(server.receiveAppend(after: .at(2, 2), commit: 1, term: 3).apply == entries(1, 1))
  }

  @Test func `A deposed leader keeps its commit index, and what is committed stays`() {
    let server = Server()
    server.persist(server.elect())
    _ = server.receiveAccepted(1, from: 2)
    #expect(server.receiveAppend([2], after: .zero, term: 2).append == nil)
    #expect(server.node.commitIndex == 1)
    #expect(server.terms == [1])
  }

  @Test func `A leader's commit index follows the median of permuted answers`() {
    let five = Configuration(voters: [1, 2, 3, 4, 5])
    let answers: [(ServerID, LogIndex)] = [(2, 4), (3, 2), (4, 3), (5, 1)]
    for first in 0..<4 {
      for second in 0..<4 where second != first {
        for third in 0..<4 where third != first && third != second {
          let server = Server(configuration: five)
          server.persist(server.elect(by: [2, 3]))
          server.persist(server.propose(4))
          for place in [first, second, third, 6 - first - second - third] {
            _ = server.receiveAccepted(answers[place].1, from: answers[place].0)
          }
          #expect(server.node.commitIndex == 3, "matches 5 4 3 2 1")
        }
      }
    }
  }
}
