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
  /// A message from another server. Entries' bytes stay with the shell.
  case receive(Message)
  /// A leader appends `count` commands at the end of its log; others refuse.
  case propose(count: Int)
  /// The write that `Effects.append` announced, and all before it, is durable.
  case appendPersisted(AppendTicket)
  /// The hard state that `Effects.hardState` announced is durable.
  case hardStatePersisted(HardState)
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
