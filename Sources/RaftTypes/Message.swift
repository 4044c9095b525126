/// A message between two servers.
///
/// Entries travel as positions and terms (`EntrySpan`); their bytes are carried beside the message
/// by whoever moves it, so that neither the engine nor a checker copies a payload.
public struct Message: Hashable, Sendable {
  public var from: ServerID
  public var to: ServerID
  /// The sender's term. In a pre-vote request and its grant, the term that an election would have.
  public var term: Term
  public var body: MessageBody

  @inlinable public init(from: ServerID, to: ServerID, term: Term, body: MessageBody) {
    self.from = from
    self.to = to
    self.term = term
    self.body = body
  }
}

/// The kinds of message and what each carries.
///
/// - Source: Raft paper, Figures 2 and 13; thesis, §3.10 (TimeoutNow), §9.6 (pre-vote).
public enum MessageBody: Hashable, Sendable {
  case requestVote(RequestVote)
  case requestVoteResponse(VoteResponse)
  case preVote(RequestVote)
  case preVoteResponse(VoteResponse)
  case appendEntries(AppendEntries)
  case appendEntriesResponse(AppendEntriesResponse)
  // Boxed, so that the messages that are sent all the time stay small.
  indirect case installSnapshot(InstallSnapshot)
  case installSnapshotResponse(InstallSnapshotResponse)
  case timeoutNow
}

/// The arguments of RequestVote and of a pre-vote.
public struct RequestVote: Hashable, Sendable {
  public var lastLogIndex: LogIndex
  public var lastLogTerm: Term
  /// Whether the election overrides a voter's belief in a leader (leadership transfer).
  ///
  /// - Source: thesis, §4.2.3.
  public var disrupt: Bool

  @inlinable public init(lastLogIndex: LogIndex, lastLogTerm: Term, disrupt: Bool = false) {
    self.lastLogIndex = lastLogIndex
    self.lastLogTerm = lastLogTerm
    self.disrupt = disrupt
  }
}

/// The answer to RequestVote and to a pre-vote.
public struct VoteResponse: Hashable, Sendable {
  public var granted: Bool

  @inlinable public init(granted: Bool) { self.granted = granted }
}

/// The arguments of AppendEntries; without entries it is a heartbeat.
public struct AppendEntries: Hashable, Sendable {
  public var prevLogIndex: LogIndex
  public var prevLogTerm: Term
  /// The entries from `prevLogIndex + 1` on.
  public var entries: EntrySpan
  public var leaderCommit: LogIndex

  @inlinable public init(
    prevLogIndex: LogIndex, prevLogTerm: Term, entries: EntrySpan, leaderCommit: LogIndex
  ) {
    self.prevLogIndex = prevLogIndex
    self.prevLogTerm = prevLogTerm
    self.entries = entries
    self.leaderCommit = leaderCommit
  }
}

/// The answer to AppendEntries.
public enum AppendEntriesResponse: Hashable, Sendable {
  /// The log matches the leader's, durably, up to `match`.
  case accepted(match: LogIndex)
  /// The entry before the ones sent did not match.
  ///
  /// - `rejected`: the `prevLogIndex` that was refused.
  /// - `hint`: a position of the follower's log. The logs cannot match above its index, and below
  ///   it only where terms are at most its term.
  case rejected(prevLogIndex: LogIndex, hint: LogPosition)
}

/// The arguments of InstallSnapshot: one chunk of a snapshot.
public struct InstallSnapshot: Hashable, Sendable {
  /// The last entry that the snapshot covers.
  public var lastIncluded: LogPosition
  /// The configuration as of `lastIncluded`.
  public var configuration: Configuration
  /// The offset of this chunk, bytes.
  public var offset: UInt64
  /// The bytes of this chunk; the data travel beside the message.
  public var length: UInt64
  /// Whether this is the last chunk.
  public var done: Bool

  public init(
    lastIncluded: LogPosition, configuration: Configuration, offset: UInt64, length: UInt64,
    done: Bool
  ) {
    self.lastIncluded = lastIncluded
    self.configuration = configuration
    self.offset = offset
    self.length = length
    self.done = done
  }
}

/// The answer to InstallSnapshot.
public struct InstallSnapshotResponse: Hashable, Sendable {
  /// The last entry of the snapshot that is answered.
  public var lastIncluded: LogPosition
  /// The offset, bytes, that the receiver wants next; the snapshot's size when it has all of it.
  public var nextOffset: UInt64
  /// Whether the snapshot is installed durably.
  public var installed: Bool

  public init(lastIncluded: LogPosition, nextOffset: UInt64, installed: Bool) {
    self.lastIncluded = lastIncluded
    self.nextOffset = nextOffset
    self.installed = installed
  }
}
