import RaftTypes

/// How a node behaves where Raft leaves a choice.
public struct Settings: Hashable, Sendable {
  /// The minimum election time-out T, ticks; each timer draws from [T, 2T).
  public var electionTicks: Int
  /// A leader's heartbeat interval, ticks; below `electionTicks`.
  public var heartbeatTicks: Int
  /// Whether a node asks for pre-votes before it starts an election.
  ///
  /// - Source: thesis, §9.6.
  public var preVote: Bool
  /// Whether a leader steps down when it has not heard from a quorum for T, and voters that heard
  /// a leader within T refuse to vote.
  ///
  /// - Source: thesis, §6.2 and §4.2.3.
  public var checkQuorum: Bool
  /// The most entries in one AppendEntries.
  public var maxEntriesPerAppend: Int
  /// The most AppendEntries with entries on their way to one follower, unanswered.
  public var maxInflightAppends: Int
  /// Whether a leader tells its followers of a new commit index with the next flush, by an
  /// AppendEntries without entries if it has none to send; otherwise they learn of it with the
  /// next entries or heartbeat.
  public var announcesCommits: Bool
  /// The most bytes of a snapshot in one InstallSnapshot.
  public var maxBytesPerSnapshotChunk: UInt64
  /// Whether a leader serves reads by a lease, without a round of messages.
  ///
  /// The lease lasts `electionTicks - 1` from the start of a round that a quorum has answered; the
  /// one tick allows for ticks that fall at different moments on different servers. It is good only
  /// while no server's ticks come faster than the leader's: the clock assumption that ReadIndex does
  /// without. It needs `checkQuorum`, by which voters keep to their leader, and all servers must have
  /// it: each votes for nobody until `electionTicks` have passed since it heard a leader, or since it
  /// started again.
  ///
  /// - Source: thesis, §6.4.1.
  public var leaseReads: Bool

  /// Chooses settings; the defaults suit tests and small clusters.
  public init(
    electionTicks: Int = 10, heartbeatTicks: Int = 1, preVote: Bool = false,
    checkQuorum: Bool = false, maxEntriesPerAppend: Int = 1024, maxInflightAppends: Int = 256,
    announcesCommits: Bool = true, maxBytesPerSnapshotChunk: UInt64 = 1 << 20,
    leaseReads: Bool = false
  ) {
    self.electionTicks = electionTicks
    self.heartbeatTicks = heartbeatTicks
    self.preVote = preVote
    self.checkQuorum = checkQuorum
    self.maxEntriesPerAppend = maxEntriesPerAppend
    self.maxInflightAppends = maxInflightAppends
    self.announcesCommits = announcesCommits
    self.maxBytesPerSnapshotChunk = maxBytesPerSnapshotChunk
    self.leaseReads = leaseReads
  }

  /// What keeps a node from running with these settings; `nil` if nothing does.
  public var problem: String? {
    if electionTicks < 2 || electionTicks > 1 << 32 {
      return "electionTicks is \(electionTicks), and must lie between 2 and 2^32"
    }
    if heartbeatTicks < 1 || heartbeatTicks >= electionTicks {
      return "heartbeatTicks is \(heartbeatTicks), and must be at least 1 and below electionTicks"
    }
    if maxEntriesPerAppend < 1 {
      return "maxEntriesPerAppend is \(maxEntriesPerAppend), and must be at least 1"
    }
    if maxInflightAppends < 1 {
      return "maxInflightAppends is \(maxInflightAppends), and must be at least 1"
    }
    if maxBytesPerSnapshotChunk < 1 {
      return "maxBytesPerSnapshotChunk is \(maxBytesPerSnapshotChunk), and must be at least 1"
    }
    if leaseReads && !checkQuorum {
      return "leaseReads needs checkQuorum: without it voters do not keep to their leader"
    }
    return nil
  }
}
