import RaftStorage
import RaftTypes
import RaftWAL

/// Crashes logs at every call of random sequences, with many choices of what the disk kept, and
/// checks what is there afterwards.
public struct CrashMatrix: Sendable {
  /// What was tried and what came of it.
  public struct Tally: Sendable {
    /// Random sequences of requests.
    public var sequences = 0
    /// Calls before which the power was cut, over all sequences.
    public var crashPoints = 0
    /// Crashes: a sequence, a call, and a choice of what had reached the disk.
    public var cases = 0
    /// Those of them that crashed again while the log was opened.
    public var secondCrashes = 0
    /// Cases in which the end of the log was cut off.
    public var cuts = 0
    /// Cases in which the log said that it is uncertain.
    public var uncertain = 0
    /// What went wrong; empty where all is well.
    public var violations: [String] = []

    /// Nothing tried yet.
    public init() {}

    /// Adds another tally.
    public static func += (a: inout Tally, b: Tally) {
      a.sequences += b.sequences
      a.crashPoints += b.crashPoints
      a.cases += b.cases
      a.secondCrashes += b.secondCrashes
      a.cuts += b.cuts
      a.uncertain += b.uncertain
      a.violations += b.violations
    }
  }

  /// How many requests a sequence has.
  public var requests: Int
  /// How many random choices are tried at each call, beside the systematic ones.
  public var randomChoices: Int
  /// Up to how many unsynced pieces every subset is tried.
  public var exhaustivePieces: Int

  /// A matrix of these sizes.
  public init(requests: Int = 30, randomChoices: Int = 6, exhaustivePieces: Int = 4) {
    self.requests = requests
    self.randomChoices = randomChoices
    self.exhaustivePieces = exhaustivePieces
  }

  /// Small segments, so that short sequences cross their borders.
  static var options: WALOptions {
    var options = WALOptions(directory: "/log", cluster: ClusterID(7), node: ServerID(1))
    options.segmentBytes = 2048
    options.reservedBytes = 256
    options.cachedBytes = 64
    options.newLogID = 42
    return options
  }

  /// Runs the sequences of some seeds.
  public func run(seeds: Range<UInt64>) -> Tally {
    var tally = Tally()
    for seed in seeds { run(seed: seed, &tally) }
    return tally
  }

  private func run(seed: UInt64, _ tally: inout Tally) {
    tally.sequences += 1
    let run: LogRun
    do {
      run = try LogRun(seed: seed, requests: requests, options: Self.options)
    } catch {
      tally.violations.append("seed \(seed): a sound disk failed: \(error)")
      return
    }
    for call in run.disks.indices {
      tally.crashPoints += 1
      for choice in choices(run.disks[call], seed: seed, call: call) {
        tally.cases += 1
        let place = "seed \(seed), call \(call), \(choice)"
        if let problem = check(run, call, choice, &tally) {
          tally.violations.append("\(place): \(problem)")
        }
      }
    }
  }

  private func choices(_ disk: ModelDisk, seed: UInt64, call: Int) -> [UnsyncedChanges] {
    let pieces = disk.unsyncedPieceCount
    if pieces == 0 { return [.lost] }
    var choices: [UnsyncedChanges] = []
    if pieces <= exhaustivePieces {
      choices = (0..<UInt64(1) << UInt64(pieces)).map { .pieces($0) }
    } else {
      choices = [.lost, .kept]
    }
    let bytes = disk.unsyncedByteCount
    var random = SeededSource(seed: seed &* 1_000_003 &+ UInt64(call))
    if bytes > 0 {
      choices += (0..<2).map { _ in .torn(afterBytes: Int.random(in: 0..<bytes, using: &random)) }
    }
    return choices + (0..<randomChoices).map { _ in .random(seed: random.next()) }
  }

  /// Opens what a crash left.
  ///
  /// - Returns: what is wrong, if anything is.
  private func check(
    _ run: LogRun, _ call: Int, _ choice: UnsyncedChanges, _ tally: inout Tally
  ) -> String? {
    var disk = run.disks[call].crashed(choice)
    var wasUncertain = false
    if tally.cases % 4 == 0 {
      // The power goes again while the log is opened.
      tally.secondCrashes += 1
      let files = FaultyFileSystem(disk)
      files.cutPower(beforeCall: tally.cases / 4 % 9)
      let first = try? WriteAheadLog.open(Self.options, files: files)
      wasUncertain = first.map { $0.recovery.standing != .certain } ?? false
      disk = files.disk.crashed(.random(seed: UInt64(tally.cases)))
    }
    do {
      let files = FaultyFileSystem(disk)
      let log = try WriteAheadLog.open(Self.options, files: files)
      if log.recovery.cut != nil { tally.cuts += 1 }
      let isUncertain = log.recovery.standing != .certain
      if isUncertain { tally.uncertain += 1 }
      if wasUncertain && !isUncertain { return "the log forgot that it is uncertain" }
      let found = try LogContents(of: log)
      guard run.allows(found, at: call, isUncertain: isUncertain) else {
        return "found \(found.summary), \(run.spans[call].durable) writes were durable"
      }
      return try checkNextLife(files, log, found, isUncertain)
    } catch {
      return "\(error)"
    }
  }

  /// What was found must be durable from now on, and the log must go on.
  private func checkNextLife(
    _ files: FaultyFileSystem, _ log: WriteAheadLog, _ found: LogContents, _ isUncertain: Bool
  ) throws -> String? {
    var expected = found
    let entry = Entry(
      index: found.lastIndex.next, term: Term(found.hardState.term.rawValue + 1), payload: [1])
    _ = try log.append([entry])
    try log.sync()
    expected.append([entry])
    let next = try WriteAheadLog.open(Self.options, files: files.crash(.lost))
    let again = try LogContents(of: next)
    if again != expected { return "\(again.summary) in the next life, \(expected.summary) before" }
    if (next.recovery.standing != .certain) != isUncertain { return "the standing changed" }
    return nil
  }
}

extension LogContents {
  /// The contents in a line.
  var summary: String {
    let terms = entries.map { String($0.term.rawValue) }.joined(separator: ",")
    return "term \(hardState.term.rawValue) vote \(hardState.votedFor?.rawValue ?? 0) "
      + "base \(base.index.rawValue) snapshot \(snapshotIndex.rawValue) terms [\(terms)]"
  }
}
