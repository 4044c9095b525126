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
  /// Whether the operation took place; a refusal by Raft's rules is an outcome, not an error.
  public var outcome: Outcome
  /// The node that moved, if one did.
  public var node: NodeName?
  /// The messages it sent, in order.
  public var sent: [SentMessage]
  /// What changed in its state.
  public var state: StateDelta?
  /// Proposals whose fate was decided since the answer before.
  public var results: [ProposalResult]
  /// The position that the implementation's log starts after, where it is not 0@0 (`create`). The
  /// implementation speaks its own indices; the runner shifts them.
  public var base: LogPosition?
  /// The copy's handle (`duplicate`).
  public var handle: MessageHandle?
  /// Who answers and what it can do (`hello`).
  public var implementation: Implementation?

  /// A result in which no node moved, nothing was sent and nothing was decided.
  public init(outcome: Outcome = .done) {
    self.outcome = outcome
    sent = []
    results = []
  }
}

/// Whether an operation took place.
public enum Outcome: Hashable, Sendable {
  /// It took place.
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
  /// What `deliver`, `drop` and `duplicate` name it by.
  public var handle: MessageHandle
  /// The receiver, a real node or a peer.
  public var to: NodeName
  /// What it carries, where the wire format is open; its type alone otherwise.
  public var message: WireMessage

  /// Makes a sent message; nothing is checked.
  public init(handle: MessageHandle, to: NodeName, message: WireMessage) {
    self.handle = handle
    self.to = to
    self.message = message
  }
}

/// The fate of a proposal, named by its data.
public struct ProposalResult: Hashable, Sendable {
  /// The bytes as they were proposed.
  public var data: [UInt8]
  /// What the client is told; a later result for the same data replaces it.
  public var fate: Fate

  /// What the client is told.
  public enum Fate: String, Sendable, CaseIterable {
    /// Its entry is committed.
    case committed
    /// It will never be committed.
    case lost
    /// The node can't tell.
    case unknown
  }

  /// Makes a result; nothing is checked.
  public init(data: [UInt8], fate: Fate) {
    self.data = data
    self.fate = fate
  }
}

/// Who answers, and what it can do.
public struct Implementation: Sendable {
  /// The version of the protocol that it speaks, one of those `hello` offered.
  public var protocolVersion: Int
  /// What reports call it; never empty.
  public var name: String
  /// Its own version, in any form; never empty.
  public var version: String
  /// The language it is written in: `go`.
  public var language: String
  /// Where people find it, a URL; empty where there is none.
  public var homepage: String
  /// What it can do, by the names of the suite's registry of capabilities.
  public var capabilities: [String]
  /// The most requests that may be on their way unanswered.
  public var window: Int
  /// The only fields that its wire carries, for some types of messages; the others carry them all.
  public var wireFields: [MessageType: Set<String>]

  /// Makes an identity; the harness contract checks it, and this does not.
  public init(
    protocolVersion: Int, name: String, version: String, language: String, homepage: String,
    capabilities: [String], window: Int, wireFields: [MessageType: Set<String>] = [:]
  ) {
    self.protocolVersion = protocolVersion
    self.name = name
    self.version = version
    self.language = language
    self.homepage = homepage
    self.capabilities = capabilities
    self.window = window
    self.wireFields = wireFields
  }
}

/// The fields of a node's state that changed; `nil` means unchanged.
///
/// The answers to `create` and `restart` carry the whole state of the new life: every field, the
/// whole log as `appended`, and all that is applied already.
public struct StateDelta: Sendable {
  /// Whether the node runs, was crashed or stopped itself.
  public var status: NodeStatus?
  /// Its role (§5.1), or that of a pre-candidate.
  public var role: NodeRole?
  /// Its `currentTerm`.
  public var term: Term?
  /// The candidate that has its vote in its term, if any.
  public var votedFor: Change<NodeName>?
  /// The leader that the node believes in.
  public var leader: Change<NodeName>?
  /// The highest index it knows to be committed; 0 for none.
  public var commitIndex: LogIndex?
  /// Entries at and after this index are gone; then come the `appended`.
  public var truncatedFrom: LogIndex?
  /// The entries added to the end of the log, in order.
  public var appended: [WireEntry]
  /// The entries applied, in order, since the answer before.
  public var applied: [AppliedEntry]

  /// A delta in which nothing changed.
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
    /// There is none now.
    case cleared
    /// This is the value now.
    case set(Value)

    /// The change to this value, or to none.
    public init(_ value: Value?) {
      self = value.map(Self.set) ?? .cleared
    }

    /// The value now; `nil` where there is none.
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
  /// Where the log holds it: index and term.
  public var position: LogPosition
  /// What it is for; only a command changes the state machine.
  public var kind: EntryKind
  /// The command's bytes; empty for an internal entry.
  public var data: [UInt8]

  /// Makes an applied entry; nothing is checked.
  public init(position: LogPosition, kind: EntryKind, data: [UInt8]) {
    self.position = position
    self.kind = kind
    self.data = data
  }
}
