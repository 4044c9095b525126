import RaftCore
import Testing

/// Whole clusters under loss, copies, reordering, slow disks and crashes, one seed each.
struct ClusterTests {
  static let settings: [Settings] = [
    Settings(maxBytesPerSnapshotChunk: 3),
    Settings(preVote: true, checkQuorum: true),
    Settings(maxEntriesPerAppend: 2, maxInflightAppends: 2, maxBytesPerSnapshotChunk: 7),
    Settings(electionTicks: 5, heartbeatTicks: 2, preVote: true, announcesCommits: false),
    Settings(preVote: true, checkQuorum: true, leaseReads: true),
  ]

  /// What happened in a campaign, which is only worth its time if things happen in it.
  private struct Tally {
    var elections = 0
    var cuts = 0
    var applied = 0
    var restores = 0
    var reads = 0
    var configurations = 0
  }

  private func run(
    _ plan: Cluster.Plan, size: Int, _ settings: Settings, seeds: Range<Int>, moves: Int
  ) -> Tally {
    var tally = Tally()
    for seed in seeds {
      let cluster = Cluster(size: size, plan: plan, settings: settings, seed: UInt64(seed))
      for move in 0..<moves {
        cluster.move()
        if move % 100 == 0 { cluster.checkLogMatching() }
      }
      #expect(cluster.recover(rounds: 400), "seed \(seed)")
      cluster.checkLogMatching()
      tally.elections += cluster.elections
      tally.cuts += cluster.total(\.cuts)
      tally.applied += cluster.applied.count
      tally.restores += cluster.total(\.restores)
      tally.reads += cluster.total(\.reads)
      tally.configurations += cluster.total(\.configurations)
    }
    return tally
  }

  @Test("Safety holds under random faults, and the cluster recovers", arguments: 0..<5)
  func random(variant: Int) {
    let settings = Self.settings[variant]
    let plan = Cluster.Plan(voters: 3, hasClocks: settings.leaseReads)
    let tally = run(plan, size: 3, settings, seeds: variant * 100..<variant * 100 + 12, moves: 2000)
    #expect(tally.elections > 10)
    #expect(tally.applied > 400)
    #expect(tally.cuts > 0)
    #expect(tally.reads > 20)
  }

  @Test("It holds with snapshots and compaction, too", arguments: 0..<5)
  func snapshots(variant: Int) {
    let settings = Self.settings[variant]
    let plan = Cluster.Plan(voters: 5, compacts: true, hasClocks: settings.leaseReads)
    let tally = run(plan, size: 5, settings, seeds: variant * 100..<variant * 100 + 12, moves: 3000)
    #expect(tally.elections > 10)
    #expect(tally.applied > 200)
    #expect(tally.restores > 4)
    #expect(tally.reads > 8)
  }

  @Test("It holds while members come and go", arguments: 0..<5)
  func members(variant: Int) {
    let settings = Self.settings[variant]
    let plan = Cluster.Plan(
      voters: 3, compacts: true, changesMembers: true, hasClocks: settings.leaseReads)
    let tally = run(plan, size: 5, settings, seeds: variant * 100..<variant * 100 + 12, moves: 3000)
    #expect(tally.elections > 10)
    #expect(tally.applied > 200)
    #expect(tally.configurations > 15)
    #expect(tally.restores > 4)
    #expect(tally.reads > 8)
  }
}
