/// The safety properties of Raft that are checked.
///
/// The raw values are stable names for results and reports.
public enum Invariant: String, Hashable, Sendable, CaseIterable {
  case electionSafety = "election-safety"
  case leaderAppendOnly = "leader-append-only"
  case logMatching = "log-matching"
  case leaderCompleteness = "leader-completeness"
  case stateMachineSafety = "state-machine-safety"
  case termMonotonic = "term-monotonic"
  case commitMonotonic = "commit-monotonic"
  case oneVotePerTerm = "one-vote-per-term"
  case contiguousIndices = "contiguous-indices"
  case durableAcknowledgement = "durable-acknowledgement"
  case appliedOnce = "applied-once"

  /// The property's name for people.
  public var title: String {
    switch self {
    case .electionSafety: "Election Safety"
    case .leaderAppendOnly: "Leader Append-Only"
    case .logMatching: "Log Matching"
    case .leaderCompleteness: "Leader Completeness"
    case .stateMachineSafety: "State Machine Safety"
    case .termMonotonic: "Monotonic Term"
    case .commitMonotonic: "Monotonic Commit"
    case .oneVotePerTerm: "One Vote per Term"
    case .contiguousIndices: "Contiguous Log"
    case .durableAcknowledgement: "Durable Acknowledgement"
    case .appliedOnce: "Applied Once"
    }
  }

  /// What holds at all times, in a sentence.
  public var statement: String {
    switch self {
    case .electionSafety:
      "A term has at most one leader."
    case .leaderAppendOnly:
      "While a server leads, its log only grows: it overwrites and deletes nothing."
    case .logMatching:
      "Entries of the same index and term are the same, and so is everything before them."
    case .leaderCompleteness:
      "An entry that was committed in a term is in the log of the leader of every later term."
    case .stateMachineSafety:
      "No two servers commit or apply different entries at the same index, and what was committed "
        + "stays."
    case .termMonotonic:
      "A server's term never falls, nor does a restart take it below a term that it made known."
    case .commitMonotonic:
      "Within a life of a server its commitIndex never falls."
    case .oneVotePerTerm:
      "A server votes for at most one candidate in a term, restarts included."
    case .contiguousIndices:
      "A log has no holes, its terms never fall along it, and none is above its server's term."
    case .durableAcknowledgement:
      "What a server acknowledged or voted outlives its crash, and it acknowledges only what it "
        + "holds."
    case .appliedOnce:
      "Within a life of a server each entry is applied once, in the order of the log."
    }
  }

  /// Where the property is written down.
  public var source: String {
    switch self {
    case .electionSafety: "Raft paper, Figure 3 and §5.2"
    case .leaderAppendOnly, .logMatching: "Raft paper, Figure 3 and §5.3"
    case .leaderCompleteness: "Raft paper, Figure 3, §5.4.1 and §5.4.2"
    case .stateMachineSafety: "Raft paper, Figure 3 and §5.4.3"
    case .termMonotonic: "Raft paper, §5.1 and Figure 2 (currentTerm)"
    case .commitMonotonic: "Raft paper, Figure 2 (commitIndex increases monotonically)"
    case .oneVotePerTerm: "Raft paper, §5.2 and Figure 2 (votedFor)"
    case .contiguousIndices: "Raft paper, §5.3 and Figure 2 (log[])"
    case .durableAcknowledgement:
      "Raft paper, Figure 2 (persistent state, updated before responding to RPCs)"
    case .appliedOnce: "Raft paper, Figure 2 (lastApplied; Rules for Servers, All Servers)"
    }
  }
}
