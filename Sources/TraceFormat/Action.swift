import RaftTypes

/// What a step does: one case a verb. The verbs are declared in `Verbs.swift`.
public indirect enum Action: Sendable {
  case tick(Tick)
  case timeout(NodeName)
  case lapse([NodeName])
  case beat(NodeName)
  case campaign(NodeName)
  case elect(Elect)
  case receive(HandMessage)
  case answer(PeerAnswer)
  case deliver(Selector)
  case drop(Selector)
  case duplicate(Selector)
  case capture(Selector, name: String, copy: Bool)
  case holdMessages(Selector)
  case releaseMessages(Selector)
  case holdStorage(NodeName, HeldWrites)
  case releaseStorage(NodeName)
  case holdApply(NodeName)
  case releaseApply(NodeName)
  case releaseAll
  case exchange(Exchange)
  case settle(Settle)
  case partition([[NodeName]])
  case isolate(NodeName)
  case cut(from: NodeName, to: NodeName)
  /// Restores all links, or those between the two named.
  case heal(between: [NodeName]?)
  case propose(Propose)
  case complete(Complete)
  case failStorage(StorageFailure)
  case crash(Crash)
  case restart([NodeName])
  case recover(rounds: Int)
}

/// Logical time passes for some nodes.
public struct Tick: Sendable {
  public var nodes: [NodeName]
  /// Ticks, or the bound of ticks where `until` is given.
  public var times: Int
  public var until: NodeExpectation?
  /// The variable that receives the number of ticks it took.
  public var count: String?

  public init(
    nodes: [NodeName], times: Int, until: NodeExpectation? = nil, count: String? = nil
  ) {
    self.nodes = nodes
    self.times = times
    self.until = until
    self.count = count
  }
}

/// A node is made leader by an election in which these voters take part.
public struct Elect: Sendable {
  public var node: NodeName
  public var by: [NodeName]
  /// The variable that receives the term.
  public var term: TermValue?

  public init(node: NodeName, by: [NodeName], term: TermValue?) {
    self.node = node
    self.by = by
    self.term = term
  }
}

/// A term as written: a number, or a variable with an offset.
public enum TermValue: Hashable, Sendable {
  case literal(Term)
  case variable(String, offset: Int)
}

/// A position or a named entry.
public enum EntryReference: Hashable, Sendable {
  case position(LogPosition)
  case name(String)
}

/// A hand-written message.
public struct HandMessage: Sendable {
  public var from: NodeName
  public var to: NodeName
  public var term: TermValue
  public var body: HandBody

  public init(from: NodeName, to: NodeName, term: TermValue, body: HandBody) {
    self.from = from
    self.to = to
    self.term = term
    self.body = body
  }
}

/// What a hand-written message carries.
public enum HandBody: Sendable {
  case requestVote(last: LogPosition, disrupt: Bool)
  case requestVoteResponse(granted: Bool)
  case preVote(last: LogPosition)
  case preVoteResponse(granted: Bool)
  case appendEntries(prev: LogPosition, entries: [EntryReference], commit: LogIndex)
  case appendEntriesAccepted(match: LogIndex)
  case appendEntriesRejected(prev: LogIndex, hint: LogPosition)
  case heartbeat(matched: LogPosition, commit: LogIndex)
}

/// A peer's answer, computed from the real request it answers.
public struct PeerAnswer: Sendable {
  public var from: [NodeName]
  public var to: NodeName
  public var with: Kind
  public var through: EntryReference?
  public var all: Bool
  public var term: TermValue?

  /// The kinds of answer.
  public enum Kind: String, Sendable, CaseIterable {
    case grant, deny, ack, reject, beat
  }

  public init(
    from: [NodeName], to: NodeName, with: Kind, through: EntryReference?, all: Bool,
    term: TermValue?
  ) {
    self.from = from
    self.to = to
    self.with = with
    self.through = through
    self.all = all
    self.term = term
  }
}

