import RaftTypes

/// What a step asks its shell to do. The shell owns the buffer, hands it to each step, and drains it
/// before the next one, in this order and no other:
///
/// 1. `hardState`: to be written,
/// 2. `append`: cut the log at its first position, then write the entries,
/// 3. `snapshotChunk`: keep the bytes in hand; with the last chunk, write the snapshot,
/// 4. sync; each completed write is reported with `hardStatePersisted`, `appendPersisted` or
///    `snapshotPersisted`,
/// 5. `compact`: discard the beginning of the log,
/// 6. `messages`: none leaves before every hard state announced so far is durable,
/// 7. `restore`: put the snapshot in place of the state machine's state and of the log before it,
/// 8. `apply`: hand the entries to the state machine, once each, in order,
/// 9. `reads`, `failedReads` and `outcome`, for those who asked.
///
/// Entries are named by position: their bytes stay with the shell, which resolves `append` from the
/// message or proposal in hand. So do a snapshot's: an InstallSnapshot among `messages` names the
/// part of the durable snapshot that the shell has to add.
public struct Effects: Hashable, Sendable {
  /// The hard state to make durable, if it changed.
  public var hardState: HardState?
  /// The entries to write, and what they are.
  public var append: Append?
  /// The part of a snapshot to keep: the bytes of the message in hand.
  public var snapshotChunk: SnapshotChunk?
  /// Discard the entries up to this position.
  public var compact: LogIndex?
  /// The received snapshot that now takes the state machine's place.
  public var restore: LogPosition?
  /// The entries to apply now: committed, durable here, and never announced before in this life.
  public var apply: LogRange = .empty
  /// The messages to send.
  public var messages: [Message] = []
  /// The reads that the state machine may answer, all of `apply` included.
  public var reads: [ReadReady] = []
  /// The reads that can't be served; whoever asked may ask again.
  public var failedReads: [UInt64] = []
  /// What became of the input, where whoever gave it has to be told.
  public var outcome: StepOutcome = .done

  /// An empty buffer.
  public init() {}

  /// Empties the buffer and keeps its room.
  @inline(__always)
  @inlinable
  public mutating func reset() {
    hardState = nil
    append = nil
    apply = .empty
    outcome = .done
    snapshotChunk = nil
    compact = nil
    restore = nil
    if !reads.isEmpty { reads.removeAll(keepingCapacity: true) }
    if !failedReads.isEmpty { failedReads.removeAll(keepingCapacity: true) }
    if !messages.isEmpty { messages.removeAll(keepingCapacity: true) }
  }
}

/// Entries to write.
public struct Append: Hashable, Sendable {
  /// Everything at or after `range.first` is cut, then the range is written.
  public var range: LogRange
  /// The position whose durability the completion reports.
  public var ticket: AppendTicket
  /// Where the bytes come from.
  public var source: Source
  /// Whether entries that were in the log are cut off.
  public var truncates: Bool

  /// Where the bytes of an append come from.
  public enum Source: Hashable, Sendable {
    /// The entry without content that starts a leader's term.
    case internalEntry
    /// The proposal in hand, in order.
    case proposal
    /// The message in hand: its entries from `skip` on.
    case message(skip: Int)
    /// This configuration, encoded.
    // Boxed, so that the appends that are made all the time stay small.
    indirect case configuration(Configuration)
  }

  /// Describes a write.
  public init(range: LogRange, ticket: AppendTicket, source: Source, truncates: Bool) {
    self.range = range
    self.ticket = ticket
    self.source = source
    self.truncates = truncates
  }
}

/// What became of an input.
public enum StepOutcome: Hashable, Sendable {
  /// Nothing to tell.
  case done
  /// A proposal was appended; its entries are `Effects.append`.
  case accepted
  /// A proposal was refused: this node does not lead. The leader it knows of, if any.
  case notLeader(ServerID?)
  /// An election can't start in this state (a leader, a learner, a removed server).
  case blocked
  /// The node leads, or need not, and can't do it now.
  case refused(Refusal)
}

/// Why a node does not do what it was asked to.
public enum Refusal: Hashable, Sendable {
  /// A configuration change is not committed yet, or the configuration is joint (thesis, §4.1).
  case changePending
  /// No entry of the leader's own term has committed (erratum of 2015 to the thesis, §4.1).
  case noCommitInTerm
  /// The configuration would have no voter, or name a server twice, or too many.
  case invalidConfiguration
  /// The configuration would be the one in force.
  case unchanged
  /// More than one voter changes, which needs a joint configuration (thesis, §4.1).
  case notSimple
  /// The configuration is not joint.
  case notJoint
  /// A transfer of leadership is under way (thesis, §3.10).
  case transferring
  /// The transfer's target is no other voter of the configuration.
  case notAVoter
  /// The durable snapshot does not reach so far.
  case notCovered
  /// Too many reads are pending.
  case tooManyReads
  /// The disk is full.
  case storageFull
}

/// A part of a snapshot that came with the message in hand.
public struct SnapshotChunk: Hashable, Sendable {
  /// The last entry that the snapshot covers.
  public var lastIncluded: LogPosition
  /// The configuration as of `lastIncluded`.
  public var configuration: Configuration
  /// Where the part belongs, bytes; 0 starts a snapshot and replaces what was kept of another.
  public var offset: UInt64
  /// Whether the snapshot is complete with it, and is to be written.
  public var isLast: Bool

  /// Describes a part.
  public init(
    lastIncluded: LogPosition, configuration: Configuration, offset: UInt64, isLast: Bool
  ) {
    self.lastIncluded = lastIncluded
    self.configuration = configuration
    self.offset = offset
    self.isLast = isLast
  }
}

/// A read that the state machine may answer.
public struct ReadReady: Hashable, Sendable {
  /// The number under which it was asked.
  public var read: UInt64
  /// The read index; the state machine has been handed everything up to it.
  public var index: LogIndex

  /// Names a read and its index.
  public init(read: UInt64, index: LogIndex) {
    self.read = read
    self.index = index
  }
}
