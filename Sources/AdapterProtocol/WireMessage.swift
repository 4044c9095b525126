import RaftTypes

/// An entry with its bytes, as the protocol carries it.
public struct WireEntry: Hashable, Sendable {
  /// The term of the leader that created it.
  public var term: Term
  /// What it is for; only a command changes the state machine.
  public var kind: EntryKind
  /// The command's bytes; empty for an internal entry.
  public var data: [UInt8]
  /// The configuration of a configuration entry, where it is known.
  public var configuration: WireConfiguration?

  /// Makes an entry; its index is given by the list that holds it.
  public init(term: Term, kind: EntryKind = .command, data: [UInt8]) {
    self.term = term
    self.kind = kind
    self.data = data
  }

  /// Makes a configuration entry; its index is given by the list that holds it.
  public init(term: Term, configuration: WireConfiguration) {
    self.term = term
    kind = .configuration
    data = []
    self.configuration = configuration
  }
}

/// The members of a cluster by name. What a quorum is, nobody here knows.
public struct WireConfiguration: Hashable, Sendable {
  /// The voters; of a joint configuration those of the new one.
  public var voters: [NodeName]
  /// The voters of the old configuration while a change is joint; empty otherwise.
  public var outgoing: [NodeName]
  /// Servers that receive the log and have no vote.
  public var learners: [NodeName]
  /// Voters of the old configuration that become learners once the joint one is left.
  public var learnersNext: [NodeName]

  /// Makes a configuration; every list is sorted, and nothing else is checked.
  public init(
    voters: [NodeName], outgoing: [NodeName] = [], learners: [NodeName] = [],
    learnersNext: [NodeName] = []
  ) {
    self.voters = voters.sorted()
    self.outgoing = outgoing.sorted()
    self.learners = learners.sorted()
    self.learnersNext = learnersNext.sorted()
  }
}

/// A snapshot of the suite's state machine: a list of all commands.
public struct WireSnapshot: Hashable, Sendable {
  /// The last entry that it covers.
  public var position: LogPosition
  /// The configuration as of that entry; `nil` where the one that the cluster starts from is meant,
  /// or where the implementation does not tell.
  public var configuration: WireConfiguration?
  /// The commands applied up to that entry, in order; no other kind of entry leaves a trace.
  public var commands: [[UInt8]]

  /// Makes a snapshot; nothing is checked.
  public init(
    position: LogPosition, configuration: WireConfiguration? = nil, commands: [[UInt8]]
  ) {
    self.position = position
    self.configuration = configuration
    self.commands = commands
  }
}

/// A message in canonical form. A field that the implementation's wire does not carry is `nil`.
public struct WireMessage: Hashable, Sendable {
  /// What it is; AppendEntries without entries and Heartbeat count as one class.
  public var type: MessageType
  /// The sender's term. In a pre-vote request and its grant, the term an election would have.
  public var term: Term?
  /// Vote and pre-vote requests: the index of the candidate's last entry; 0 for none.
  public var lastLogIndex: LogIndex?
  /// Vote and pre-vote requests: the term of that entry; 0 for none.
  public var lastLogTerm: Term?
  /// Vote requests: whether they override a voter's belief in a leader (thesis, §4.2.3).
  public var disrupt: Bool?
  /// Answers to vote and pre-vote requests: whether the vote is granted.
  public var granted: Bool?
  /// AppendEntries: the index before its entries. A rejection: the one it refuses.
  public var prevLogIndex: LogIndex?
  /// AppendEntries: the term of the entry at `prevLogIndex`; 0 at index 0.
  public var prevLogTerm: Term?
  /// AppendEntries: the entries from `prevLogIndex + 1` on; empty in a heartbeat.
  public var entries: [WireEntry]?
  /// AppendEntries and Heartbeat: the leader's commit index.
  public var leaderCommit: LogIndex?
  /// Answers to AppendEntries: whether the entries were accepted.
  public var success: Bool?
  /// The last entry that an acceptance covers.
  public var matchIndex: LogIndex?
  /// The position that a rejection proposes to go on from.
  public var hint: LogPosition?
  /// What ties an answer to the round of a read: AppendEntries and Heartbeat, their answers,
  /// ReadIndex and its answer repeat it. Its meaning is the sender's own.
  public var context: String?
  /// InstallSnapshot and its answer: the last entry that the snapshot covers.
  public var lastIncluded: LogPosition?
  /// InstallSnapshot: the configuration as of `lastIncluded`.
  public var configuration: WireConfiguration?
  /// InstallSnapshot: where in the snapshot this chunk begins, bytes.
  public var offset: UInt64?
  /// InstallSnapshot: this chunk of the snapshot in its canonical form.
  public var data: [UInt8]?
  /// InstallSnapshot: whether this is the last chunk.
  public var done: Bool?
  /// Answers to InstallSnapshot: the offset that is wanted next, bytes.
  public var nextOffset: UInt64?
  /// Answers to InstallSnapshot: whether the snapshot is installed durably.
  public var installed: Bool?
  /// Answers to ReadIndex: the read index; `nil` where the read is refused.
  public var index: LogIndex?

  /// A message of which nothing else is known.
  public init(type: MessageType, term: Term? = nil) {
    self.type = type
    self.term = term
  }
}
