/// What an entry of the log is for.
public enum EntryKind: UInt8, Hashable, Sendable, CaseIterable {
  /// A command for the state machine.
  case command = 0
  /// An entry that a leader appends for itself when its term starts; the state machine ignores it.
  case internalEntry = 1
  /// A cluster configuration.
  case configuration = 2
}

/// One entry of the log with its bytes.
///
/// - Source: Raft paper, Figure 2 (State): a command, and the term when it was received.
public struct Entry: Hashable, Sendable {
  /// The position in the log; a log's first entry has 1.
  public var index: LogIndex
  /// The term of the leader that created it; an entry keeps it for ever (§5.3).
  public var term: Term
  /// What it is for; only a command changes the state machine.
  public var kind: EntryKind
  /// The command's bytes, or the encoded configuration; empty for an internal entry.
  public var payload: [UInt8]

  /// Makes an entry; nothing is checked.
  public init(index: LogIndex, term: Term, kind: EntryKind = .command, payload: [UInt8] = []) {
    self.index = index
    self.term = term
    self.kind = kind
    self.payload = payload
  }

  /// Index and term: by Log Matching (§5.3) they name one entry of the whole cluster.
  public var position: LogPosition { LogPosition(index: index, term: term) }
}

/// The state that must be durable before a server answers a message that changed it.
///
/// - Source: Raft paper, Figure 2 (Persistent state on all servers).
public struct HardState: Hashable, Sendable {
  /// `currentTerm`: the latest term the server has seen; it never falls.
  public var term: Term
  /// The candidate that received this server's vote in `term`, if any.
  public var votedFor: ServerID?

  /// Makes a hard state; without arguments that of a server's first boot.
  public init(term: Term = .zero, votedFor: ServerID? = nil) {
    self.term = term
    self.votedFor = votedFor
  }
}

/// The members of a cluster. Vocabulary only: what a quorum is, each user of it decides.
///
/// - Source: Raft paper, §6; thesis, chapter 4.
public struct Configuration: Hashable, Sendable {
  /// The voters, ascending; in a joint configuration those of the new configuration.
  public var voters: [ServerID]
  /// The voters of the old configuration while the change is joint; empty otherwise.
  public var outgoing: [ServerID]
  /// Servers that receive entries and have no vote, ascending.
  public var learners: [ServerID]
  /// Voters of the old configuration that become learners once the joint one is left, ascending.
  public var learnersNext: [ServerID]

  /// Makes a configuration; every list is sorted, and nothing else is checked.
  public init(
    voters: [ServerID], outgoing: [ServerID] = [], learners: [ServerID] = [],
    learnersNext: [ServerID] = []
  ) {
    self.voters = voters.sorted()
    self.outgoing = outgoing.sorted()
    self.learners = learners.sorted()
    self.learnersNext = learnersNext.sorted()
  }

  /// Whether the change from `outgoing` to `voters` is still under way.
  public var isJoint: Bool { !outgoing.isEmpty }

  /// Every server that is named, ascending, once each.
  public var members: [ServerID] {
    Array(Set(voters + outgoing + learners + learnersNext)).sorted()
  }
}
