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
  /// The configuration in force: the latest one in the log, committed or not.
  public internal(set) var configuration: Configuration
  /// The term and the vote, durable or about to be.
  public internal(set) var hardState: HardState
  /// The last position known to be committed. Only a leader's may run ahead of its own disk.
  public internal(set) var commitIndex: LogIndex
  /// The last position announced for the state machine.
  public internal(set) var lastApplied: LogIndex

  /// The last entry that the durable snapshot covers; `zero` without one.
  public internal(set) var snapshotPosition: LogPosition
  /// How far what the storage held at boot can be trusted.
  public internal(set) var standing: Standing

  /// The role, with the state that belongs to it.
  var state = Role.follower(FollowerState())
  var log: TermLog
  var durable: DurableLog
  var timers: Timers
  var configurations: ConfigurationHistory
  var quorum: Quorum
  /// This server's number in the configuration, if it is named there.
  var ownNumber: Int?
  /// What leaders have said is committed, as far as the log was found to match theirs. It runs
  /// ahead of `commitIndex` while entries are on their way to the disk.
  var commitTarget: LogIndex
  /// A leader has something to do once this position is committed.
  var watchedCommit = LogIndex.never
  /// The transfer of this server's leadership that is under way.
  var handover: Handover?
  /// The durable snapshot's configuration and size.
  var snapshotConfiguration: Configuration
  var snapshotSize: UInt64
  /// The snapshot that is being received.
  var incoming: IncomingSnapshot?
  /// The reads of this server's clients that were sent on to the leader, or wait to be applied.
  var clientReads: ClientReads
  /// Whether the disk has room for term and vote alone.
  var isStorageFull = false

  /// Starts a node from what its storage holds: a follower, with all of `boot.log` durable and
  /// committed up to the snapshot.
  ///
  /// A boot state or settings with a `problem` trap: the shell checks them first. Where `hardState`
  /// is then not the one it was started from, the shell makes it durable before the first step.
  public init(_ boot: BootState, settings: Settings) {
    precondition(boot.problem == nil, boot.problem ?? "")
    precondition(settings.problem == nil, settings.problem ?? "")
    id = boot.id
    self.settings = settings
    hardState = boot.hardState
    standing = boot.standing
    // No leader may go on counting what this node acknowledged and may have lost.
    if case .uncertain = standing { hardState = HardState(term: boot.hardState.term.next) }
    commitIndex = boot.snapshot.index
    commitTarget = boot.snapshot.index
    lastApplied = boot.snapshot.index
    snapshotPosition = boot.snapshot
    snapshotConfiguration = boot.configuration
    snapshotSize = boot.snapshotSize
    log = TermLog(base: boot.base, entries: boot.log)
    durable = DurableLog(index: log.lastIndex)
    timers = Timers(
      electionTicks: settings.electionTicks, seed: boot.seed,
      mayHaveHeardLeader: boot.hardState.term > .zero)
    clientReads = ClientReads(seed: boot.seed)
    configurations = ConfigurationHistory(boot.configuration, asOf: boot.snapshot.index)
    // Those that the snapshot covers are still sent to whom they lack.
    for entry in boot.log.configurations {
      configurations.append(entry.configuration, at: boot.base.index.next + entry.offset)
    }
    configuration = configurations.latest
    quorum = Quorum(configuration)
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
    case .snapshotPersisted, .snapshotRefused, .compact, .configure, .read, .transfer, .storageFull,
      .storageHasRoom:
      stepRarely(input, into: &effects)
    }
  }
}

extension Node {
  /// The inputs that no speed depends on.
  @usableFromInline
  mutating func stepRarely(_ input: Input, into effects: inout Effects) {
    switch input {
    case .snapshotPersisted(let position, let size):
      snapshotPersisted(position, size: size, into: &effects)
    case .snapshotRefused(let position):
      snapshotRefused(position, into: &effects)
    case .compact(let upTo):
      compact(upTo: upTo, into: &effects)
    case .configure(let change):
      configure(change, into: &effects)
    case .read(let read):
      startRead(read, into: &effects)
    case .transfer(let target):
      transfer(to: target, into: &effects)
    case .storageFull:
      storageFilled(into: &effects)
    case .storageHasRoom:
      isStorageFull = false
    case .tick, .electionTimeout, .campaign, .heartbeatTimeout, .leaderLapsed, .receive, .propose,
      .appendPersisted, .hardStatePersisted, .flush:
      preconditionFailure("an input that has a place of its own")
    }
  }

  /// The disk is full: a leader gives up, since it could not append what it is asked to, and so does
  /// whoever is about to lead; nobody else is kept from it. Nothing is lost.
  private mutating func storageFilled(into effects: inout Effects) {
    isStorageFull = true
    switch state {
    case .follower: break
    case .preCandidate, .candidate, .leader: becomeFollower(of: currentTerm, into: &effects)
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

  /// The first position that the log still holds; one after its last entry where it holds none.
  public var firstLogIndex: LogIndex { log.base.index.next }
  /// The position of the configuration in force; 0 for the one the cluster started from, and the
  /// snapshot's for one that came with it.
  public var configurationIndex: LogIndex { configurations.latestIndex }
  /// The server that leadership is being handed to.
  public var transferTarget: ServerID? { handover?.target }

  /// The configuration that a snapshot as of `index` has to hold; `nil` below the snapshot's.
  public func configuration(asOf index: LogIndex) -> Configuration? {
    configurations.configuration(asOf: index)
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
