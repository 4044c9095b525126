import RaftTypes

/// Everything that can happen to a node. There is no other way to change its state.
public enum Input {
  /// One unit of logical time has passed.
  case tick
  /// The election timer fires now, whatever is left of it; pre-vote included where it is on.
  case electionTimeout
  /// Starts an election at once and without a pre-vote.
  case campaign
  /// A leader's heartbeat interval ends now.
  case heartbeatTimeout
  /// The minimum election time-out has passed since a leader was heard; the own timer does not fire.
  case leaderLapsed
  /// A message from another server. Entries' bytes and a snapshot's stay with the shell.
  case receive(Message)
  /// A leader appends `count` commands at the end of its log; others refuse.
  case propose(count: Int)
  /// The write that `Effects.append` announced, and all before it, is durable.
  case appendPersisted(AppendTicket)
  /// The hard state that `Effects.hardState` announced is durable.
  case hardStatePersisted(HardState)
  /// A snapshot of `size` bytes is durable: one that the shell took of its state machine as of an
  /// applied position, or the one that `Effects.snapshotChunk` completed.
  case snapshotPersisted(LogPosition, size: UInt64)
  /// The snapshot that `Effects.snapshotChunk` completed, or its last chunk before it was handed in,
  /// is not what its sender has: it is to be sent again from its beginning.
  case snapshotRefused(LogPosition)
  /// Discards the log up to this position, which the durable snapshot covers.
  case compact(upTo: LogIndex)
  /// A leader changes the cluster's configuration; others refuse.
  case configure(ConfigurationChange)
  /// A client's linearizable read, under a number that the shell uses once in this life.
  ///
  /// Its end is told by `Effects.reads` or `Effects.failedReads`.
  case read(UInt64)
  /// A leader hands over to another voter.
  case transfer(to: ServerID)
  /// The disk has room for term and vote alone: a leader gives up, and nothing is appended.
  case storageFull
  /// The disk has room again.
  case storageHasRoom
  /// Ends a turn: everything the steps since the last flush made ready to send is emitted.
  case flush
}

/// Names one write of entries, so that its completion can't be taken for another's.
///
/// Positions and terms are not enough: an entry can be overwritten and come back while the first
/// write of it is still on its way to the disk.
public struct AppendTicket: Hashable, Sendable {
  /// Counts the writes of this life of the node, from 1.
  public var sequence: UInt64
  /// The last position that the write made.
  public var upTo: LogIndex

  /// Names the write number `sequence`.
  @inlinable public init(sequence: UInt64, upTo: LogIndex) {
    self.sequence = sequence
    self.upTo = upTo
  }
}

/// A change of the cluster's configuration.
///
/// - Source: Raft paper, §6; thesis, chapter 4.
public enum ConfigurationChange: Hashable, Sendable {
  /// To these voters and learners. A voter that becomes a learner does so once the joint
  /// configuration, if there is one, is left.
  case change(voters: [ServerID], learners: [ServerID], JointUse)
  /// Leaves the joint configuration.
  case leaveJoint
}

/// Whether a change goes through a joint configuration.
public enum JointUse: Hashable, Sendable, CaseIterable {
  /// Where more than one voter changes.
  case automatic
  /// Always; it is left as soon as it has committed.
  case always
  /// Never: a change of more than one voter is refused.
  case never
  /// Always, and this leader leaves it only when it is told to. A leader elected later does not wait.
  case explicit
}
