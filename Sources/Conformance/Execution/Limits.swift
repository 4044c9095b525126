/// The bounds of everything that could go on for ever. Beyond one of them a step fails.
enum Limits {
  /// Heartbeats a leader gives while the cluster settles.
  static let settleBeats = 100
  /// Messages delivered between two of them.
  static let messagesPerRound = 3_000
  /// Time-outs that `elect` gives its node.
  static let electionAttempts = 5
  /// Time-outs that the unasked recovery gives the cluster.
  static let recoveryRounds = 30
  /// Ticks after which a leader takes commands again that was handing over.
  static let recoveryTicks = 100
  /// Requests that one `answer` acknowledges before it reaches its entry.
  static let answersPerStep = 200
  /// Writes of a `during` step at which the node is made to die, one run each.
  static let crashPoints = 64
  /// Runs in which a failing chaos is shrunk.
  static let shrinkingRuns = 8_000
  /// Bytes that the search for an order of a history may remember.
  static let historyBytes = 1 << 28
  /// Steps of that search; beyond them nothing is said of the history.
  static let historySteps = 20_000_000
  /// Traces that a run takes up again after the system hung in them.
  static let tracesRunAgain = 8
}
