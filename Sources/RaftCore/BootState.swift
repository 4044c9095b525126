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
  /// The seed of the node's own random source; another one in each life of the node, so that an
  /// answer to a read of an earlier life is not taken for one of this.
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
    var next = 0
    for entry in log.configurations {
      guard entry.offset >= next, entry.offset < log.count, entry.configuration.isPlausible else {
        return "no leader made the configuration at \(base.index.rawValue) + \(entry.offset) + 1"
      }
      next = entry.offset + 1
    }
    if last > hardState.term {
      return "the last entry is of term \(last.rawValue), above the current "
        + "\(hardState.term.rawValue)"
    }
    return nil
  }
}
