import RaftTypes

/// A seeded schedule of moves.
///
/// `Spec/Chaos.md` says, draw by draw, which moves a seed stands for.
public struct Chaos: Sendable {
  /// How many moves are made.
  public var moves: Int
  /// The weight of each move; a move that is not there is never made.
  public var weights: [ChaosMove: Int]
  /// The most times that a move is made in one run, where that is limited.
  public var most: [ChaosMove: Int]
  /// The most nodes that are down at a time.
  public var mostDown: Int
  /// Whether each seed switches on a random part of the moves.
  public var swarm: Bool
  /// What a run must have achieved, so that it proves something.
  public var achieved: Achievement

  /// What a run must have achieved.
  public struct Achievement: Hashable, Sendable {
    /// Terms in which somebody led.
    public var leaders = 0
    /// Commands that a client was told to be committed.
    public var committed = 0
    /// Reads that were served.
    public var reads = 0

    /// An achievement of nothing.
    public init() {}
  }

  /// Makes a schedule; nothing is checked.
  public init(
    moves: Int, weights: [ChaosMove: Int], most: [ChaosMove: Int], mostDown: Int, swarm: Bool,
    achieved: Achievement
  ) {
    self.moves = moves
    self.weights = weights
    self.most = most
    self.mostDown = mostDown
    self.swarm = swarm
    self.achieved = achieved
  }
}

/// The moves of a chaos run, in the order in which weights are counted.
public enum ChaosMove: String, Sendable, CaseIterable {
  case deliver, reorder, drop, duplicate
  case tick, timeout, beat
  case propose, read
  case partition, cut, heal
  case crash
  case crashKept = "crash-kept"
  case crashTorn = "crash-torn"
  case restart
  case snapshot, compact, configure, transfer
  case hold, complete, release

  /// What the move does.
  public var meaning: String { entry.meaning }

  /// Its weight where the trace gives none.
  public var standardWeight: Int { entry.weight }

  /// What it needs of an implementation; where that is missing the move is switched off.
  public var capability: Capability? { entry.capability }

  private var entry: (weight: Int, meaning: String, capability: Capability?) {
    switch self {
    case .deliver: (480, "the oldest message of all arrives", nil)
    case .reorder: (60, "any message on its way arrives", .reorderedMessages)
    case .drop: (20, "any message on its way is lost", nil)
    case .duplicate: (20, "any message on its way is copied", .duplicatedMessages)
    case .tick: (120, "a tick passes for one node", .clock)
    case .timeout: (4, "a node's election timer fires", .timeout)
    case .beat: (30, "a leader's heartbeat is due", .beat)
    case .propose: (60, "a client proposes a command, as a rule to a leader", .propose)
    case .read: (20, "a client reads, as a rule at a leader", .readIndex)
    case .partition: (3, "the servers are split in two groups", nil)
    case .cut: (4, "one link, one way, loses everything", nil)
    case .heal: (8, "all links work again", nil)
    case .crash: (5, "a node dies, and writes that were not synced are gone", .crash)
    case .crashKept: (2, "a node dies, and writes that were not synced are there", .crash)
    case .crashTorn: (2, "a node dies in the middle of a write", .tornCrash)
    case .restart: (20, "a dead node starts again", .crash)
    case .snapshot: (8, "a node makes a snapshot", .snapshot)
    case .compact: (8, "a node discards what its snapshot covers", .snapshot)
    case .configure: (4, "the members change, as a rule at a leader", nil)
    case .transfer: (2, "a leader hands over", .transfer)
    case .hold: (3, "a node's writes of entries are held", .heldEntries)
    case .complete: (9, "the oldest held write of a node is done", .heldEntries)
    case .release: (6, "a node's writes are held no longer", .heldEntries)
    }
  }
}
