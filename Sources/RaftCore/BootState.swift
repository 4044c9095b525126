import RaftTypes

/// What a node is built from: what its storage holds, and who it is.
public struct BootState: Sendable {
  /// Who the node is.
  public var id: ServerID
  /// The durable term and vote.
  public var hardState: HardState
  /// The last entry that a snapshot covers; `zero` without one.
  public var snapshot: LogPosition
  /// The snapshot's size, bytes.
  public var snapshotSize: UInt64
  /// The position before the log's first entry: the snapshot's, or one below it.
  public var base: LogPosition
  /// The terms of the entries after `base`, in order, and the configurations among them.
  public var log: EntrySpan
  /// The configuration as of the snapshot, or the one the cluster starts from.
  public var configuration: Configuration
  /// How far what the storage holds can be trusted.
  public var standing: Standing
  /// The seed of the node's own random source.
  public var seed: UInt64

  /// Describes a node; the defaults are those of one that has never run.
  public init(
    id: ServerID, hardState: HardState = HardState(), snapshot: LogPosition = .zero,
    snapshotSize: UInt64 = 0, base: LogPosition? = nil, log: EntrySpan = EntrySpan(),
    configuration: Configuration, standing: Standing = .sound, seed: UInt64
  ) {
    self.id = id
    self.hardState = hardState
    self.snapshot = snapshot
    self.snapshotSize = snapshotSize
    self.base = base ?? snapshot
    self.log = log
    self.configuration = configuration
    self.standing = standing
    self.seed = seed
  }

  /// What makes this a state that no Raft server can have left behind; `nil` if nothing does.
  ///
  /// A shell checks it before it starts a node, and refuses the storage otherwise.
  public var problem: String? {
    guard log.count >= 0, snapshot.index <= Node.maxIndex, base.index <= snapshot.index,
      log.count <= Node.maxIndex - base.index
    else { return "the log ends above position \(Node.maxIndex.rawValue)" }
    for (name, position) in [("snapshot", snapshot), ("discarded part", base)]
    where (position.index == .zero) != (position.term == .zero) {
      return "the \(name) ends at \(position.index.rawValue)@\(position.term.rawValue)"
    }
    let covered = snapshot.index - base.index
    if covered > log.count {
      return "the snapshot ends at \(snapshot.index.rawValue), and the log before it"
    }
    if (covered == 0 ? base.term : log.term(at: covered - 1)) != snapshot.term {
      return "the log does not hold the snapshot's last entry"
    }
    var last = base.term
    for run in log.runs {
      if run.term < last || run.term == .zero {
        return "an entry of term \(run.term.rawValue) follows one of term \(last.rawValue)"
      }
      last = run.term
    }
    if last > hardState.term {
      return "the last entry is of term \(last.rawValue), above the current "
        + "\(hardState.term.rawValue)"
    }
    return nil
  }
}

/// How far what a node's storage holds can be trusted.
public enum Standing: Hashable, Sendable {
  /// All that the node ever promised is there.
  case sound
  /// The log may have lost entries up to this position that the node acknowledged.
  ///
  /// The node starts in a new term, so that no leader counts what it acknowledged before. It stands
  /// for no election and votes with the log that it claimed, until its log has been verified and is
  /// durable up to there.
  ///
  /// - Source: Alagappan et al., Protocol-Aware Recovery for Consensus-Based Storage, FAST 2018.
  case uncertain(claimed: LogPosition)
  /// The disk was emptied under the same identity, and the votes given before are forgotten: the
  /// node neither votes nor stands, until a committed configuration has it as a learner.
  ///
  /// - Source: Chandra et al., Paxos Made Live, PODC 2007, §5.1 (disk corruption).
  case wiped
}
