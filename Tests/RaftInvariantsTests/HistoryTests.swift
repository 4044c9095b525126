import RaftInvariants
import RaftTypes
import Testing

/// The checkers over whole random histories of a small Raft.
@Suite struct `Random histories` {
  /// Feeds a checker the history of one cluster, step by step, up to the first step that violates
  /// something.
  private func run(
    seed: UInt64, servers: Int, fault: ModelFault? = nil
  ) -> (checker: InvariantChecker, found: [Found]) {
    var checker = InvariantChecker(servers: servers, configurations: .onAppend)
    var cluster = ModelCluster(servers: servers, seed: seed, fault: fault)
    var seen = 0
    for _ in 0..<1_000 {
      cluster.step()
      for observation in cluster.observations[seen...] { checker.observe(observation) }
      seen = cluster.observations.count
      let violations = checker.takeViolations().map(Found.init)
      guard violations.isEmpty else { return (checker, violations) }
    }
    return (checker, [])
  }

  @Test(arguments: [1, 2, 3, 5]) func `a correct cluster violates nothing`(servers: Int) {
    for seed in 0..<UInt64(60) {
      let violations = run(seed: seed, servers: servers).found
      #expect(violations == [], "seed \(seed)")
      guard violations.isEmpty else { return }
    }
  }

  @Test func `the histories of correct clusters put every invariant to the test`() {
    let checkers = (0..<UInt64(20)).map { run(seed: $0, servers: 3).checker }
    for invariant in Invariant.allCases {
      let isHeld = checkers.contains { $0.standing(of: invariant) == .held }
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
    var firsts: [Found] = []
    var seed: UInt64 = 0
    while firsts.count < 5, seed < 2_000 {
      if let first = run(seed: seed, servers: 3, fault: fault).found.first { firsts.append(first) }
      seed += 1
    }
    #expect(!firsts.isEmpty)
    for first in firsts { #expect(suspects(fault).contains(first.invariant), "\(first)") }
  }
}
