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
  /// Configuration changes whose fate was decided since the answer before.
  public var changes: [ChangeResult]
  /// Reads that ended since the answer before. A read that is done sees what its node has applied
  /// at the end of this answer.
  public var reads: [ReadResult]
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
    changes = []
    reads = []
  }
}

/// Whether an operation took place.
public enum Outcome: Hashable, Sendable {
  /// It took place.
  case done
  /// Refused. The words are free and judged by nobody; Spec/AdapterProtocol.md has the usual ones.
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

/// The fate of a configuration change, named by the id that it was asked for under.
public struct ChangeResult: Hashable, Sendable {
  /// The id of the `configure` request.
  public var id: String
  /// What the client is told; a later result for the same id replaces it. A change is committed
  /// once the entry of the configuration it asked for is; of one that goes through a joint
  /// configuration and leaves it unasked, that is the last entry.
  public var fate: ProposalResult.Fate

  /// Makes a result; nothing is checked.
  public init(id: String, fate: ProposalResult.Fate) {
    self.id = id
    self.fate = fate
  }
}

/// How a read ended, named by the id that it was asked for under.
public struct ReadResult: Hashable, Sendable {
  /// The id of the `read` request.
  public var id: String
  /// How it ended.
  public var fate: Fate

  /// How a read ended.
  public enum Fate: Hashable, Sendable {
    /// It was served from the state machine of the answering node; `index` is the read index, which
    /// the node has applied.
    case done(index: LogIndex)
    /// It will never be served: the leader fell, or the node died.
    case lost
  }

  /// Makes a result; nothing is checked.
  public init(id: String, fate: Fate) {
    self.id = id
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
  /// The configuration in force.
  public var configuration: WireConfiguration?
  /// The last entry that the node's snapshot covers, once the snapshot is durable.
  public var snapshot: LogPosition?
  /// Entries at and after this index are gone.
  public var truncatedFrom: LogIndex?
  /// The first index that the log still holds, or would hold: entries before it are gone, after
  /// `truncatedFrom` and before `appended`. Where the log ends before it, the log is empty, and
  /// what is appended next has this index.
  public var firstIndex: LogIndex?
  /// The entries added to the end of the log, in order.
  public var appended: [WireEntry]
  /// The state machine was replaced by the content of this snapshot, before `applied`.
  public var restored: WireSnapshot?
  /// The entries applied, in order, since the answer before.
  public var applied: [AppliedEntry]
  /// The server that the node is handing its leadership to.
  public var transferTarget: Change<NodeName>?

  /// A delta in which nothing changed.
  public init() {
    appended = []
    applied = []
  }

  /// Whether nothing changed.
  public var isEmpty: Bool {
    status == nil && role == nil && term == nil && votedFor == nil && leader == nil
      && commitIndex == nil && configuration == nil && snapshot == nil && truncatedFrom == nil
      && firstIndex == nil && appended.isEmpty && restored == nil && applied.isEmpty
      && transferTarget == nil
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
  /// The configuration of a configuration entry, where it is known.
  public var configuration: WireConfiguration?

  /// Makes an applied entry; nothing is checked.
  public init(
    position: LogPosition, kind: EntryKind, data: [UInt8], configuration: WireConfiguration? = nil
  ) {
    self.position = position
    self.kind = kind
    self.data = data
    self.configuration = configuration
  }
}