/// Picks messages in flight.
public struct Selector: Sendable {
  /// A captured message, by its name; the other fields are then unused.
  public var captured: String?
  /// Senders; empty for any.
  public var from: [NodeName]
  /// Receivers; empty for any.
  public var to: [NodeName]
  public var type: MessageType?
  /// An entry the message must carry.
  public var carries: EntryReference?
  /// Whether it must carry entries, or none.
  public var withEntries: Bool?
  public var all: Bool
  public var optional: Bool

  public init(
    captured: String? = nil, from: [NodeName] = [], to: [NodeName] = [],
    type: MessageType? = nil, carries: EntryReference? = nil, withEntries: Bool? = nil,
    all: Bool = false, optional: Bool = false
  ) {
    self.captured = captured
    self.from = from
    self.to = to
    self.type = type
    self.carries = carries
    self.withEntries = withEntries
    self.all = all
    self.optional = optional
  }
}

/// The kinds of write that can be held.
public enum HeldWrites: String, Sendable, CaseIterable {
  case entries, vote, sync
}

/// Two nodes talk until something holds.
public struct Exchange: Sendable {
  public var first: NodeName
  public var second: NodeName
  public var until: Expectation
  /// The most round trips.
  public var rounds: Int

  public init(first: NodeName, second: NodeName, until: Expectation, rounds: Int) {
    self.first = first
    self.second = second
    self.until = until
    self.rounds = rounds
  }
}

/// How far to settle.
public enum Settle: Sendable {
  /// Deliver and beat until nothing changes.
  case quiescent
  /// Deliver only.
  case deliveriesOnly
  /// Settle, and time a node out when nobody leads, until a leader is settled on.
  case within(rounds: Int)
}

/// A client's command, or several.
public struct Propose: Sendable {
  public var to: NodeName
  public var name: String
  /// How many; above 1 they are named `name.1`, `name.2`, ...
  public var times: Int
  /// The least size of each payload, bytes; shorter ones are padded.
  public var bytes: Int?

  /// The names of the entries proposed.
  public var entryNames: [String] {
    times == 1 ? [name] : (1...times).map { "\(name).\($0)" }
  }

  public init(to: NodeName, name: String, times: Int, bytes: Int?) {
    self.to = to
    self.name = name
    self.times = times
    self.bytes = bytes
  }
}

/// Completes held writes, oldest first.
public struct Complete: Sendable {
  public var node: NodeName
  public var extent: Extent
  /// Whether the write fails instead.
  public var fails: Bool

  /// How many of the held writes.
  public enum Extent: Sendable {
    case next(Int)
    case through(EntryReference)
    case all
  }

  public init(node: NodeName, extent: Extent, fails: Bool) {
    self.node = node
    self.extent = extent
    self.fails = fails
  }
}

/// Makes a coming storage operation fail.
public struct StorageFailure: Sendable {
  public var node: NodeName
  public var operation: Operation
  /// Which of the coming operations of this kind, from 1.
  public var nth: Int
  public var error: Kind

  /// The operations that can fail.
  public enum Operation: String, Sendable, CaseIterable {
    case append, sync, vote
  }

  /// How they fail.
  public enum Kind: String, Sendable, CaseIterable {
    case io, full
  }

  public init(node: NodeName, operation: Operation, nth: Int, error: Kind) {
    self.node = node
    self.operation = operation
    self.nth = nth
    self.error = error
  }
}

/// A node dies.
public struct Crash: Sendable {
  public var node: NodeName
  public var unsynced: UnsyncedWrites
  public var wipesDisk: Bool
  /// The action in the middle of which it dies; the trace is then run once for each write of it.
  public var during: Action?

  public init(node: NodeName, unsynced: UnsyncedWrites, wipesDisk: Bool, during: Action?) {
    self.node = node
    self.unsynced = unsynced
    self.wipesDisk = wipesDisk
    self.during = during
  }
}
