import RaftTypes

/// What the suite asks of an implementation. One request, one answer, in order.
public enum Request: Sendable {
  /// Opens the conversation: the versions the suite speaks, and its own.
  case hello(protocols: [Int], suiteVersion: String)
  /// Starts a trace. All nodes and messages of the trace before are gone.
  case begin(trace: String, seed: UInt64)
  case create(NodeSpecification)
  /// This node's election timer fires, pre-vote included; other nodes' time stands still.
  case timeout(NodeName)
  /// Starts an election without time and without a pre-vote.
  case campaign(NodeName)
  /// The minimum election time-out passes since a leader was heard; the own timer does not fire.
  case lapse(NodeName)
  /// A leader's heartbeat is due.
  case beat(NodeName)
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
  case complete(NodeName, CompletionExtent, fails: Bool)
  case storageFault(NodeName, StorageFault)
  case crash(NodeName, UnsyncedWrites, wipesDisk: Bool)
  case restart(NodeName)
  /// Asks for the whole of these fields.
  case state(NodeName, want: [StateField])
  case end
  case bye
  /// An operation that does not exist: the answer must be `unsupported`.
  case unknown(operation: String)
}

/// Names a message in flight. Handles are the implementation's; the suite never orders by them.
public struct MessageHandle: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt64
  public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// The node to build and the durable state it boots from.
public struct NodeSpecification: Sendable {
  public var node: NodeName
  public var voters: [NodeName]
  public var term: Term
  public var votedFor: NodeName?
  /// The entries from index 1 on.
  public var log: [WireEntry]
  public var settings: NodeSettings

  public init(
    node: NodeName, voters: [NodeName], term: Term, votedFor: NodeName?, log: [WireEntry],
    settings: NodeSettings
  ) {
    self.node = node
    self.voters = voters
    self.term = term
    self.votedFor = votedFor
    self.log = log
    self.settings = settings
  }
}

/// Settings that a trace asks for; `nil` leaves the choice to the implementation.
public struct NodeSettings: Hashable, Sendable {
  public var electionTicks: Int?
  public var heartbeatTicks: Int?
  public var preVote: Bool?
  public var checkQuorum: Bool?
  public var maxEntriesPerAppend: Int?
  public var maxBytesPerAppend: Int?
  public var maxInflightAppends: Int?

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
}

/// How many of the held writes are completed, oldest first.
public enum CompletionExtent: Hashable, Sendable {
  case next(Int)
  /// Up to and including the write that contains this position.
  case through(LogPosition)
  case all
}

/// A fault in a coming storage operation.
public struct StorageFault: Hashable, Sendable {
  public var operation: Operation
  /// Which of the coming operations of this kind, from 1.
  public var nth: Int
  public var effect: Effect

  /// The operations that can fail; `anyWrite` counts writes of every kind.
  public enum Operation: String, Sendable, CaseIterable {
    case append, sync, vote
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

  public init(operation: Operation, nth: Int, effect: Effect) {
    self.operation = operation
    self.nth = nth
    self.effect = effect
  }
}

/// The fields of a state that can be asked for in full.
public enum StateField: String, Sendable, CaseIterable {
  case log, applied
}
