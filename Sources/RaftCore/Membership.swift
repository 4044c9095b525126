import RaftTypes

// Changes of the cluster's configuration.
//
// Source: Raft paper, §6; thesis, chapter 4.

extension LogIndex {
  /// A position that no log reaches.
  static var never: LogIndex { LogIndex(.max) }
}

extension Node {
  /// Whether this server has a vote in the configuration in force.
  var isVoter: Bool {
    guard let ownNumber else { return false }
    return quorum.counts(ownNumber)
  }

  /// Whether this server may have to lead: it is a voter, or would be if the changes that are not
  /// known to be committed were cut off.
  ///
  /// - Source: thesis, §4.2.2.
  var mayHaveToLead: Bool {
    if isVoter { return true }
    guard configurations.latestIndex > commitIndex else { return false }
    return configurations.open(above: commitIndex).contains { $0.isVoter(id) }
  }

  // MARK: A leader's changes

  /// Starts a change of the configuration, if this node leads and nothing stands against it.
  mutating func configure(_ change: ConfigurationChange, into effects: inout Effects) {
    guard case .leader = state else {
      effects.outcome = .notLeader(leader)
      return
    }
    if let refusal = refusal(of: change) {
      effects.outcome = .refused(refusal)
      return
    }
    switch change {
    case .leaveJoint:
      leaveJoint(into: &effects)
    case .change(let voters, let learners, let use):
      guard let target = target(voters: voters, learners: learners, use) else {
        effects.outcome = .refused(.notSimple)
        return
      }
      asLeader { _, leader in leader.leavesJoint = use != .explicit }
      append(target, into: &effects)
    }
    effects.outcome = .accepted
  }

  /// What stands against a change.
  private func refusal(of change: ConfigurationChange) -> Refusal? {
    if isStorageFull { return .storageFull }
    if handover != nil { return .transferring }
    // Thesis, §4.1: one change at a time. §6: a joint configuration is first left.
    if configurations.latestIndex > commitIndex { return .changePending }
    // Erratum of 2015 to the thesis, §4.1: two leaders could each commit a change of their own.
    if !hasCommittedInTerm { return .noCommitInTerm }
    switch change {
    case .leaveJoint:
      return configuration.isJoint ? nil : .notJoint
    case .change(let voters, let learners, _):
      if configuration.isJoint { return .changePending }
      let named = voters + learners
      guard !voters.isEmpty, named.count <= Configuration.maxServers,
        Set(named).count == named.count
      else { return .invalidConfiguration }
      let isUnchanged =
        voters.sorted() == configuration.voters
        && learners.sorted() == configuration.learners
      return isUnchanged ? .unchanged : nil
    }
  }

  /// The configuration that leads to these voters and learners; `nil` where it would have to be
  /// joint and may not.
  private func target(
    voters: [ServerID], learners: [ServerID], _ use: JointUse
  ) -> Configuration? {
    let current = configuration.voters
    let changes = Set(current).symmetricDifference(voters).count
    switch use {
    case .automatic where changes <= 1:
      return Configuration(voters: voters, learners: learners)
    case .never:
      return changes <= 1 ? Configuration(voters: voters, learners: learners) : nil
    case .automatic, .always, .explicit:
      // A voter of the old half stays one until the joint configuration is left.
      return Configuration(
        voters: voters, outgoing: current, learners: learners.filter { !current.contains($0) },
        learnersNext: learners.filter(current.contains))
    }
  }

  /// The configuration that follows on the joint one.
  func afterJoint() -> Configuration {
    Configuration(
      voters: configuration.voters, learners: configuration.learners + configuration.learnersNext)
  }

  private mutating func leaveJoint(into effects: inout Effects) {
    append(afterJoint(), into: &effects)
  }

