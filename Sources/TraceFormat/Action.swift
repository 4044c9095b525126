import RaftTypes

/// What a step does: one case a verb. The verbs are declared in the folder `Verbs`.
public indirect enum Action: Sendable {
  case tick(Tick)
  /// The node's election timer fires once, however it is randomised.
  case timeout(NodeName)
  /// The least election time-out passes for the nodes; their own timers don't fire.
  case lapse([NodeName])
  /// The leader's heartbeat is due.
  case beat(NodeName)
  /// The node stands for election at once, without a pre-vote.
  case campaign(NodeName)
  case elect(Elect)
  case receive(HandMessage)
  case answer(PeerAnswer)
  case deliver(Selector)
  case drop(Selector)
  case duplicate(Selector)
  /// Takes the oldest match off its link, or copies it, to be delivered by name.
  case capture(Selector, name: String, copy: Bool)
  /// Matches in flight and later ones wait until they are released.
  case holdMessages(Selector)
  case releaseMessages(Selector)
  case holdStorage(NodeName, HeldWrites)
  case releaseStorage(NodeName)
  case holdApply(NodeName)
  case releaseApply(NodeName)
  /// Ends every hold, of messages, writes and applying.
  case releaseAll
  case exchange(Exchange)
  case settle(Settle)
  /// Servers of different groups lose their links.
  case partition([[NodeName]])
  /// The node loses its links to all others.
  case isolate(NodeName)
  /// One link, one way.
  case cut(from: NodeName, to: NodeName)
  /// Restores all links, or those between the two named.
  case heal(between: [NodeName]?)
  case propose(Propose)
  /// The node's state machine makes a snapshot of all that is applied.
  case snapshot(NodeName)
  case compact(Compact)
  case configure(Configure)
  /// The leader hands its leadership over.
  case transfer(from: NodeName, to: NodeName)
  case read(Read)
  case complete(Complete)
  case failStorage(StorageFailure)
  case crash(Crash)
  case corrupt(Corrupt)
  /// The nodes start again from their disks.
  case restart([NodeName])
  /// Links heal, nodes restart, and a leader must come up and a probe be applied by all.
  case recover(rounds: Int)
  case chaos(Chaos)
}

/// Logical time passes for some nodes.
public struct Tick: Sendable {
  /// Whose time passes.
  public var nodes: [NodeName]
  /// Ticks, or the bound of ticks where `until` is given.
  public var times: Int
  /// Ticks pass until this holds of the node; if it never does, the step fails.
  public var until: NodeExpectation?
  /// The variable that receives the number of ticks it took.
  public var count: String?

  /// Makes ticks; nothing is checked.
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
  /// Who is to lead; it always takes part.
  public var node: NodeName
  /// The other voters that take part; a peer among them grants by a message.
  public var by: [NodeName]
  /// The variable that receives the term.
  public var term: TermValue?

  /// Makes an election; nothing is checked.
  public init(node: NodeName, by: [NodeName], term: TermValue?) {
    self.node = node
    self.by = by
    self.term = term
  }
}

/// A term as written: a number, or a variable with an offset.
public enum TermValue: Hashable, Sendable {
  case literal(Term)
  /// The value of a variable, named without the dollar sign, plus the offset.
  case variable(String, offset: Int)
}

/// A position or a named entry.
public enum EntryReference: Hashable, Sendable {
  /// The entry at this index, of this term.
  case position(LogPosition)
  /// The entry that was proposed under this name.
  case name(String)
}

/// A hand-written message.
public struct HandMessage: Sendable {
  /// The server it claims to come from; never the receiver.
  public var from: NodeName
  /// The receiver, a real node.
  public var to: NodeName
  /// The message's term; in a pre-vote the one an election would have.
  public var term: TermValue
  /// Its type, with the fields of that type.
  public var body: HandBody
  /// The token of a round of reads, which an answer repeats; `nil` for none.
  public var context: String?

  /// Makes a message; nothing is checked.
  public init(
    from: NodeName, to: NodeName, term: TermValue, body: HandBody, context: String? = nil
  ) {
    self.from = from
    self.to = to
    self.term = term
    self.body = body
    self.context = context
  }
}

/// What a hand-written message carries.
public enum HandBody: Sendable {
  case requestVote(last: LogPosition, disrupt: Bool)
  case requestVoteResponse(granted: Bool)
  case preVote(last: LogPosition)
  case preVoteResponse(granted: Bool)
  case appendEntries(prev: LogPosition, entries: [HandEntry], commit: LogIndex)
  case appendEntriesAccepted(match: LogIndex)
  case appendEntriesRejected(prev: LogIndex, hint: LogPosition)
  /// `matched` is the last entry that the sender knows to match the receiver's log.
  case heartbeat(matched: LogPosition, commit: LogIndex)
  case heartbeatResponse
  case installSnapshot(HandSnapshot)
  case installSnapshotResponse(last: LogPosition, next: Int, installed: Bool)
  case timeoutNow
  case readIndex
  /// `index` is what must be applied before the read is served; `nil` is a refusal.
  case readIndexResponse(index: LogIndex?)
}

/// A peer's answer, computed from the real request it answers.
public struct PeerAnswer: Sendable {
  /// The peers that answer, in this order.
  public var from: [NodeName]
  /// The real node whose request is answered.
  public var to: NodeName
  /// What the answer says.
  public var with: Kind
  /// With `ack`: the entry up to which requests are answered, and acknowledged. With `index`: the
  /// entry that must be applied before the read is served.
  public var through: EntryReference?
  /// With `chunk`: the offset that is wanted next, bytes; `nil` for the end of the piece.
  public var next: Int?
  /// Whether every fitting request is answered, not the oldest alone.
  public var all: Bool
  /// With `deny` or `reject`: the answer's term; `nil` for the one that fits the request.
  public var term: TermValue?

