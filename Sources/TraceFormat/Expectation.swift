import RaftTypes
import YAMLTree

/// What must hold after a step: a subset match, what is not mentioned is free.
public struct Expectation: Sendable {
  public var nodes: [Located<NodeExpectationFor>]
  /// For every real node that runs.
  public var each: NodeExpectation?
  public var sent: SentExpectation?
  /// Messages none of which may occur.
  public var absent: [MessagePattern]
  /// Messages that may not all occur together, a group each.
  public var absentTogether: [[MessagePattern]]
  public var counts: [CountExpectation]
  public var votes: [VoteExpectation]
  public var appends: [AppendExpectation]
  public var results: [ResultExpectation]
  /// One of these blocks must hold.
  public var oneOf: [Alternative]
  /// Expectations on fields that may be unobservable.
  public var observed: [Located<NodeExpectationFor>]
  public var location: SourceLocation

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
    public var expectation: Expectation
    /// Whether a run that takes this block passes as non-strict.
    public var isNonStrict: Bool

    public init(expectation: Expectation, isNonStrict: Bool) {
      self.expectation = expectation
      self.isNonStrict = isNonStrict
    }
  }
}

/// A value and the place it was written at.
public struct Located<Value: Sendable>: Sendable {
  public var value: Value
  public var location: SourceLocation

  public init(_ value: Value, at location: SourceLocation) {
    self.value = value
    self.location = location
  }
}

/// What is expected of one named node.
public struct NodeExpectationFor: Sendable {
  public var node: NodeName
  public var expectation: NodeExpectation

  public init(node: NodeName, expectation: NodeExpectation) {
    self.node = node
    self.expectation = expectation
  }
}

/// What is expected of a node's state.
public struct NodeExpectation: Sendable {
  public var status: Choice<NodeStatus>?
  public var role: Choice<NodeRole>?
  public var term: Bound?
  public var votedFor: Choice<OptionalNode>?
  public var leader: Choice<OptionalNode>?
  /// The whole log, internal entries left out.
  public var log: [LogItem]?
  public var last: EntryReference?
  public var commit: Bound?
  public var applied: AppliedExpectation?
  /// The payloads that the state machine holds, in order, internal entries left out.
  public var ledger: [LogItem]?

  public init() {}
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
  public var from: NodeName?
  public var to: NodeName?
  public var term: Bound?
  /// `lastLogIndex` and `lastLogTerm`.
  public var last: EntryReference?
  public var granted: Bool?
  public var prev: EntryReference?
  public var entries: EntriesPattern?
  public var commit: Bound?
  public var success: Bool?
  public var match: Bound?
  public var location: SourceLocation
  /// The pattern as written, for reports.
  public var text: String

  /// The entries that a message must carry.
  public enum EntriesPattern: Sendable {
    case none
    case some
    case exactly([EntryReference])
  }

  public init(location: SourceLocation, text: String) {
    self.location = location
    self.text = text
  }
}

/// How many messages match a pattern.
public struct CountExpectation: Sendable {
  public var pattern: MessagePattern
  public var bound: Bound

  public init(pattern: MessagePattern, bound: Bound) {
    self.pattern = pattern
    self.bound = bound
  }
}

/// What a voter answered; not granted is a denial or silence.
public struct VoteExpectation: Sendable {
  public var by: NodeName
  public var candidate: NodeName
  public var term: TermValue
  public var granted: Bool
  public var location: SourceLocation

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
  public var by: NodeName
  public var to: NodeName
  public var accepted: Bool
  public var match: Bound?
  public var location: SourceLocation

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

/// What became of a proposal. A name with `times` stands for all of them.
public struct ResultExpectation: Sendable {
  public var name: String
  public var outcome: Choice<ProposalOutcome>
  public var location: SourceLocation

  public init(name: String, outcome: Choice<ProposalOutcome>, location: SourceLocation) {
    self.name = name
    self.outcome = outcome
    self.location = location
  }
}

/// The outcomes of a proposal.
public enum ProposalOutcome: String, Sendable, CaseIterable {
  case committed, pending, refused, lost, unknown
}
