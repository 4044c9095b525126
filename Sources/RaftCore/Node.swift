import RaftTypes

/// One Raft server as a value: everything it knows, and what it does about each input.
///
/// A node has no thread, no clock and no I/O. A shell feeds it with inputs and carries out the
/// effects, in the order that `Effects` states. Two nodes with the same boot state, settings and
/// inputs do the same.
///
/// Three rules hold for every input that comes from outside, and for messages above all:
/// - Whatever a message says, no step traps. Only a mistake of the shell does, such as the
///   completion of a write that was never announced.
/// - What contradicts Raft (a second leader of one term, a conflict with a committed entry) is
///   ignored, since one of the two is lying and no answer can be right.
/// - Nothing is acknowledged, counted or applied on this server before it is durable here.
///
/// - Source: Raft paper, Figure 2.
public struct Node: ~Copyable, Sendable {
  /// Positions above this are refused at the edge, so that arithmetic on positions can't overflow.
  public static let maxIndex = LogIndex(1 << 62)

  /// Who this server is.
  public let id: ServerID
  /// How it behaves where Raft leaves a choice.
  public let settings: Settings
  /// The configuration in force.
  public let configuration: Configuration
  /// The term and the vote, durable or about to be.
  public internal(set) var hardState: HardState
  /// The last position known to be committed. Only a leader's may run ahead of its own disk.
  public internal(set) var commitIndex: LogIndex
  /// The last position announced for the state machine.
  public internal(set) var lastApplied: LogIndex

  /// The role, with the state that belongs to it.
  var state = Role.follower(FollowerState())
  var log: TermLog
  var durable: DurableLog
  var timers: Timers
  let quorum: Quorum
  /// This server's number in the configuration, if it is named there.
  let ownNumber: Int?
  /// What leaders have said is committed, as far as the log was found to match theirs. It runs
  /// ahead of `commitIndex` while entries are on their way to the disk.
  var commitTarget: LogIndex

  /// Starts a node from what its storage holds: a follower, with all of `boot.log` durable and
  /// committed up to the snapshot.
  ///
  /// A boot state or settings with a `problem` trap: the shell checks them first.
  public init(_ boot: BootState, settings: Settings) {
    precondition(boot.problem == nil, boot.problem ?? "")
    precondition(settings.problem == nil, settings.problem ?? "")
    id = boot.id
    self.settings = settings
    configuration = boot.configuration
    hardState = boot.hardState
    commitIndex = boot.snapshot.index
    commitTarget = boot.snapshot.index
    lastApplied = boot.snapshot.index
    log = TermLog(base: boot.snapshot, entries: boot.log)
    durable = DurableLog(index: log.lastIndex)
    timers = Timers(electionTicks: settings.electionTicks, seed: boot.seed)
    quorum = Quorum(boot.configuration)
    ownNumber = quorum.number(of: boot.id)
  }

  /// Takes one input in, and adds to `effects` what has to be done about it.
  ///
  /// - Parameter effects: empty, or drained and reset since the step before.
  @inlinable
  public mutating func step(_ input: Input, into effects: inout Effects) {
    switch input {
    case .tick:
      tick(into: &effects)
    case .electionTimeout:
      electionTimedOut(into: &effects)
    case .campaign:
      campaign(into: &effects)
    case .heartbeatTimeout:
      heartbeatTimedOut()
    case .leaderLapsed:
      leaderLapsed()
    case .receive(let message):
      receive(message, into: &effects)
    case .propose(let count):
      propose(count: count, into: &effects)
    case .appendPersisted(let ticket):
      appendPersisted(ticket, into: &effects)
    case .hardStatePersisted(let persisted):
      hardStatePersisted(persisted, into: &effects)
    case .flush:
      flush(into: &effects)
    }
  }
}

// What a shell, a checker or a person may look at.
extension Node {
  /// The latest term this server has seen.
  public var currentTerm: Term { hardState.term }
  /// Who has this server's vote in the current term, if anybody has.
  public var votedFor: ServerID? { hardState.votedFor }
  /// The last position of the log, durable or not.
  public var lastLogIndex: LogIndex { log.lastIndex }
  /// The term of the last entry.
  public var lastLogTerm: Term { log.lastTerm }
  /// The last position up to which the log is durable.
  public var durableIndex: LogIndex { durable.index }
  /// The role, without the state that belongs to it.
  public var role: RoleKind { state.kind }
  /// Ticks since the election timer was last reset.
  public var electionElapsed: Int { timers.electionElapsed }
  /// The election time-out in force, ticks, from [T, 2T).
  public var electionTimeout: Int { timers.electionTimeout }

  /// The leader of the current term, if it is known; this server while it leads.
  public var leader: ServerID? {
    switch state {
    case .follower(let follower): follower.leader
    case .preCandidate, .candidate: nil
    case .leader: id
    }
  }

  /// The term of the entry at a position; `nil` outside the log.
  public func term(at index: LogIndex) -> Term? { log.term(at: index) }

  /// What this node knows of a server's log while it leads; `nil` for servers outside the
  /// configuration and while it does not lead.
  public func progress(of server: ServerID) -> Progress? {
    guard case .leader(let leader) = state, let number = quorum.number(of: server) else {
      return nil
    }
    var progress = leader.progress[number]
    if number == ownNumber { progress.next = log.lastIndex.next }
    return progress
  }
}
