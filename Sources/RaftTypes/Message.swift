/// A message between two servers.
///
/// Entries travel as positions and terms (`EntrySpan`); their bytes are carried beside the message
/// by whoever moves it, so that neither the engine nor a checker copies a payload.
public struct Message: Hashable, Sendable {
  /// The server that sent it.
  public var from: ServerID
  /// The server it is for; the core of any other ignores it.
  public var to: ServerID
  /// The sender's term. In a pre-vote request and its grant, the term that an election would have.
  public var term: Term
  /// The kind of message, with its arguments or results.
  public var body: MessageBody
  /// The leader's round of confirmation that the message belongs to; 0 for none. The answer to an
  /// AppendEntries repeats it, which shows that its sender still followed when the round had begun.
  ///
  /// - Source: thesis, §6.4 (ReadIndex).
  public var round: UInt64

  /// Makes a message; nothing is checked.
  @inlinable public init(
    from: ServerID, to: ServerID, term: Term, body: MessageBody, round: UInt64 = 0
  ) {
    self.from = from
    self.to = to
    self.term = term
    self.body = body
    self.round = round
  }
}

/// The kinds of message and what each carries.
///
/// - Source: Raft paper, Figures 2 and 13; thesis, §3.10 (TimeoutNow), §9.6 (pre-vote).
public enum MessageBody: Hashable, Sendable {
  /// A candidate asks for a vote (§5.2).
  case requestVote(RequestVote)
  /// The voter's answer.
  case requestVoteResponse(VoteResponse)
  /// Asks whether an election could be won, before any term is raised (thesis, §9.6).
  case preVote(RequestVote)
  /// The answer; a grant binds nobody and is not stored.
  case preVoteResponse(VoteResponse)
  /// A leader replicates entries, or shows that it is there (§5.3).
  case appendEntries(AppendEntries)
  /// The follower's answer.
  case appendEntriesResponse(AppendEntriesResponse)
  // Boxed, so that the messages that are sent all the time stay small.
  indirect case installSnapshot(InstallSnapshot)
  /// The follower's answer to one chunk.
  case installSnapshotResponse(InstallSnapshotResponse)
  /// A leader that gives its place up asks the receiver to stand at once (thesis, §3.10).
  case timeoutNow
  /// A follower or learner asks the leader for a read index on behalf of its client (thesis, §6.4).
  case readIndex(ReadIndex)
  /// The leader's answer.
  case readIndexResponse(ReadIndexResponse)
}

/// The arguments of RequestVote and of a pre-vote.
public struct RequestVote: Hashable, Sendable {
  /// The index of the candidate's last entry; 0 with an empty log.
  public var lastLogIndex: LogIndex
  /// The term of that entry; 0 with an empty log. It is compared first (§5.4.1).
  public var lastLogTerm: Term
  /// Whether the election overrides a voter's belief in a leader (leadership transfer).
  ///
  /// - Source: thesis, §4.2.3.
  public var disrupt: Bool

  /// Makes the arguments; nothing is checked.
  @inlinable public init(lastLogIndex: LogIndex, lastLogTerm: Term, disrupt: Bool = false) {
    self.lastLogIndex = lastLogIndex
    self.lastLogTerm = lastLogTerm
    self.disrupt = disrupt
  }
}

/// The answer to RequestVote and to a pre-vote.
public struct VoteResponse: Hashable, Sendable {
  /// Whether the candidate has the vote, or in a pre-vote would have it.
  public var granted: Bool

  /// Makes an answer; its term is the message's.
  @inlinable public init(granted: Bool) { self.granted = granted }
}

/// The arguments of AppendEntries; without entries it is a heartbeat.
public struct AppendEntries: Hashable, Sendable {
  /// The index of the entry before those sent; 0 where they start the log.
  public var prevLogIndex: LogIndex
  /// The term of that entry, which the receiver's log must have there; 0 at index 0.
  public var prevLogTerm: Term
  /// The entries from `prevLogIndex + 1` on.
  public var entries: EntrySpan
  /// The leader's commit index; the receiver follows no further than this message verifies.
  public var leaderCommit: LogIndex

  /// Makes the arguments; nothing is checked.
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

  /// Makes a chunk's arguments; nothing is checked.
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

  /// Makes an answer; nothing is checked.
  public init(lastIncluded: LogPosition, nextOffset: UInt64, installed: Bool) {
    self.lastIncluded = lastIncluded
    self.nextOffset = nextOffset
    self.installed = installed
  }
}

/// The arguments of a forwarded read.
///
/// - Source: thesis, §6.4 (followers help to serve reads).
public struct ReadIndex: Hashable, Sendable {
  /// The sender's own number of the read, which the answer repeats.
  public var read: UInt64

  /// Names a read of the sender's.
  @inlinable public init(read: UInt64) { self.read = read }
}

/// The answer to a forwarded read.
public struct ReadIndexResponse: Hashable, Sendable {
  /// The sender's number of the read.
  public var read: UInt64
  /// The position that must be applied before the read is served; `nil` where the receiver does not
  /// lead, or stopped leading, and knows of none.
  public var index: LogIndex?

  /// Answers a read.
  @inlinable public init(read: UInt64, index: LogIndex?) {
    self.read = read
    self.index = index
  }
}
