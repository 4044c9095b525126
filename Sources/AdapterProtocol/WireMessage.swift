import RaftTypes

/// An entry with its bytes, as the protocol carries it.
public struct WireEntry: Hashable, Sendable {
  public var term: Term
  public var kind: EntryKind
  public var data: [UInt8]

  public init(term: Term, kind: EntryKind = .command, data: [UInt8]) {
    self.term = term
    self.kind = kind
    self.data = data
  }
}

/// A message in canonical form. A field that the implementation's wire does not carry is `nil`.
public struct WireMessage: Hashable, Sendable {
  public var type: MessageType
  public var term: Term?
  public var lastLogIndex: LogIndex?
  public var lastLogTerm: Term?
  public var disrupt: Bool?
  public var granted: Bool?
  public var prevLogIndex: LogIndex?
  public var prevLogTerm: Term?
  public var entries: [WireEntry]?
  public var leaderCommit: LogIndex?
  public var success: Bool?
  /// The last entry that an acceptance covers.
  public var matchIndex: LogIndex?
  /// The position that a rejection proposes to go on from.
  public var hint: LogPosition?

  public init(type: MessageType, term: Term? = nil) {
    self.type = type
    self.term = term
  }
}
