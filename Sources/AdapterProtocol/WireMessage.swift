import RaftTypes

/// An entry with its bytes, as the protocol carries it.
public struct WireEntry: Hashable, Sendable {
  /// The term of the leader that created it.
  public var term: Term
  /// What it is for; only a command changes the state machine.
  public var kind: EntryKind
  /// The command's bytes; empty for an internal entry.
  public var data: [UInt8]

  /// Makes an entry; its index is given by the list that holds it.
  public init(term: Term, kind: EntryKind = .command, data: [UInt8]) {
    self.term = term
    self.kind = kind
    self.data = data
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

  /// A message of which nothing else is known.
  public init(type: MessageType, term: Term? = nil) {
    self.type = type
    self.term = term
  }
}
