import RaftTypes

/// What an implementation answers.
public enum Answer: Sendable {
  /// It was done, or refused for a reason of Raft's.
  case ok(OperationResult)
  /// The implementation does not have this feature.
  case unsupported(capability: String, reason: String)
  /// A fault inside the implementation, caught.
  case error(message: String, detail: String)
}

/// The result of an operation: what happened to the one node that moved.
public struct OperationResult: Sendable {
  public var outcome: Outcome
  /// The node that moved, if one did.
  public var node: NodeName?
  /// The messages it sent, in order.
  public var sent: [SentMessage]
  /// What changed in its state.
  public var state: StateDelta?
  /// Proposals whose fate was decided since the answer before.
  public var results: [ProposalResult]
  /// The copy's handle (`duplicate`).
  public var handle: MessageHandle?
  /// Who answers and what it can do (`hello`).
  public var implementation: Implementation?

  public init(outcome: Outcome = .done) {
    self.outcome = outcome
    sent = []
    results = []
  }
}

/// Whether an operation took place.
public enum Outcome: Hashable, Sendable {
  case done
  /// Refused: `not-leader`, `busy`, `full`, ...
  case rejected(why: String)
  /// It can't take place in this state: a leader's election timer, a removed server's campaign.
  case blocked
  /// The message or RPC is gone.
  case void
  /// The node is dead or has stopped itself.
  case halted
}

/// A message that a node sent.
public struct SentMessage: Sendable {
  public var handle: MessageHandle
  public var to: NodeName
  /// What it carries, where the wire format is open; its type alone otherwise.
  public var message: WireMessage

  public init(handle: MessageHandle, to: NodeName, message: WireMessage) {
    self.handle = handle
    self.to = to
    self.message = message
  }
}

/// The fate of a proposal, named by its data.
public struct ProposalResult: Hashable, Sendable {
  public var data: [UInt8]
  public var fate: Fate

  /// What the client is told.
  public enum Fate: String, Sendable, CaseIterable {
    case committed
    /// It will never be committed.
    case lost
    /// The node can't tell.
    case unknown
  }

  public init(data: [UInt8], fate: Fate) {
    self.data = data
    self.fate = fate
  }
}

/// Who answers, and what it can do.
public struct Implementation: Sendable {
  public var protocolVersion: Int
  public var name: String
  public var version: String
  public var language: String
  public var homepage: String
  public var capabilities: [String]
  /// The most requests that may be on their way unanswered.
  public var window: Int

  public init(
    protocolVersion: Int, name: String, version: String, language: String, homepage: String,
    capabilities: [String], window: Int
  ) {
    self.protocolVersion = protocolVersion
    self.name = name
    self.version = version
    self.language = language
    self.homepage = homepage
    self.capabilities = capabilities
    self.window = window
  }
}

/// The fields of a node's state that changed; `nil` means unchanged.
///
/// The answers to `create` and `restart` carry the whole state of the new life: every field, the
/// whole log as `appended`, and all that is applied already.
public struct StateDelta: Sendable {
  public var status: NodeStatus?
  public var role: NodeRole?
  public var term: Term?
  public var votedFor: Change<NodeName>?
  /// The leader that the node believes in.
  public var leader: Change<NodeName>?
  public var commitIndex: LogIndex?
  /// Entries at and after this index are gone; then come the `appended`.
  public var truncatedFrom: LogIndex?
  public var appended: [WireEntry]
  /// The entries applied, in order, since the answer before.
  public var applied: [AppliedEntry]

  public init() {
    appended = []
    applied = []
  }

  /// Whether nothing changed.
  public var isEmpty: Bool {
    status == nil && role == nil && term == nil && votedFor == nil && leader == nil
      && commitIndex == nil && truncatedFrom == nil && appended.isEmpty && applied.isEmpty
  }

  /// A field that can be absent, and changed.
  public enum Change<Value: Hashable & Sendable>: Hashable, Sendable {
    case cleared
    case set(Value)

    public init(_ value: Value?) {
      self = value.map(Self.set) ?? .cleared
    }

    public var value: Value? {
      switch self {
      case .cleared: nil
      case .set(let value): value
      }
    }
  }
}

/// An entry handed to the state machine.
public struct AppliedEntry: Hashable, Sendable {
  public var position: LogPosition
  public var kind: EntryKind
  public var data: [UInt8]

  public init(position: LogPosition, kind: EntryKind, data: [UInt8]) {
    self.position = position
    self.kind = kind
    self.data = data
  }
}
