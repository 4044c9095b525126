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
  /// Requests that one `answer` acknowledges before it reaches its entry.
  static let answersPerStep = 200
  /// Writes of a `during` step at which the node is made to die, one run each.
  static let crashPoints = 64
  /// Traces that a run takes up again after the system hung in them.
  static let tracesRunAgain = 8
}
