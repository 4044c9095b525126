import RaftTypes

extension Node {
  /// The minimum election time-out has passed since a leader was heard.
  @usableFromInline
  mutating func leaderLapsed() { timers.forgetContact() }

  /// Passes one tick.
  @usableFromInline
  mutating func tick(into effects: inout Effects) {
    if case .leader = state { return passLeaderTick(into: &effects) }
    if clientReads.areForwarded { passReadTick(into: &effects) }
    if timers.tick() { electionTimerRanOut(into: &effects) }
  }

  /// §5.2: whoever may campaign does. A learner's timer starts again, so that it has a whole time-out
  /// once it becomes a voter.
  @inline(never)
  private mutating func electionTimerRanOut(into effects: inout Effects) {
    if canCampaign { electionTimedOut(into: &effects) } else { timers.resetElectionTimer() }
  }

  @inline(never)
  private mutating func passLeaderTick(into effects: inout Effects) {
    let heartbeatTicks = settings.heartbeatTicks
    let keepsQuorum = asLeader { node, leader in
      leader.heartbeatElapsed += 1
      leader.reads.ticks += 1
      if leader.heartbeatElapsed >= heartbeatTicks { node.heartbeatIsDue(&leader) }
      node.passHandoverTick()
      for number in leader.progress.indices where leader.progress[number].state == .snapshot {
        leader.progress[number].passTransferTick(
          limit: node.settings.electionTicks, base: node.log.base.index)
      }
      return node.passQuorumTick(&leader)
    }
    // Thesis, §6.2: a leader that a majority may have left behind steps down.
    if keepsQuorum == false { becomeFollower(of: currentTerm, into: &effects) }
  }

  /// Passes a tick of the check for a quorum, which is made every minimum election time-out.
  ///
  /// - Returns: `false` if the check was made and no quorum has answered since the one before.
  private func passQuorumTick(_ leader: inout LeaderState) -> Bool {
    guard settings.checkQuorum else { return true }
    leader.quorumElapsed += 1
    guard leader.quorumElapsed >= settings.electionTicks else { return true }
    leader.quorumElapsed = 0
    let isReached = quorum.isReached { $0 == ownNumber || leader.progress[$0].isActive }
    for number in leader.progress.indices { leader.progress[number].isActive = false }
    return isReached
  }
}
