import FaultyFileSystem
import Testing

/// Power cuts at every call, with many choices of what had reached the disk.
@Suite struct `Crash matrix` {
  static let seeds: [Range<UInt64>] = (0..<4).map { $0 * 7..<$0 * 7 + 7 }

  @Test(arguments: seeds)
  func `what was synced is there, and of the rest a beginning`(_ seeds: Range<UInt64>) {
    let tally = CrashMatrix().run(seeds: seeds)
    print(
      "crash matrix: \(tally.sequences) sequences, \(tally.crashPoints) crash points, "
        + "\(tally.cases) cases, \(tally.secondCrashes) of them with a second crash, "
        + "\(tally.cuts) cuts, \(tally.uncertain) uncertain")
    #expect(tally.cases > 5_000)
    #expect(tally.cuts > 100)
    for violation in tally.violations.prefix(3) { Issue.record("\(violation)") }
    #expect(tally.violations.isEmpty)
  }
}
