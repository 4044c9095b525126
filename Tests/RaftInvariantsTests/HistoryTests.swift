import RaftInvariants
import RaftTypes
import Testing

/// The checkers over whole random histories of a small Raft.
@Suite struct `Random histories` {
  /// The observations of one history.
  private func history(
    seed: UInt64, servers: Int, steps: Int, fault: ModelFault? = nil
  ) -> [Observation] {
    var cluster = ModelCluster(servers: servers, seed: seed, fault: fault)
    for _ in 0..<steps { cluster.step() }
    return cluster.observations
  }

  @Test(arguments: [1, 2, 3, 5]) func `a correct cluster violates nothing`(servers: Int) {
    for seed in 0..<UInt64(60) {
      var checker = InvariantChecker(servers: servers, configurations: .onAppend)
      var cluster = ModelCluster(servers: servers, seed: seed)
      var seen = 0
      for step in 0..<1_000 {
        cluster.step()
        for observation in cluster.observations[seen...] { checker.observe(observation) }
        seen = cluster.observations.count
        let violations = checker.takeViolations().map(Found.init)
        #expect(violations == [], "seed \(seed), step \(step)")
        guard violations.isEmpty else { return }
      }
    }
  }

  @Test func `the histories of correct clusters put every invariant to the test`() {
    let histories = (0..<UInt64(20)).map { history(seed: $0, servers: 3, steps: 1_000) }
    for invariant in Invariant.allCases {
      let isHeld = histories.contains { Watch($0).stands(invariant) == .held }
      #expect(isHeld, "\(invariant) was never put to the test")
    }
  }

  /// What the first violation of a cluster with this fault may be.
  private func suspects(_ fault: ModelFault) -> Set<Invariant> {
    switch fault {
    case .votesTwice: [.oneVotePerTerm]
    case .reusesTerm: [.oneVotePerTerm, .logMatching]
    case .votesForAnyLog:
      [.leaderCompleteness, .stateMachineSafety]
    case .forgetsVote, .acknowledgesBeforeSync: [.durableAcknowledgement]
    case .forgetsTerm: [.termMonotonic, .durableAcknowledgement]
    case .truncatesAlways: [.durableAcknowledgement, .stateMachineSafety]
    case .commitsUnmatched, .commitsLeaderCommitAlone: [.stateMachineSafety, .leaderCompleteness]
    case .commitFalls: [.commitMonotonic]
    case .appliesTwice: [.appliedOnce]
    case .appliesAhead, .appliesOwnBytes: [.stateMachineSafety]
    case .leaderTakesAppends: [.leaderAppendOnly]
    case .snapshotLacksCommand: [.snapshotPrefix]
    case .snapshotsUnapplied: [.snapshotPrefix]
    case .compactsUncovered: [.compactionCovered]
    case .installsOldSnapshots: [.appliedOnce, .durableAcknowledgement, .stateMachineSafety]
    case .changesTwice: [.oneConfigurationChange]
    case .keepsOldConfiguration: [.configurationInForce]
    case .readsWithoutRound, .readsBeforeOwnTerm: [.readLinearizable]
    }
  }

  @Test(arguments: ModelFault.allCases)
  func `a faulty cluster is found out by what it breaks`(fault: ModelFault) {
    let firsts = (0..<UInt64(200)).compactMap { seed in
      var watch = Watch(history(seed: seed, servers: 3, steps: 1_000, fault: fault))
      return watch.found().first
    }
    #expect(!firsts.isEmpty)
    for first in firsts { #expect(suspects(fault).contains(first.invariant), "\(first)") }
  }
}
