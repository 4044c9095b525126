import RaftTypes

/// What the suite asks of an implementation. One request, one answer, in order.
public enum Request: Sendable {
  /// Opens the conversation: the versions the suite speaks, and its own.
  case hello(protocols: [Int], suiteVersion: String)
  /// Starts a trace. All nodes and messages of the trace before are gone.
  case begin(trace: String, seed: UInt64)
  /// Builds a node from a durable state; answers the whole state of its first life.
  case create(NodeSpecification)
  /// This node's election timer fires, pre-vote included; other nodes' time stands still.
  case timeout(NodeName)
  /// Starts an election without time and without a pre-vote.
  case campaign(NodeName)
  /// The minimum election time-out passes since a leader was heard; the own timer does not fire.
  case lapse(NodeName)
  /// A leader's heartbeat is due.
  case beat(NodeName)
  /// Logical time passes for this node alone, a tick at a time.
  case tick(NodeName, times: Int)
  /// A message that no real node sent.
  case receive(node: NodeName, from: NodeName, WireMessage)
  /// Hands a message in flight to its receiver.
  case deliver(MessageHandle)
  /// A message in flight is lost.
  case drop(MessageHandle)
  /// A message in flight is on its way twice; answers the copy's handle.
  case duplicate(MessageHandle)
  /// A client's command.
  case propose(NodeName, data: [UInt8])
  /// Holds a node's writes, or its applying, back from completion.
  case hold(NodeName, HoldTarget)
  /// Ends a hold and completes what was held by it.
  case release(NodeName, HoldTarget)
  /// Completes held writes, oldest first, or fails them.
  case complete(NodeName, CompletionExtent, fails: Bool)
  /// A coming storage operation of the node fails, or the process dies before it.
  case storageFault(NodeName, StorageFault)
  /// The process dies; `unsynced` says what becomes of its last writes.
  case crash(NodeName, UnsyncedWrites, wipesDisk: Bool)
  /// Damages what a dead node's disk holds of an entry.
  case corrupt(NodeName, Corruption)
  /// Starts a dead node from its disk; answers the whole state of the new life, or `halted` where
  /// the node refuses to start from what it finds.
  case restart(NodeName)
  /// The node's state machine makes a snapshot as of `lastApplied`, and the node writes it durably
  /// unless such writes are held.
  case snapshot(NodeName)
  /// The node discards its log up to and including this index.
  case compact(NodeName, upTo: LogIndex)
  /// A client asks the node for another configuration of the cluster.
  case configure(NodeName, ConfigureRequest)
  /// A client asks the node for a linearizable read of the whole state machine; `id` is unique in
  /// the trace, and names the read where its result is told.
  case read(NodeName, id: String)
  /// A client asks the node to hand its leadership to a server.
  case transfer(NodeName, to: NodeName)
  /// Asks for the whole of these fields.
  case state(NodeName, want: [StateField])
  /// The trace is over; nothing of it is asked for again.
  case end
  /// The conversation is over.
  case bye
  /// An operation that does not exist: the answer must be `unsupported`.
  case unknown(operation: String)
}

extension Request {
  /// The node that the request names, if it names one.
  public var node: NodeName? {
    switch self {
    case .create(let specification): specification.node
    case .timeout(let node), .campaign(let node), .lapse(let node), .beat(let node),
      .tick(let node, _), .receive(let node, _, _), .propose(let node, _), .hold(let node, _),
      .release(let node, _), .complete(let node, _, _), .storageFault(let node, _),
      .crash(let node, _, _), .corrupt(let node, _), .restart(let node), .state(let node, _),
      .snapshot(let node),
      .compact(let node, _), .configure(let node, _), .read(let node, _), .transfer(let node, _):
      node
    case .hello, .begin, .deliver, .drop, .duplicate, .end, .bye, .unknown: nil
    }
  }
}

/// Names a message in flight. Handles are the implementation's; the suite never orders by them.
public struct MessageHandle: RawRepresentable, Hashable, Sendable {
  /// The implementation's own number; the suite only hands it back.
  public var rawValue: UInt64
  /// The handle of this number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// The node to build and the durable state it boots from.
public struct NodeSpecification: Sendable {
  /// What the node is called for the rest of the trace.
  public var node: NodeName
  /// The configuration that the cluster starts from, before anything that `snapshot` and `log` say
  /// of it. The node need not be in it: it joins then.
  public var configuration: WireConfiguration
  /// `currentTerm`, as its disk holds it.
  public var term: Term
  /// Its vote in `term`, as its disk holds it; `nil` where it gave none.
  public var votedFor: NodeName?
  /// The snapshot that its disk holds; `nil` for none.
  public var snapshot: WireSnapshot?
  /// The entries after the snapshot; without one, from index 1 on.
  public var log: [WireEntry]
  /// What the trace asks of it.
  public var settings: NodeSettings

  /// Makes a specification; states that no server can have are for the implementation to refuse.
  public init(
    node: NodeName, configuration: WireConfiguration, term: Term, votedFor: NodeName?,
    snapshot: WireSnapshot? = nil, log: [WireEntry], settings: NodeSettings
  ) {
    self.node = node
    self.configuration = configuration
    self.term = term
    self.votedFor = votedFor
    self.snapshot = snapshot
    self.log = log
    self.settings = settings
  }

