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
    guard case .leader = state else {
      effects.outcome = .notLeader(leader)
      return
    }
    guard handover == nil else {
      effects.outcome = .refused(.transferring)
      return
    }
    guard target != id, configuration.voters.contains(target) else {
      effects.outcome = .refused(.notAVoter)
      return
    }
    effects.outcome = .accepted
    handover = Handover(target: target)
    continueHandover(into: &effects)
  }

  /// Asks the target to stand as soon as its log is this leader's.
  mutating func continueHandover(into effects: inout Effects) {
    guard let handover, !handover.isAsked, let number = quorum.number(of: handover.target) else {
      return
    }
    let last = log.lastIndex
    let isUpToDate = asLeader { _, leader in
      guard leader.progress[number].match == last else { return false }
      // Voters will listen to the target although they hear this leader.
      leader.reads.isLeaseForfeited = true
      return true
    }
    guard isUpToDate == true else { return }
    self.handover?.isAsked = true
    send(.timeoutNow, to: handover.target, into: &effects)
  }

  /// A transfer that has not ended within an election time-out is given up.
  mutating func passHandoverTick() {
    guard var passing = handover else { return }
    passing.elapsed += 1
    handover = passing.elapsed < settings.electionTicks ? passing : nil
  }
}
