import RaftTypes

/// The members of a cluster, by name.
public struct TraceConfiguration: Hashable, Sendable {
  /// The voters; in a joint configuration those of the new one.
  public var voters: [NodeName]
  /// The voters of the old configuration while the change is joint; empty otherwise.
  public var outgoing: [NodeName]
  /// Servers that receive entries and have no vote.
  public var learners: [NodeName]
  /// Voters of the old configuration that become learners once the joint one is left.
  public var learnersNext: [NodeName]

  /// Makes a configuration; nothing is checked.
  public init(
    voters: [NodeName], outgoing: [NodeName] = [], learners: [NodeName] = [],
    learnersNext: [NodeName] = []
  ) {
    self.voters = voters
    self.outgoing = outgoing
    self.learners = learners
    self.learnersNext = learnersNext
  }
}

/// A node discards the beginning of its log.
public struct Compact: Sendable {
  /// Whose log.
  public var node: NodeName
  /// How much of it.
  public var extent: Extent

  /// How much is discarded.
  public enum Extent: Sendable {
    /// Up to and including this entry.
    case through(EntryReference)
    /// All that is applied, but for this many entries before the last of it.
    case keeping(Int)
  }

  /// Makes a compaction; nothing is checked.
  public init(node: NodeName, extent: Extent) {
    self.node = node
    self.extent = extent
  }
}

/// A change of the cluster's members.
public struct Configure: Sendable {
  /// Who is asked; any node, and it may refuse.
  public var node: NodeName
  /// The name by which the trace speaks of the change and of its entry.
  public var name: String
  /// What is asked for.
  public var change: Change

  /// What is asked for.
  public enum Change: Sendable {
    /// These members.
    case to(voters: [NodeName], learners: [NodeName], JointUse)
    /// The end of a joint configuration.
    case leave
  }

  /// When a change goes through a joint configuration.
  public enum JointUse: String, Sendable, CaseIterable {
    /// Where more than one voter changes; it is left by itself.
    case automatic = "auto"
    /// In any case; it is left by itself.
    case always
    /// Never: a change that needs one is refused.
    case never
    /// In any case; it is left by `leave` alone.
    case explicit
  }

  /// Makes a change; nothing is checked.
  public init(node: NodeName, name: String, change: Change) {
    self.node = node
    self.name = name
    self.change = change
  }
}

/// A client's linearizable read of the whole state machine.
public struct Read: Sendable {
  /// Who is asked; any node, and it may refuse.
  public var node: NodeName
  /// The name by which the trace speaks of the read.
  public var name: String

  /// Makes a read; nothing is checked.
  public init(node: NodeName, name: String) {
    self.node = node
    self.name = name
  }
}

/// A hand-written piece of a snapshot.
public struct HandSnapshot: Sendable {
  /// The last entry that the snapshot covers.
  public var last: LogPosition
  /// The configuration as of that entry; `nil` for the one that the trace begins with.
  public var configuration: TraceConfiguration?
  /// The commands that the whole snapshot holds, in order.
  public var ledger: [EntryReference]
  /// Where the piece begins, bytes.
  public var offset: Int
  /// How long it is, bytes; `nil` for all that is left.
  public var length: Int?
  /// Whether it is said to be the last piece; `nil` where that follows from its end.
  public var done: Bool?

  /// Makes a piece; nothing is checked.
  public init(
    last: LogPosition, configuration: TraceConfiguration?, ledger: [EntryReference], offset: Int,
    length: Int?, done: Bool?
  ) {
    self.last = last
    self.configuration = configuration
    self.ledger = ledger
    self.offset = offset
    self.length = length
    self.done = done
  }
}

/// An entry of a hand-written message.
public enum HandEntry: Hashable, Sendable {
  /// A command: a new one, or a proposed one by its name.
  case command(EntryReference)
  /// A configuration at this position.
  case configuration(LogPosition, TraceConfiguration)
}
