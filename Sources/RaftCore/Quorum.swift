import RaftTypes

/// The servers of a configuration, numbered, and what a quorum of them is.
///
/// Tallies are kept by a server's number: its place among all servers named, ascending. In a joint
/// configuration a quorum is a majority of the new voters and a majority of the old ones, each on
/// its own. Learners are numbered and never counted.
///
/// - Source: Raft paper, §6; thesis, §4.3.
struct Quorum {
  /// Every server of the configuration, ascending, once each.
  let servers: [ServerID]
  /// The numbers of the voters.
  let voters: [Int]
  /// The numbers of the old configuration's voters while the change is joint; empty otherwise.
  let outgoing: [Int]

  init(_ configuration: Configuration) {
    let servers = configuration.members
    func numbers(_ ids: [ServerID]) -> [Int] {
      servers.indices.filter { ids.contains(servers[$0]) }
    }
    self.servers = servers
    voters = numbers(configuration.voters)
    outgoing = numbers(configuration.outgoing)
  }

  /// The number of a server; `nil` if the configuration does not name it.
  func number(of server: ServerID) -> Int? {
    for number in servers.indices where servers[number] == server { return number }
    return nil
  }

  /// Whether a server's vote and acknowledgement count.
  func counts(_ number: Int) -> Bool { voters.contains(number) || outgoing.contains(number) }

  /// Whether a quorum consists of servers for which `holds` is true.
  func isReached(_ holds: (Int) -> Bool) -> Bool {
    Self.hasMajority(voters, holds) && (outgoing.isEmpty || Self.hasMajority(outgoing, holds))
  }

  /// The last position that a quorum has reached, given the one that each server has reached.
  func reached(_ match: (Int) -> LogIndex) -> LogIndex {
    let index = Self.reachedByMajority(voters, match)
    return outgoing.isEmpty ? index : min(index, Self.reachedByMajority(outgoing, match))
  }

  /// More than half of `count` servers.
  static func majority(of count: Int) -> Int { count / 2 + 1 }

  private static func hasMajority(_ members: [Int], _ holds: (Int) -> Bool) -> Bool {
    var count = 0
    for member in members where holds(member) { count += 1 }
    return count >= majority(of: members.count)
  }

  /// The highest position that more than half of `members` have reached; `zero` for none.
  ///
  /// It is one of the members' own positions, so each is tried: nothing is sorted or stored.
  private static func reachedByMajority(_ members: [Int], _ match: (Int) -> LogIndex) -> LogIndex {
    let needed = majority(of: members.count)
    var best = LogIndex.zero
    for member in members {
      let index = match(member)
      guard index > best else { continue }
      var count = 0
      for other in members where match(other) >= index { count += 1 }
      if count >= needed { best = index }
    }
    return best
  }
}
