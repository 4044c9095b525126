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
  case snapshotPrefix = "snapshot-prefix"
  case compactionCovered = "compaction-covered"
  case oneConfigurationChange = "one-configuration-change"
  case configurationInForce = "configuration-in-force"
  case readLinearizable = "read-linearizable"

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
    case .snapshotPrefix: "Snapshot Prefix"
    case .compactionCovered: "Compaction Covered"
    case .oneConfigurationChange: "One Configuration Change"
    case .configurationInForce: "Configuration in Force"
    case .readLinearizable: "Linearizable Reads"
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
    case .snapshotPrefix:
      "A snapshot holds what the committed entries up to its last one come to, and its maker has "
        + "applied them."
    case .compactionCovered:
      "A server discards of its log only what a durable snapshot covers."
    case .oneConfigurationChange:
      "A leader appends a configuration only once the one before it is committed."
    case .configurationInForce:
      "A server uses the latest configuration of its log, or of its snapshot where the log has none."
    case .readLinearizable:
      "A read sees every entry that was committed when it was asked, and none that is not applied."
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
    case .snapshotPrefix, .compactionCovered: "Raft paper, §7 and Figure 13"
    case .oneConfigurationChange: "Raft paper, §6; Raft thesis, §4.1"
    case .configurationInForce: "Raft paper, §6; Raft thesis, §4.1"
    case .readLinearizable: "Raft paper, §8; Raft thesis, §6.4"
    }
  }
}
