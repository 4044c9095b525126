import RaftTypes

/// What a step asks its shell to do. The shell owns the buffer, hands it to each step, and drains it
/// before the next one, in this order and no other:
///
/// 1. `hardState`: to be written,
/// 2. `append`: cut the log at its first position, then write the entries,
/// 3. sync; each completed write is reported with `hardStatePersisted` or `appendPersisted`,
/// 4. `messages`: none leaves before every hard state announced so far is durable,
/// 5. `apply`: hand the entries to the state machine, once each, in order,
/// 6. `outcomes` for those who asked.
///
/// Entries are named by position: their bytes stay with the shell, which resolves `append` from the
/// message or proposal in hand.
public struct Effects: Hashable, Sendable {
  /// The hard state to make durable, if it changed.
  public var hardState: HardState?
  /// The entries to write, and what they are.
  public var append: Append?
  /// The entries to apply now: committed, durable here, and never announced before in this life.
  public var apply: LogRange = .empty
  /// The messages to send.
  public var messages: [Message] = []
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
}
