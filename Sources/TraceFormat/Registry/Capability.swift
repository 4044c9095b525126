/// Something that an implementation may be able to do, by the name that adapters declare.
///
/// A trace that needs a capability which an implementation lacks does not apply to it. What a verb
/// or a key needs is told by its declaration; `requires` adds what those don't show.
public enum Capability: String, Hashable, Sendable, CaseIterable {
  case messages
  case clock
  case timeout
  case election
  case campaign
  case lapse
  case beat = "heartbeat.beat"
  case preVote = "pre-vote"
  case checkQuorum = "check-quorum"
  case unsolicitedResponses = "responses.unsolicited"
  case duplicatedMessages = "links.duplicate"
  case reorderedMessages = "links.reorder"
  case propose
  case results
  case readLog = "log.read"
  case readVote = "votedFor.read"
  case readLedger = "ledger.read"
  case appendLimit = "append.limit"
  case appendLimitBytes = "append.limit-bytes"
  case inflightLimit = "inflight.limit"
  case heldEntries = "storage.async.entries"
  case heldVote = "storage.async.vote"
  case heldSync = "storage.async.sync"
  case heldSnapshot = "storage.async.snapshot"
  case storageFault = "storage.fault"
  case crash
  case tornCrash = "crash.torn"
  case crashPoints = "crash.points"
  case wipedDisk = "disk.wipe"
  case heldApply = "apply.hold"
  case corruptStorage = "storage.corrupt"
  case snapshot
  case snapshotChunks = "snapshot.chunks"
  case learners
  case configurationSimple = "config.simple"
  case configurationJoint = "config.joint"
  case readConfiguration = "config.read"
  case transfer
  case readIndex = "read.index"
  case readForward = "read.forward"
  case readLease = "read.lease"
  case links
  case kv

  /// The name that adapters declare and traces require.
  public var name: String { rawValue }

  /// The phase that first uses it.
  public var phase: Int { entry.phase }

  /// What an implementation that declares it can do.
  public var meaning: String { entry.meaning }

  private var entry: (phase: Int, meaning: String) {
    switch self {
    case .messages: (1, "Takes messages written by hand, and shows those it sends field by field.")
    case .clock: (4, "Its time passes tick by tick, as it is told.")
    case .timeout: (3, "Its election timer can be fired once, however it is randomised.")
    case .election:
      (3, "It can be brought to lead by time-outs and the answers of voters, time standing still.")
    case .campaign: (3, "Stands for election at once, without a timer and without pre-vote.")
    case .lapse: (3, "Stops believing in its leader, without its own timer firing.")
    case .beat: (4, "A leader's heartbeat can be made due.")
    case .preVote: (3, "Asks whether it could win before it raises its term.")
    case .checkQuorum: (4, "A leader that has not heard from a quorum in time steps down.")
    case .unsolicitedResponses:
      (3, "Takes responses that answer no request of its own, or answer one again.")
    case .duplicatedMessages: (6, "A message can be delivered more than once.")
    case .reorderedMessages: (6, "Messages of one link can be delivered out of order.")
    case .propose: (5, "Takes commands from clients.")
    case .results: (7, "Tells what became of a command.")
    case .readLog: (1, "Shows the terms and commands of its log.")
    case .readVote: (1, "Shows whom it voted for in its term.")
    case .readLedger: (7, "Shows the commands it has applied, in order.")
    case .appendLimit: (6, "The entries of one AppendEntries can be limited in number.")
    case .appendLimitBytes: (6, "The entries of one AppendEntries can be limited in bytes.")
    case .inflightLimit: (6, "The unanswered AppendEntries of one follower can be limited.")
    case .heldEntries: (1, "The writes of entries can be held and completed later.")
    case .heldVote: (1, "The writes of term and vote can be held and completed later.")
    case .heldSync: (1, "Syncs can be held and completed later.")
    case .storageFault: (1, "A coming storage operation can be made to fail.")
    case .crash: (1, "Can be killed, and started again from what was durable.")
    case .tornCrash: (1, "A crash can leave a write half done.")
    case .crashPoints: (1, "Can be killed at each write of a step.")
    case .wipedDisk: (1, "Can be started again with nothing left on its disk.")
    case .heldApply: (7, "Applying can be held and released.")
    case .corruptStorage: (1, "The bytes of its files can be damaged.")
    case .snapshot: (8, "Makes, sends and installs snapshots.")
    case .heldSnapshot: (8, "The writes of snapshots can be held and completed later.")
    case .snapshotChunks: (8, "Sends and takes snapshots in pieces.")
    case .learners: (9, "Servers can receive the log without a vote.")
    case .configurationSimple: (9, "Members change one at a time.")
    case .configurationJoint: (9, "Members change by joint consensus.")
    case .readConfiguration: (9, "Shows the configuration that it goes by.")
    case .transfer: (9, "A leader can hand over its leadership.")
    case .readIndex: (10, "Serves linearizable reads without writing to the log.")
    case .readForward:
      (10, "A follower serves reads with an index that it asks the leader for.")
    case .readLease: (10, "A leader can serve reads by its lease, without a round.")
    case .links: (12, "The links between running servers can be cut and healed.")
    case .kv: (12, "Is a key-value server.")
    }
  }
}