  /// Appends a configuration, which is in force from now on.
  private mutating func append(_ target: Configuration, into effects: inout Effects) {
    let index = log.lastIndex.next
    configurations.append(target, at: index)
    appendOwn(count: 1, source: .configuration(target), into: &effects)
    watchedCommit = min(watchedCommit, index)
    useLatestConfiguration()
    // The new voters may be a quorum of what is there already, and of the servers that have answered:
    // reads are confirmed once more, in a round that is sent to them.
    asLeader { node, leader in
      node.commitByQuorum(&leader)
      if !leader.reads.pending.isEmpty { leader.reads.areUnassigned = true }
    }
    applyCommitted(into: &effects)
  }

  /// A leader does what the commitment of a position allows: opens the term's reads, leaves a joint
  /// configuration, or steps down if it is no longer one of the voters.
  mutating func actOnCommit(into effects: inout Effects) {
    watchedCommit = .never
    guard case .leader = state else { return }
    openReads()
    let latest = configurations.latestIndex
    if latest > commitIndex {
      watchedCommit = latest
    } else if configuration.isJoint {
      // A target of a transfer has all of this log: it is the target, then, who goes on.
      if handover != nil || effects.append != nil {
        watchedCommit = latest
      } else if asLeader({ _, leader in leader.leavesJoint }) == true {
        leaveJoint(into: &effects)
      }
    } else if !isVoter {
      // Thesis, §4.2.2: the removed leader steps down once its removal has committed, and says so.
      heartbeatTimedOut()
      flush(into: &effects)
      becomeFollower(of: currentTerm, into: &effects)
    }
  }

  // MARK: The configuration in force

  /// Takes over the latest configuration of the log. What is known of a server stays with it.
  mutating func useLatestConfiguration() {
    let latest = configurations.latest
    guard latest != configuration else { return }
    let before = quorum
    configuration = latest
    quorum = Quorum(latest)
    ownNumber = quorum.number(of: id)
    switch state {
    case .follower: break
    case .preCandidate(let survey):
      state = .preCandidate(CandidateState(granted: renumber(survey.granted, before) ?? noVotes))
    case .candidate(let election):
      state = .candidate(CandidateState(granted: renumber(election.granted, before) ?? noVotes))
    case .leader:
      asLeader { node, leader in node.renumber(&leader, from: before) }
      if let target = handover?.target, !latest.isVoter(target) { handover = nil }
    }
  }

  private func renumber(_ granted: [Bool], _ before: Quorum) -> [Bool]? {
    quorum.servers.map { server in before.number(of: server).map { granted[$0] } ?? false }
  }

  /// A new server starts as one that has just been heard, so that it does not cost the leader its
  /// quorum before it could answer.
  private func renumber(_ leader: inout LeaderState, from before: Quorum) {
    let old = leader.progress
    leader.progress = quorum.servers.map { server in
      if let number = before.number(of: server) { return old[number] }
      var progress = Progress(next: log.lastIndex, maxInflight: settings.maxInflightAppends)
      progress.isActive = true
      progress.owesMessage = true
      return progress
    }
    if let ownNumber { leader.progress[ownNumber].match = durable.index }
  }

  /// Takes in the configurations among a message's entries from the offset `skip` on.
  mutating func appendConfigurations(of request: AppendEntries, from skip: Int) {
    for entry in request.entries.configurations where entry.offset >= skip {
      configurations.append(
        entry.configuration, at: request.prevLogIndex.next + entry.offset)
    }
  }
}

extension Configuration {
  /// Whether a server has a vote.
  func isVoter(_ server: ServerID) -> Bool {
    voters.contains(server) || outgoing.contains(server)
  }

  /// Whether a leader can have made it.
  var isPlausible: Bool {
    let lists = [voters, outgoing, learners, learnersNext]
    guard !voters.isEmpty, lists.allSatisfy({ $0.count <= Self.maxServers }) else { return false }
    return lists.allSatisfy { Set($0).count == $0.count }
      && Set(voters).isDisjoint(with: learners + learnersNext)
      && learnersNext.allSatisfy(outgoing.contains)
  }
}