  /// Makes the specification of a node in a cluster of voters alone, without a snapshot.
  public init(
    node: NodeName, voters: [NodeName], term: Term, votedFor: NodeName?, log: [WireEntry],
    settings: NodeSettings
  ) {
    self.init(
      node: node, configuration: WireConfiguration(voters: voters), term: term,
      votedFor: votedFor, log: log, settings: settings)
  }

  /// The voters of the configuration that the cluster starts from.
  public var voters: [NodeName] { configuration.voters }
}

/// A client's request for another configuration of the cluster.
public struct ConfigureRequest: Hashable, Sendable {
  /// Unique in the trace: names the change where its fate is told.
  public var id: String
  /// What is asked for.
  public var change: Change

  /// What is asked for.
  public enum Change: Hashable, Sendable {
    /// These are to be all voters and all learners of the cluster.
    case to(voters: [NodeName], learners: [NodeName], joint: JointUse)
    /// A joint configuration is to be left.
    case leave
  }

  /// Makes a request; that it makes sense is for the implementation to say.
  public init(id: String, change: Change) {
    self.id = id
    self.change = change
  }
}

/// Whether a change goes through a joint configuration (§6).
public enum JointUse: String, Sendable, CaseIterable {
  /// Where more than one voter changes, and it is left without being asked.
  case automatic = "auto"
  /// Always, and it is left without being asked.
  case always
  /// Never: what a single-server change can't do is rejected as `not-simple` (thesis, §4.1).
  case never
  /// Always, and it is left only where that is asked for.
  case explicit
}

/// Settings that a trace asks for; `nil` leaves the choice to the implementation.
public struct NodeSettings: Hashable, Sendable {
  /// The least election time-out, ticks; the greatest is below twice that.
  public var electionTicks: Int?
  /// Ticks between a leader's heartbeats.
  public var heartbeatTicks: Int?
  /// Whether elections start with a pre-vote (thesis, §9.6).
  public var preVote: Bool?
  /// Whether a leader without contact to a quorum steps down (thesis, §6.2).
  public var checkQuorum: Bool?
  /// The most entries of one AppendEntries.
  public var maxEntriesPerAppend: Int?
  /// The most bytes of entries in one AppendEntries; one entry always fits.
  public var maxBytesPerAppend: Int?
  /// The most unanswered AppendEntries of one follower.
  public var maxInflightAppends: Int?
  /// The most bytes of snapshot in one InstallSnapshot.
  public var maxBytesPerSnapshotChunk: Int?
  /// Whether a leader serves reads on the strength of its lease, without asking a quorum (thesis,
  /// §6.4.1); only together with `checkQuorum`.
  public var leaseReads: Bool?

  /// Settings that ask for nothing.
  public init() {}
}

/// What can be held back.
public enum HoldTarget: String, Sendable, CaseIterable {
  /// Writes of entries.
  case entries
  /// Writes of term and vote.
  case vote
  /// Every sync.
  case sync
  /// Applying committed entries.
  case apply
  /// Writes of snapshots, own ones and received ones.
  case snapshot
}

/// How many of the held writes are completed, oldest first.
public enum CompletionExtent: Hashable, Sendable {
  /// This many writes, at least 1.
  case next(Int)
  /// Up to and including the write that contains this position.
  case through(LogPosition)
  /// Every write that is held.
  case all
}

/// A fault in a coming storage operation.
public struct StorageFault: Hashable, Sendable {
  /// The kind of operation that is counted.
  public var operation: Operation
  /// Which of the coming operations of this kind, from 1.
  public var nth: Int
  /// What the operation meets.
  public var effect: Effect

  /// The operations that can fail; `anyWrite` counts writes of every kind.
  public enum Operation: String, Sendable, CaseIterable {
    case append, sync, vote, snapshot
    case anyWrite = "any-write"
  }

  /// What happens to it.
  public enum Effect: String, Sendable, CaseIterable {
    /// It fails with an input/output error.
    case io
    /// It fails for want of room.
    case full
    /// The process dies before it.
    case crash
  }

  /// Makes a fault; `nth` below 1 is for the implementation to refuse.
  public init(operation: Operation, nth: Int, effect: Effect) {
    self.operation = operation
    self.nth = nth
    self.effect = effect
  }
}

/// Damage to the bytes of a node's disk.
public struct Corruption: Hashable, Sendable {
  /// What happens to the bytes.
  public var damage: Damage
  /// The entry whose bytes they are.
  public var entry: LogIndex

  /// What happens to bytes.
  public enum Damage: String, Sendable, CaseIterable {
    /// One bit in the middle of the entry's record is another.
    case flip
    /// The file ends in the middle of the entry's record.
    case cut
    /// The entry's record reads as zeros.
    case zero
  }

  /// Makes damage; an entry that the disk does not hold is for the implementation to refuse.
  public init(damage: Damage, entry: LogIndex) {
    self.damage = damage
    self.entry = entry
  }
}

/// The fields of a state that can be asked for in full.
public enum StateField: String, Sendable, CaseIterable {
  case log, applied, configuration, snapshot
}
