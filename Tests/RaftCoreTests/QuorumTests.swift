import RaftCore
import RaftTypes
import Testing

/// §6: majorities, exhaustively for small sizes, against a count made another way.
struct QuorumTests {
  /// Whether more than half of `members` are in `set`.
  private func isMajority(_ set: Set<ServerID>, of members: [ServerID]) -> Bool {
    2 * members.filter(set.contains).count > members.count
  }

  private func subsets(_ servers: [ServerID]) -> [Set<ServerID>] {
    (0..<(1 << servers.count)).map { bits in
      Set(servers.indices.filter { bits & (1 << $0) != 0 }.map { servers[$0] })
    }
  }

  /// Configurations in which server 1 votes: one to seven voters, and joint ones of every overlap.
  static let configurations: [Configuration] = {
    let plain = (1...7).map { count in
      Configuration(voters: (1...UInt64(count)).map { ServerID($0) }, learners: [8])
    }
    let joint: [([ServerID], [ServerID])] = [
      ([1], [2]), ([1, 2], [1]), ([1, 2, 3], [1]), ([1, 2, 3], [3, 4, 5]), ([2, 3], [1, 4]),
      ([1, 2, 3], [1, 2, 3]), ([2, 3, 4], [1, 2, 3]), ([1, 2, 3, 4], [4, 5]), ([1], [2, 3, 4, 5]),
    ]
    return plain
      + joint.map { Configuration(voters: $0.0, outgoing: $0.1, learners: [8], learnersNext: [9]) }
  }()

  @Test("A vote wins with a majority of each configuration", arguments: configurations)
  func votes(configuration: Configuration) {
    let others = configuration.members.filter { $0 != 1 }
    for granting in subsets(others) {
      let server = Server(configuration: configuration)
      server.persist(server.step(.campaign))
      for voter in granting.sorted() { _ = server.receiveVote(from: voter) }
      let all = granting.union([1])
      let wins =
        isMajority(all, of: configuration.voters)
        && (!configuration.isJoint || isMajority(all, of: configuration.outgoing))
      #expect(server.node.role == (wins ? .leader : .candidate), "granted by \(all.sorted())")
    }
  }

  @Test("A position commits with a majority of each configuration", arguments: configurations)
  func commits(configuration: Configuration) {
    let others = configuration.members.filter { $0 != 1 && $0 < 8 }
    let depth = others.count > 4 ? 2 : 4
    for own in 1...depth {
      for code in 0..<power(depth, others.count) {
        let matches = digits(code, base: depth, count: others.count)
        let server = Server(configuration: configuration)
        let first = server.elect(by: others)
        let second = server.propose(depth - 1)
        if own == 1 { server.persist(first) }
        if own == depth { server.persist(second) }
        for learner in [8, 9] as [ServerID] { _ = server.receiveAccepted(1, from: learner) }
        var reached: [ServerID: Int] = [1: own == 1 ? 1 : own == depth ? depth : 0]
        for (other, match) in zip(others, matches) where match > 0 {
          _ = server.receiveAccepted(LogIndex(UInt64(match)), from: other)
          reached[other] = match
          let both = expected(configuration, reached)
          // Once the joint configuration has committed it is left, and the new majority is enough.
          guard server.node.configuration == configuration else {
            #expect(both >= 1 && server.node.commitIndex >= both, "\(reached)")
            break
          }
          #expect(server.node.commitIndex == both, "\(reached)")
        }
      }
    }
  }

  /// The highest position that a majority of each configuration has: every position tried.
  private func expected(_ configuration: Configuration, _ reached: [ServerID: Int]) -> LogIndex {
    for index in stride(from: 4, to: 0, by: -1) {
      let having = Set(reached.filter { $0.value >= index }.keys)
      let isNew = isMajority(having, of: configuration.voters)
      if isNew && (!configuration.isJoint || isMajority(having, of: configuration.outgoing)) {
        return LogIndex(UInt64(index))
      }
    }
    return 0
  }

  private func power(_ base: Int, _ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  private func digits(_ code: Int, base: Int, count: Int) -> [Int] {
    var rest = code
    return (0..<count).map { _ in
      defer { rest /= base }
      return rest % base
    }
  }

  @Test("A leader stays with a majority of each configuration", arguments: configurations)
  func checks(configuration: Configuration) {
    let others = configuration.members.filter { $0 != 1 }
    for answering in subsets(others) {
      let server = Server(configuration: configuration, settings: Settings(checkQuorum: true))
      server.elect(by: others)
      for _ in 0..<9 { _ = server.step(.tick) }
      for other in answering.sorted() { _ = server.receiveAccepted(0, from: other) }
      _ = server.step(.tick)
      let all = answering.union([1])
      let stays =
        isMajority(all, of: configuration.voters)
        && (!configuration.isJoint || isMajority(all, of: configuration.outgoing))
      #expect(server.node.role == (stays ? .leader : .follower), "answered by \(all.sorted())")
    }
  }

  @Test func `A server named twice votes once`() {
    let server = Server(configuration: Configuration(voters: [1, 2, 2, 3, 3]))
    server.persist(server.step(.campaign))
    _ = server.receiveVote(from: 2)
    #expect(server.node.role == .leader)
  }
}
