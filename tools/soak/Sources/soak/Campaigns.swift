import FaultyFileSystem
import Foundation

/// Damages a log of 40 entries, each synced, in every way, and prints the table.
///
/// - Returns: whether nothing was lost or changed silently.
func runCensus() throws -> Bool {
  let rows = try FaultCensus(entries: 40).run()
  print(FaultCensus.Row.markdownHead)
  for row in rows {
    print(row.markdown)
    for violation in row.violations.prefix(5) { print("  VIOLATION \(violation)") }
  }
  return rows.allSatisfy { $0.violations.isEmpty }
}

/// Crashes random sequences until there are enough cases, on all processors.
///
/// - Returns: whether every crash left what it had to.
func runCrashes(atLeast cases: Int) -> Bool {
  let start = Date()
  var tally = CrashMatrix.Tally()
  var seed: UInt64 = 1_000
  let width = ProcessInfo.processInfo.activeProcessorCount
  while tally.cases < cases && tally.violations.isEmpty {
    let first = seed
    let lock = NSLock()
    nonisolated(unsafe) var sum = CrashMatrix.Tally()
    DispatchQueue.concurrentPerform(iterations: width) { worker in
      // Long sequences and short ones, with many choices and with few.
      let matrix = CrashMatrix(
        requests: [20, 40, 80][worker % 3], randomChoices: 12, exhaustivePieces: 6)
      let begin = first + UInt64(worker) * 20
      let part = matrix.run(seeds: begin..<begin + 20)
      lock.withLock { sum += part }
    }
    tally += sum
    seed += UInt64(width) * 20
  }
  for violation in tally.violations.prefix(5) { print("VIOLATION \(violation)") }
  print(
    "crash matrix: \(tally.sequences) sequences, \(tally.crashPoints) crash points, "
      + "\(tally.cases) cases, \(tally.secondCrashes) of them with a second crash while opening, "
      + "\(tally.cuts) cuts, \(tally.uncertain) reported uncertain, "
      + "\(tally.violations.count) violations, \(Int(Date().timeIntervalSince(start))) s")
  return tally.violations.isEmpty
}
