import RaftTypes

/// The role of a node, for those who look on.
public enum RoleKind: Hashable, Sendable, CaseIterable {
  case follower, preCandidate, candidate, leader
}

/// The role of a node, with the state that only this role has.
///
/// - Source: Raft paper, Figure 4 and §5.2; thesis, §9.6 (pre-candidate).
enum Role {
  /// Answers candidates and leaders.
  ///
  /// Turns to
  /// - `preCandidate` when its election timer runs out and pre-vote is on,
  /// - `candidate` when it runs out otherwise, or when the leader hands over.
  case follower(FollowerState)
  /// Asks whether it could win an election, and changes no term and no vote for that.
  ///
  /// Turns to
  /// - `candidate` when a quorum says yes,
  /// - `preCandidate` anew when its election timer runs out,
  /// - `follower` when it sees a higher term or a leader of its own, or grants a vote.
  case preCandidate(CandidateState)
  /// Asks for votes in its own term.
  ///
  /// Turns to
  /// - `leader` when a quorum grants its vote,
  /// - `candidate` of the next term, or `preCandidate`, when its election timer runs out,
  /// - `follower` when it sees a higher term or the leader of its own.
  case candidate(CandidateState)
  /// Replicates its log and commits.
  ///
  /// Turns to
  /// - `follower` when it sees a higher term, or when it loses touch with a quorum and checks.
  case leader(LeaderState)

  var kind: RoleKind {
    switch self {
    case .follower: .follower
    case .preCandidate: .preCandidate
    case .candidate: .candidate
    case .leader: .leader
    }
  }
}

/// What a follower knows beyond the state of every server.
struct FollowerState {
  /// The leader of the current term, once it was heard.
  var leader: ServerID?
  /// The last position up to which the log is known to equal the leader's.
  var verified = LogIndex.zero
  /// The highest position acknowledged to the leader.
  var acknowledged = LogIndex.zero
  /// The highest round of the leader that was heard of; every answer to it says so.
  var round: UInt64 = 0
}

/// Who supports an election or a pre-vote.
struct CandidateState {
  /// Whether each server of the configuration grants its vote, by number; a repeated answer counts
  /// once.
  var granted: [Bool]
}

/// What a leader knows beyond the state of every server. It is built anew at each election.
struct LeaderState {
  /// What is known of each server's log, by number; the leader's own `match` is what is durable.
  var progress: [Progress]
  /// Ticks since heartbeats were last due.
  var heartbeatElapsed = 0
  /// Ticks since a quorum was last checked for.
  var quorumElapsed = 0
  /// Whether a joint configuration is left as soon as it has committed.
  var leavesJoint = true
  /// The reads that wait for a round, and the rounds.
  var reads = LeaderReads()
}

extension Node {
  /// Runs `body` on the leader's state; `nil` if this node does not lead.
  ///
  /// The leader's state is taken out of `state` and put back afterwards: changed in place, its
  /// arrays would be copied each time. So `body` must neither read nor change `state`.
  @inline(__always)
  @discardableResult
  mutating func asLeader<Result>(
    _ body: (inout Node, inout LeaderState) -> Result
  ) -> Result? {
    guard case .leader = state else { return nil }
    var taken = Role.follower(FollowerState())
    swap(&taken, &state)
    guard case .leader(var leader) = consume taken else { return nil }
    let result = body(&self, &leader)
    state = .leader(leader)
    return result
  }
}
