import RaftTypes
import YAMLTree

/// What must hold after a step: a subset match, what is not mentioned is free.
public struct Expectation: Sendable {
  /// What is expected of single nodes, each located at its name.
  public var nodes: [Located<NodeExpectationFor>]
  /// For every real node that runs.
  public var each: NodeExpectation?
  /// Messages emitted since the step before ended; `nil` where they are free.
  public var sent: SentExpectation?
  /// Messages none of which may occur.
  public var absent: [MessagePattern]
  /// Messages that may not all occur together, a group each.
  public var absentTogether: [[MessagePattern]]
  /// How many of these messages match a pattern.
  public var counts: [CountExpectation]
  /// What voters answered in this step.
  public var votes: [VoteExpectation]
  /// What followers answered to AppendEntries in this step.
  public var appends: [AppendExpectation]
  /// What became of proposals by now.
  public var results: [ResultExpectation]
  /// One of these blocks must hold.
  public var oneOf: [Alternative]
  /// Expectations on fields that may be unobservable.
  public var observed: [Located<NodeExpectationFor>]
  /// Where the block begins.
  public var location: SourceLocation

  /// An expectation of nothing, which everything meets.
  public init(location: SourceLocation) {
    nodes = []
    absent = []
    absentTogether = []
    counts = []
    votes = []
    appends = []
    results = []
    oneOf = []
    observed = []
    self.location = location
  }

  /// A block of a `one-of`.
  public struct Alternative: Sendable {
    /// What must hold where this block is taken.
    public var expectation: Expectation
    /// Whether a run that takes this block passes as non-strict.
    public var isNonStrict: Bool

    /// Makes an alternative; nothing is checked.
    public init(expectation: Expectation, isNonStrict: Bool) {
      self.expectation = expectation
      self.isNonStrict = isNonStrict
    }
  }
}

/// A value and the place it was written at.
public struct Located<Value: Sendable>: Sendable {
  /// What was written.
  public var value: Value
  /// The place it was written at.
  public var location: SourceLocation

  /// Pairs a value with its place.
  public init(_ value: Value, at location: SourceLocation) {
    self.value = value
    self.location = location
  }
}

/// What is expected of one named node.
public struct NodeExpectationFor: Sendable {
  /// A real node of the trace.
  public var node: NodeName
  /// What must hold of its state.
  public var expectation: NodeExpectation

  /// Names the node; that the trace has it is not checked.
  public init(node: NodeName, expectation: NodeExpectation) {
    self.node = node
    self.expectation = expectation
  }
}

/// What is expected of a node's state.
public struct NodeExpectation: Sendable {
  /// Whether it runs; every other field can only be met by a node that does.
  public var status: Choice<NodeStatus>?
  /// Its role (§5.1), or that of a pre-candidate.
  public var role: Choice<NodeRole>?
  /// Its `currentTerm`; an unbound variable that stands alone receives the term found.
  public var term: Bound?
  /// Whom it voted for in its term.
  public var votedFor: Choice<OptionalNode>?
  /// Whom it believes to lead its term.
  public var leader: Choice<OptionalNode>?
  /// The whole log, internal entries left out.
  public var log: [LogItem]?
  /// Its last entry; named entries are compared with internal ones left out.
  public var last: EntryReference?
  /// Its commit index; 0 for nothing committed.
  public var commit: Bound?
  /// How far it has applied in this life, or what exactly.
  public var applied: AppliedExpectation?
  /// The payloads that the state machine holds, in order, internal entries left out.
  public var ledger: [LogItem]?
  /// The configuration in force; lists that are `nil` are free, and order is of no account.
  public var configuration: ConfigurationExpectation?
  /// The last entry that its snapshot covers.
  public var snapshot: SnapshotExpectation?
  /// The index of the first entry that is still in its log, or would be.
  public var first: Bound?

  /// An expectation of nothing, which every node meets.
  public init() {}
}

/// What is expected of a configuration; a list that is `nil` is free.
public struct ConfigurationExpectation: Hashable, Sendable {
  /// The voters, in a joint configuration those of the new one.
  public var voters: Set<NodeName>?
  /// The voters of the old configuration; empty where the configuration is not joint.
  public var outgoing: Set<NodeName>?
  /// Servers without a vote.
  public var learners: Set<NodeName>?
  /// Voters of the old configuration that are learners afterwards.
  public var learnersNext: Set<NodeName>?

  /// An expectation of nothing.
  public init() {}
}

/// What is expected of a node's snapshot.
public enum SnapshotExpectation: Sendable, Hashable {
  /// It has none.
  case none
  /// It covers exactly the log up to this entry.
  case position(LogPosition)
  /// The index of the last entry that it covers.
  case index(Bound)
}

/// A value, all but it, or one of several.
public enum Choice<Value: Hashable & Sendable>: Sendable {
  case equals(Value)
  case not(Value)
  case oneOf([Value])
}

/// A node that may be absent: `none` in traces.
public enum OptionalNode: Hashable, Sendable {
  case none
  case node(NodeName)
}

/// A number with what it is compared to.
public enum Bound: Sendable, Hashable {
  case equals(Quantity)
  case not(Quantity)
  case atLeast(Quantity)
  case atMost(Quantity)
  /// Strictly below.
  case before(Quantity)
  case between(UInt64, UInt64)
}

/// A number, a variable, a named entry's index, or another node's last index.
public enum Quantity: Sendable, Hashable {
  case number(UInt64)
  case variable(String, offset: Int)
  /// The index of a proposed entry. `equals` means at or past it, with no later entry that is not
  /// internal.
  case entry(String)
  case lastIndex(NodeName)
}

