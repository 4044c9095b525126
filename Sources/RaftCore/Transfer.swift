import RaftTypes

// A leader hands its leadership over.
//
// Source: thesis, §3.10.

/// A transfer of leadership that is under way.
struct Handover {
  /// The server that is to lead.
  let target: ServerID
  /// Ticks since it began.
  var elapsed = 0
  /// Whether the target was asked to stand.
  var isAsked = false
}

extension Node {
  /// Starts to hand over to another voter. Nothing is proposed until that has ended.
  mutating func transfer(to target: ServerID, into effects: inout Effects) {
    guard case .leader(let leader) = state else {
      effects.outcome = .notLeader(self.leader)
      return
    }
    guard leader.handover == nil else {
      effects.outcome = .refused(.transferring)
      return
    }
    guard target != id, configuration.voters.contains(target) else {
      effects.outcome = .refused(.notAVoter)
      return
    }
    effects.outcome = .accepted
    asLeader { _, leader in leader.handover = Handover(target: target) }
    continueHandover(into: &effects)
  }

  /// Asks the target to stand as soon as its log is this leader's.
  mutating func continueHandover(into effects: inout Effects) {
    guard case .leader(let leader) = state, let handover = leader.handover, !handover.isAsked,
      let number = quorum.number(of: handover.target),
      leader.progress[number].match == log.lastIndex
    else { return }
    send(.timeoutNow, to: handover.target, into: &effects)
    asLeader { _, leader in
      leader.handover?.isAsked = true
      // Voters will listen to the target although they hear this leader.
      leader.reads.isLeaseForfeited = true
    }
  }

  /// A transfer that has not ended within an election time-out is given up.
  func passHandoverTick(_ leader: inout LeaderState) {
    guard leader.handover != nil else { return }
    leader.handover?.elapsed += 1
    if let elapsed = leader.handover?.elapsed, elapsed >= settings.electionTicks {
      leader.handover = nil
    }
  }
}
