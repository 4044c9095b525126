import AdapterProtocol
import RaftTypes
import ReferenceSystem
import Testing

/// Random talks with every kind of request and fault.
@Suite(.onEveryDisk) struct `Random talks with the reference system` {
  /// How often the talks came to what they are to show.
  private struct Coverage {
    var leaders = 0
    var truncations = 0
    var crashes = 0
    var halts = 0
    var commits: UInt64 = 0
    var snapshots = 0
    var restorations = 0
    var compactions = 0
    var fates: Set<ProposalResult.Fate> = []
    var changes: Set<ProposalResult.Fate> = []
    var readsDone = 0
    var readsLost = 0
  }

  @Test func `the deltas add up to the whole state`() throws {
    var coverage = Coverage()
    for seed in 1...60 as ClosedRange<UInt64> {
      let talk = try Conversation(seed: seed)
      var random = RandomRequests(seed: seed)
      for request in RandomRequests.creation(seed: seed) { try talk.ask(request) }
      for _ in 0..<1_500 {
        let result = try talk.ask(random.next())
        random.heard(result)
        try compare(result, in: talk, seed: seed)
        record(result, in: &coverage)
      }
      let commits = try [n1, n2, n3, n4].map { try talk.node($0).commitIndex.rawValue }
      coverage.commits += commits.max() ?? 0
    }
    #expect(coverage.leaders > 50)
    #expect(coverage.truncations > 20)
    #expect(coverage.crashes > 50)
    #expect(coverage.halts > 20)
    #expect(coverage.commits > 200)
    #expect(coverage.snapshots > 100)
    #expect(coverage.restorations > 3)
    #expect(coverage.compactions > 50)
    #expect(coverage.fates == Set(ProposalResult.Fate.allCases))
    #expect(coverage.changes.isSuperset(of: [.committed, .unknown]))
    #expect(coverage.readsDone > 50)
    #expect(coverage.readsLost > 50)
  }

  /// Compares what the answers have told of a node with what it tells when it is asked for all.
  private func compare(_ result: OperationResult, in talk: Conversation, seed: UInt64) throws {
    guard let name = result.node else { return }
    let whole = try talk.ask(.state(name, want: StateField.allCases), takesOver: false)
    guard let state = whole.state else {
      #expect(whole.outcome == .halted)
      #expect(try talk.node(name).status != .running)
      return
    }
    var expected = Observed()
    expected.apply(state)
    #expect(try talk.node(name) == expected, "seed \(seed)")
  }

  private func record(_ result: OperationResult, in coverage: inout Coverage) {
    coverage.fates.formUnion(result.results.map(\.fate))
    coverage.changes.formUnion(result.changes.map(\.fate))
    for read in result.reads {
      if read.fate == .lost { coverage.readsLost += 1 } else { coverage.readsDone += 1 }
    }
    guard let delta = result.state else { return }
    if delta.snapshot != nil { coverage.snapshots += 1 }
    if delta.restored != nil, delta.status != .running { coverage.restorations += 1 }
    if delta.firstIndex != nil { coverage.compactions += 1 }
    if delta.role == .leader { coverage.leaders += 1 }
    if delta.truncatedFrom != nil { coverage.truncations += 1 }
    if delta.status == .crashed { coverage.crashes += 1 }
    if delta.status == .halted { coverage.halts += 1 }
  }

  /// Twice on disks in memory, and once on write-ahead logs.
  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func `the same requests with the same seed get the same answers, whatever the disks are`(
    seed: UInt64
  ) throws {
    let systems = [ReferenceSystem.Disks.memory, .memory, .files].map { ReferenceSystem(disks: $0) }
    var random = RandomRequests(seed: seed)
    var opening = [Request.begin(trace: "test", seed: seed)] + RandomRequests.creation(seed: seed)
    opening.reverse()
    for _ in 0..<3_000 {
      let request = opening.popLast() ?? random.next()
      let answers = systems.map { $0.perform(request) }
      let lines = answers.map { AnswerCoding.encode($0, id: 0) }
      #expect(lines[0] == lines[1] && lines[0] == lines[2], "\(request): \(answers)")
      guard case .ok(let result) = answers[0] else {
        Issue.record("\(request) was answered with \(answers[0])")
        return
      }
      random.heard(result)
    }
  }

  @Test func `another seed brings other time-outs, and each node has its own`() throws {
    func ticks(_ name: NodeName, seed: UInt64) throws -> Int {
      let talk = try Conversation(seed: seed)
      try talk.create(name) { $0.electionTicks = 1_000 }
      var count = 0
      while try talk.node(name).role == .follower {
        count += 1
        try talk.ask(.tick(name, times: 1))
      }
      return count
    }
    let seeds: ClosedRange<UInt64> = 1...6
    #expect(Set(try seeds.map { try ticks(n1, seed: $0) }).count > 3)
    #expect(try seeds.map { try ticks(n1, seed: $0) } != seeds.map { try ticks(n2, seed: $0) })
  }
}
