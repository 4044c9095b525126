import RaftCore
import Testing

/// Whole clusters under loss, copies, reordering, slow disks and crashes, one seed each.
struct ClusterTests {
  static let settings: [Settings] = [
    Settings(),
    Settings(preVote: true, checkQuorum: true),
    Settings(maxEntriesPerAppend: 2, maxInflightAppends: 2),
    Settings(electionTicks: 5, heartbeatTicks: 2, preVote: true, announcesCommits: false),
  ]

  @Test("Safety holds under random faults, and the cluster recovers", arguments: 0..<4)
  func random(variant: Int) {
    var elections = 0
    var cuts = 0
    var applied = 0
    for seed in 0..<16 {
      let cluster = Cluster(
        size: seed % 2 == 0 ? 3 : 5, settings: Self.settings[variant],
        seed: UInt64(variant * 1000 + seed))
      for move in 0..<2000 {
        cluster.move()
        if move % 100 == 0 { cluster.checkLogMatching() }
      }
      #expect(cluster.recover(rounds: 400), "seed \(seed)")
      cluster.checkLogMatching()
      elections += cluster.elections
      cuts += cluster.cuts
      applied += cluster.applied.count
    }
    // The campaign is only worth its time if things happen in it.
    #expect(elections > 40)
    #expect(applied > 400)
    #expect(cuts > 10)
  }
}
