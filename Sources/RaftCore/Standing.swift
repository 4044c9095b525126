import RaftTypes

// What a node whose storage has lost something may do, and when it is trusted again.

/// How far what a node's storage holds can be trusted.
public enum Standing: Hashable, Sendable {
  /// All that the node ever promised is there.
  case sound
  /// The log may have lost entries up to this position that the node acknowledged.
  ///
  /// The node starts in a new term, so that no leader counts what it acknowledged before. It stands
  /// for no election and votes with the log that it claimed, until its log has been verified and is
  /// durable up to there. What it acknowledges meanwhile it has.
  ///
  /// - Source: Alagappan et al., Protocol-Aware Recovery for Consensus-Based Storage, FAST 2018.
  case uncertain(claimed: LogPosition)
  /// The disk was emptied under the same identity, and the votes given before are forgotten: the
  /// node neither votes nor stands, until the cluster has made it a learner.
  ///
  /// The log that it receives anew tells of times when it was one, so it asks the leader for a read
  /// index, and goes by the configuration that is committed there.
  ///
  /// - Source: Chandra et al., Paxos Made Live, PODC 2007, §5.1 (disk corruption).
  case wiped
}

extension Node {
  /// Whether this server still knows what it voted before.
  var isTrusted: Bool { standing != .wiped }

  /// Trusts this server again once it is repaired, or was admitted anew.
  mutating func checkStanding(into effects: inout Effects) {
    guard case .follower(let follower) = state else { return }
    switch standing {
    case .sound: break
    case .uncertain(let claimed):
      if min(follower.verified, durable.index) >= claimed.index || commitIndex >= claimed.index {
        standing = .sound
      }
    case .wiped:
      if let index = clientReads.standingIndex {
        guard index <= lastApplied else { return }
        if configuration(asOf: index)?.isLearner(id) == true { standing = .sound }
        clientReads.standingIndex = nil
      } else if let leader = follower.leader, !clientReads.isStandingAsked,
        configurations.latestIndex <= commitIndex, configuration.isLearner(id)
      {
        let number = clientReads.forward(.standing)
        send(.readIndex(ReadIndex(read: number)), to: leader, into: &effects)
      }
    }
  }
}

extension Configuration {
  /// Whether a server is named and has no vote.
  fileprivate func isLearner(_ server: ServerID) -> Bool {
    (learners.contains(server) || learnersNext.contains(server)) && !isVoter(server)
  }
}
