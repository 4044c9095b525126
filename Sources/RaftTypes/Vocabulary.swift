/// The types of message, by their names in traces and in the adapter protocol.
public enum MessageType: String, Hashable, Sendable, CaseIterable {
  case requestVote = "RequestVote"
  case requestVoteResponse = "RequestVoteResponse"
  case preVote = "PreVote"
  case preVoteResponse = "PreVoteResponse"
  case appendEntries = "AppendEntries"
  case appendEntriesResponse = "AppendEntriesResponse"
  /// An AppendEntries without entries, or an implementation's own message for it.
  case heartbeat = "Heartbeat"
  case heartbeatResponse = "HeartbeatResponse"
  case installSnapshot = "InstallSnapshot"
  case installSnapshotResponse = "InstallSnapshotResponse"
  case timeoutNow = "TimeoutNow"
  case readIndex = "ReadIndex"
  case readIndexResponse = "ReadIndexResponse"
}

/// Whether a node runs; `halted` means that it stopped itself on purpose.
public enum NodeStatus: String, Hashable, Sendable, CaseIterable {
  case running, crashed, halted
}

/// The roles, by their names in traces and in the adapter protocol.
///
/// - Source: Raft paper, §5.1; thesis, §9.6 for the pre-candidate.
public enum NodeRole: String, Hashable, Sendable, CaseIterable {
  case follower
  case preCandidate = "pre-candidate"
  case candidate
  case leader
}

/// What becomes of writes that were not synced when a node dies.
public enum UnsyncedWrites: String, Hashable, Sendable, CaseIterable {
  /// Only what was synced survives.
  case lost
  /// Everything written survives.
  case kept
  /// The last write survives in part.
  case torn
}