  /// The kinds of answer.
  public enum Kind: String, Sendable, CaseIterable {
    case grant, deny, ack, reject, beat, chunk, install, index
  }

  /// Makes an answer; nothing is checked.
  public init(
    from: [NodeName], to: NodeName, with: Kind, through: EntryReference?, all: Bool,
    term: TermValue?, next: Int? = nil
  ) {
    self.from = from
    self.to = to
    self.with = with
    self.through = through
    self.all = all
    self.term = term
    self.next = next
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
  /// Its type; `nil` for any. `heartbeat` is every append without entries.
  public var type: MessageType?
  /// An entry the message must carry.
  public var carries: EntryReference?
  /// Whether it must carry entries, or none.
  public var withEntries: Bool?
  /// Which of the matches it picks, oldest first, from 1.
  public var nth: Int
  /// Whether it picks every match in flight now, not the oldest alone.
  public var all: Bool
  /// Whether having no match is fine; otherwise it fails the step.
  public var optional: Bool

  /// Makes a selector; without arguments it picks the oldest message in flight.
  public init(
    captured: String? = nil, from: [NodeName] = [], to: [NodeName] = [],
    type: MessageType? = nil, carries: EntryReference? = nil, withEntries: Bool? = nil,
    nth: Int = 1, all: Bool = false, optional: Bool = false
  ) {
    self.captured = captured
    self.from = from
    self.to = to
    self.type = type
    self.carries = carries
    self.withEntries = withEntries
    self.nth = nth
    self.all = all
    self.optional = optional
  }
}

/// The kinds of write that can be held.
public enum HeldWrites: String, Sendable, CaseIterable {
  case entries, vote, sync, snapshot
}

/// Two nodes talk until something holds.
public struct Exchange: Sendable {
  /// Who sends first; a leader beats where nothing is on its way between the two.
  public var first: NodeName
  /// Who answers.
  public var second: NodeName
  /// What must come to hold; it is tested before each round trip and after the last.
  public var until: Expectation
  /// The most round trips.
  public var rounds: Int

  /// Makes an exchange; nothing is checked.
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
  /// Who is asked; any node, and it may refuse.
  public var to: NodeName
  /// The name by which the trace speaks of the entry.
  public var name: String
  /// How many; above 1 they are named `name.1`, `name.2`, ...
  public var times: Int
  /// The least size of each payload, bytes; shorter ones are padded.
  public var bytes: Int?

  /// The names of the entries proposed.
  public var entryNames: [String] {
    times == 1 ? [name] : (1...times).map { "\(name).\($0)" }
  }

  /// Makes proposals; nothing is checked.
  public init(to: NodeName, name: String, times: Int, bytes: Int?) {
    self.to = to
    self.name = name
    self.times = times
    self.bytes = bytes
  }
}

/// Completes held writes, oldest first.
public struct Complete: Sendable {
  /// Whose writes were held.
  public var node: NodeName
  /// How many of them.
  public var extent: Extent
  /// Whether the write fails instead.
  public var fails: Bool

  /// How many of the held writes.
  public enum Extent: Sendable {
    /// This many, at least 1.
    case next(Int)
    /// Those up to and including the one that contains this entry.
    case through(EntryReference)
    /// Every write that is held.
    case all
  }

  /// Makes a completion; nothing is checked.
  public init(node: NodeName, extent: Extent, fails: Bool) {
    self.node = node
    self.extent = extent
    self.fails = fails
  }
}

/// Makes a coming storage operation fail.
public struct StorageFailure: Sendable {
  /// Whose storage fails.
  public var node: NodeName
  /// The kind of operation that is counted.
  public var operation: Operation
  /// Which of the coming operations of this kind, from 1.
  public var nth: Int
  /// How the operation fails.
  public var error: Kind

  /// The operations that can fail.
  public enum Operation: String, Sendable, CaseIterable {
    case append, sync, vote, snapshot
  }

  /// How they fail.
  public enum Kind: String, Sendable, CaseIterable {
    case io, full
  }

  /// Makes a failure; nothing is checked.
  public init(node: NodeName, operation: Operation, nth: Int, error: Kind) {
    self.node = node
    self.operation = operation
    self.nth = nth
    self.error = error
  }
}

/// The bytes that a dead node's disk holds of an entry are damaged.
public struct Corrupt: Sendable {
  /// Whose disk.
  public var node: NodeName
  /// What happens to the bytes.
  public var damage: Damage
  /// The entry whose bytes they are.
  public var entry: EntryReference

  /// What happens to bytes.
  public enum Damage: String, Sendable, CaseIterable {
    case flip, cut, zero
  }

  /// Makes damage; nothing is checked.
  public init(node: NodeName, damage: Damage, entry: EntryReference) {
    self.node = node
    self.damage = damage
    self.entry = entry
  }
}

/// A node dies.
public struct Crash: Sendable {
  /// Who dies.
  public var node: NodeName
  /// What becomes of its writes that were not synced.
  public var unsynced: UnsyncedWrites
  /// Whether its disk is empty afterwards.
  public var wipesDisk: Bool
  /// The action in the middle of which it dies; the trace is then run once for each write of it.
  public var during: Action?

  /// Makes a crash; nothing is checked.
  public init(node: NodeName, unsynced: UnsyncedWrites, wipesDisk: Bool, during: Action?) {
    self.node = node
    self.unsynced = unsynced
    self.wipesDisk = wipesDisk
    self.during = during
  }
}
