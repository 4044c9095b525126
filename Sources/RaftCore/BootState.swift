import RaftTypes

/// What a node is built from: what its storage holds, and who it is.
public struct BootState: Sendable {
  /// Who the node is.
  public var id: ServerID
  /// The durable term and vote.
  public var hardState: HardState
  /// The last entry that a snapshot covers; `zero` without one.
  public var snapshot: LogPosition
  /// The terms of the entries after the snapshot, in order.
  public var log: EntrySpan
  /// The configuration as of the snapshot, or the one the cluster starts from.
  public var configuration: Configuration
  /// The seed of the node's own random source.
  public var seed: UInt64

  /// Describes a node; the defaults are those of one that has never run.
  public init(
    id: ServerID, hardState: HardState = HardState(), snapshot: LogPosition = .zero,
    log: EntrySpan = EntrySpan(), configuration: Configuration, seed: UInt64
  ) {
    self.id = id
    self.hardState = hardState
    self.snapshot = snapshot
    self.log = log
    self.configuration = configuration
    self.seed = seed
  }

  /// What makes this a state that no Raft server can have left behind; `nil` if nothing does.
  ///
  /// A shell checks it before it starts a node, and refuses the storage otherwise.
  public var problem: String? {
    guard log.count >= 0, snapshot.index <= Node.maxIndex,
      log.count <= Node.maxIndex - snapshot.index
    else { return "the log ends above position \(Node.maxIndex.rawValue)" }
    if (snapshot.index == .zero) != (snapshot.term == .zero) {
      return "the snapshot ends at \(snapshot.index.rawValue)@\(snapshot.term.rawValue)"
    }
    var last = snapshot.term
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
