/// The election timer and the time since a leader was heard, in ticks.
///
/// - Source: Raft paper, §5.2 (randomised time-outs); thesis, §4.2.3 (the minimum time-out).
struct Timers {
  /// Ticks since the election timer was last reset.
  private(set) var electionElapsed = 0
  /// The time-out in force, from [T, 2T): T plus an unbiased draw below T.
  private(set) var electionTimeout = 0
  /// Ticks since a leader was heard; since the start, if none was and one may have been before it.
  private var ticksSinceLeader: Int

  private let electionTicks: Int
  private var random: RandomSource

  /// - Parameter mayHaveHeardLeader: whether the server has run before.
  init(electionTicks: Int, seed: UInt64, mayHaveHeardLeader: Bool) {
    self.electionTicks = electionTicks
    ticksSinceLeader = mayHaveHeardLeader ? 0 : electionTicks
    random = RandomSource(seed: seed)
    startElectionTimer()
  }

  /// Starts the election timer with a new draw: at boot, when an election or a pre-vote starts, and
  /// when a leader steps down.
  mutating func startElectionTimer() {
    electionElapsed = 0
    electionTimeout = electionTicks + Int(random.next(below: UInt64(electionTicks)))
  }

  /// Starts the election timer again and keeps its time-out: a vote was granted, or the timer of a
  /// server that may not campaign has run out.
  mutating func resetElectionTimer() { electionElapsed = 0 }

  /// A leader of the current term was heard.
  mutating func heardLeader() {
    electionElapsed = 0
    ticksSinceLeader = 0
  }

  /// The minimum time-out counts as passed since a leader was heard.
  mutating func forgetContact() { ticksSinceLeader = max(ticksSinceLeader, electionTicks) }

  /// Passes one tick on a server that does not lead.
  ///
  /// - Returns: whether the election timer has run out.
  mutating func tick() -> Bool {
    electionElapsed += 1
    ticksSinceLeader += 1
    return electionElapsed >= electionTimeout
  }

  /// Whether a leader was heard, or may have been, within the minimum election time-out T.
  var isLeaderRecent: Bool { ticksSinceLeader < electionTicks }
}