/// An expected entry of a log.
public enum LogItem: Sendable, Hashable {
  /// An entry of this term.
  case term(UInt64)
  /// A proposed entry.
  case name(String)
  /// A hand-written or booted entry, whose payload is its position.
  case position(LogPosition)
}

/// What has been applied: how far, or exactly which entries.
public enum AppliedExpectation: Sendable {
  case index(Bound)
  case entries([LogItem])
}

/// The messages that must have been sent.
public enum SentExpectation: Sendable {
  case none(SourceLocation)
  case all([MessagePattern])
}

/// What a message must look like; fields not mentioned are free.
public struct MessagePattern: Sendable {
  /// `nil` matches any type.
  public var type: MessageType?
  /// The sender.
  public var from: NodeName?
  /// The receiver, a real node or a peer.
  public var to: NodeName?
  /// The message's term.
  public var term: Bound?
  /// `lastLogIndex` and `lastLogTerm`.
  public var last: EntryReference?
  /// Whether the vote or pre-vote is granted.
  public var granted: Bool?
  /// `prevLogIndex` and `prevLogTerm`: the entry before those sent.
  public var prev: EntryReference?
  /// What it carries; `exactly` leaves internal entries out.
  public var entries: EntriesPattern?
  /// The leader's commit index.
  public var commit: Bound?
  /// Whether the entries were accepted.
  public var success: Bool?
  /// The last index that an acceptance covers.
  public var match: Bound?
  /// A configuration: that of a snapshot, or of an entry that the message carries.
  public var configuration: ConfigurationExpectation?
  /// Where a piece of a snapshot begins, bytes.
  public var offset: Bound?
  /// Whether a piece is the last.
  public var done: Bool?
  /// The offset that is wanted next, bytes.
  public var next: Bound?
  /// Whether the snapshot is installed.
  public var installed: Bool?
  /// The token of a round of reads.
  public var context: ContextPattern?
  /// What must be applied before a forwarded read is served.
  public var index: Bound?
  /// Where the pattern is written.
  public var location: SourceLocation
  /// The pattern as written, for reports.
  public var text: String

  /// The entries that a message must carry.
  public enum EntriesPattern: Sendable {
    case none
    case some
    case exactly([EntryReference])
  }

  /// The token that a message must carry.
  public enum ContextPattern: Sendable, Hashable {
    case none
    case some
    case exactly(String)
  }

  /// A pattern that matches every message.
  public init(location: SourceLocation, text: String) {
    self.location = location
    self.text = text
  }
}

/// How many messages match a pattern.
public struct CountExpectation: Sendable {
  /// Which of the messages emitted in this step are counted.
  public var pattern: MessagePattern
  /// How many there must be.
  public var bound: Bound

  /// Makes a count; nothing is checked.
  public init(pattern: MessagePattern, bound: Bound) {
    self.pattern = pattern
    self.bound = bound
  }
}

/// What a voter answered; not granted is a denial or silence.
public struct VoteExpectation: Sendable {
  /// The voter, a real node.
  public var by: NodeName
  /// The candidate, a real node or a peer.
  public var candidate: NodeName
  /// The term of the answer.
  public var term: TermValue
  /// Whether it grants its vote; `false` also stands for silence.
  public var granted: Bool
  /// Where it is written.
  public var location: SourceLocation

  /// Makes the expectation of a vote; nothing is checked.
  public init(
    by: NodeName, candidate: NodeName, term: TermValue, granted: Bool, location: SourceLocation
  ) {
    self.by = by
    self.candidate = candidate
    self.term = term
    self.granted = granted
    self.location = location
  }
}

/// What a follower answered to AppendEntries; not accepted is a rejection or silence.
public struct AppendExpectation: Sendable {
  /// The follower, a real node.
  public var by: NodeName
  /// The leader, a real node or a peer.
  public var to: NodeName
  /// Whether it accepts; `false` also stands for silence.
  public var accepted: Bool
  /// With an acceptance: the last index that it covers; `nil` for any.
  public var match: Bound?
  /// Where it is written.
  public var location: SourceLocation

  /// Makes the expectation of an answer; nothing is checked.
  public init(
    by: NodeName, to: NodeName, accepted: Bool, match: Bound?, location: SourceLocation
  ) {
    self.by = by
    self.to = to
    self.accepted = accepted
    self.match = match
    self.location = location
  }
}

/// What became of a proposal, a change or a read. A name with `times` stands for all of them.
public struct ResultExpectation: Sendable {
  /// The name that the work gave, or one of several: `e`, `e.2`.
  public var name: String
  /// What may have become of it by now.
  public var outcome: Choice<ProposalOutcome>
  /// What a read that was served has seen.
  public var sight: ReadSight?
  /// Where the name is written.
  public var location: SourceLocation

  /// Makes the expectation of an outcome; nothing is checked.
  public init(
    name: String, outcome: Choice<ProposalOutcome>, sight: ReadSight? = nil,
    location: SourceLocation
  ) {
    self.name = name
    self.outcome = outcome
    self.sight = sight
    self.location = location
  }
}

/// The outcomes of a proposal, a change or a read.
public enum ProposalOutcome: String, Sendable, CaseIterable {
  case committed, done, pending, refused, lost, unknown
}

/// What a read has seen.
public enum ReadSight: Sendable {
  /// The commands of the state machine, all and in order.
  case exactly([LogItem])
  /// At least these commands, in any order.
  case including([LogItem])
  /// The index that the state machine had applied.
  case at(Bound)
}
