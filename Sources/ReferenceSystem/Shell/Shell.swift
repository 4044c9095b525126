import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// One life of a server: the core, its disk and a state machine that appends to a list.
///
/// An operation is one input and all that follows from it while time stands still: writes that
/// complete at once are reported to the core until nothing is left to report, then the turn is
/// flushed. What it sends is left in `outbox`.
///
/// A disk that fails stops the node: it halts, sends nothing any more, and has to be started again.
/// Nothing that the failed step would have done is shown, since it never happened as far as the disk
/// and the other servers are concerned. A disk that is full is waited for: what can't be written is
/// neither acknowledged nor given up, and it is tried again with each operation.
struct Shell: ~Copyable {
  /// Whether the node runs; it never runs again in this life.
  private(set) var status = NodeStatus.running
  /// The state after the last step whose writes succeeded.
  var state: NodeState
  /// The configuration in force after that step.
  var configuration: Configuration
  /// The log after that step.
  var log: EntryCache
  /// What committed entries are applied to.
  var machine: StateMachine
  /// The durable snapshot, from which others are brought up to date.
  var snapshot: Snapshot?

  var node: Node
  var disk: Disk
  var effects = Effects()
  var gate = MessageGate()
  var outbox: [Parcel] = []
  var proposals = ProposalTracker()
  var changes = ChangeTracker()
  var reads = ReadTracker()
  /// The change that the operation asks for.
  var changeInHand: ConfigureRequest?
  /// The snapshot that is being received.
  var incoming: Snapshot?
  /// The snapshots on their way to the disk, oldest first.
  var snapshotsInWriting: [Snapshot] = []
  /// Inputs that the drain of an earlier one led to.
  var followUps: [Input] = []
  /// The snapshot that is to take the state machine's place.
  var dueRestore: StateMachine.Restored?
  /// The last position that is to be applied.
  var applyThrough = LogIndex.zero
  /// Whether the core knows that the disk is full.
  var isDiskKnownFull = false
  /// Whether the disk is known to hold all that this server ever promised.
  private(set) var isTrusted: Bool
  let maxBytesPerAppend: Int
  private var holdsApply = false

  /// Starts a node from its disk.
  ///
  /// - Parameters:
  ///   - start: the configuration that the cluster starts from.
  ///   - medium: opened for this life.
  ///   - isWiped: the disk was emptied, and the server has not been admitted anew.
  /// - Throws: a sentence on what keeps the disk or the settings from being a node's.
  init(
    id: ServerID, configuration start: Configuration, seed: UInt64, settings: ShellSettings,
    medium: any Medium, isWiped: Bool
  ) throws(BootProblem) {
    let held = try HeldState(medium, startingFrom: start)
    let boot = try held.boot(id: id, isWiped: isWiped, seed: seed)
    if let problem = boot.problem ?? settings.problem { throw BootProblem(message: problem) }
    var medium = medium
    let node = Node(boot, settings: settings.core)
    if node.hardState != held.hardState { try medium.persistAtBoot(node.hardState) }
    state = NodeState(node)
    configuration = node.configuration
    log = EntryCache(base: held.base.index, held.entries)
    machine = StateMachine()
    if let content = held.content { machine.restore(content) }
    snapshot = held.snapshot
    disk = Disk(medium)
    isTrusted = boot.standing == .sound
    maxBytesPerAppend = settings.maxBytesPerAppend
    self.node = node
  }

  /// Notes that the server is trusted again, once it is.
  mutating func checkStanding() {
    guard !isTrusted, status == .running, node.standing == .sound else { return }
    do {
      try disk.confirmRepair()
      isTrusted = true
    } catch {
      end(.halted)
    }
  }

  /// What the process leaves behind when it is dead.
  func remains(unsynced: UnsyncedWrites) throws(StorageError) -> any Medium {
    try disk.remains(unsynced: unsynced)
  }

  // MARK: Operations

  /// Takes an input in, with all that follows from it.
  ///
  /// - Parameter bytes: what belongs to it: of a proposal's commands, of a message's
  ///   entries, of a snapshot's part.
  mutating func perform(_ input: Input, with bytes: Bytes = Bytes()) -> StepOutcome {
    if disk.isFull { tryFullDisk() }
    let outcome = step(input, with: bytes)
    finishTurn()
    return outcome
  }

  /// Asks for another configuration.
  mutating func configure(_ request: ConfigureRequest, _ change: ConfigurationChange) -> StepOutcome
  {
    changeInHand = request
    defer { changeInHand = nil }
    return perform(.configure(change))
  }

  /// Asks for a read; how it ends is among the results.
  mutating func read(_ id: String) -> StepOutcome {
    let number = reads.begin(id)
    let outcome = perform(.read(number))
    if outcome != .accepted { reads.refused(number) }
    return outcome
  }

  /// Holds writes of these kinds back from completion.
  mutating func hold(_ kinds: HoldSet) { disk.hold(kinds) }

  /// Ends holding writes of these kinds, with all that follows.
  mutating func release(_ kinds: HoldSet) {
    disk.release(kinds)
    if disk.failure != nil { end(.halted) } else { finishTurn() }
  }

  /// Holds committed entries back from the state machine.
  mutating func holdApply() { holdsApply = true }

  /// Ends that, and applies what was held.
  mutating func releaseApply() {
    holdsApply = false
    applyDue()
  }

  /// Completes held writes, or fails them, with all that follows.
  ///
  /// - Returns: whether there were any.
  mutating func complete(_ selection: HeldSelection, fails: Bool) -> Bool {
    guard disk.complete(selection, fails: fails) else { return false }
    if disk.failure != nil { end(.halted) } else { finishTurn() }
    return true
  }

  /// Has a coming operation of the storage meet a fault.
  mutating func plan(_ fault: AdapterProtocol.StorageFault) { disk.plan(fault) }

  /// The process dies.
  mutating func crash() { end(.crashed) }

  /// The messages sent since it was last asked, in order.
  mutating func takeOutbox() -> [Parcel] {
    if outbox.isEmpty { return [] }
    defer { outbox.removeAll(keepingCapacity: true) }
    return outbox
  }

  /// The node never runs again in this life.
  mutating func end(_ status: NodeStatus) {
    self.status = status
    gate.discard()
    proposals.leadershipEnded()
    changes.leadershipEnded()
    reads.end()
  }

  /// Hands the state machine what is due, unless that is held, and serves the reads that wait for it.
  mutating func applyDue() {
    guard !holdsApply else { return }
    if let content = dueRestore {
      dueRestore = nil
      machine.restore(content)
      proposals.restored(upTo: content.position.index)
      changes.restored(upTo: content.position.index)
    }
    let applied = machine.lastApplied
    if applyThrough > applied {
      for entry in log.entries(LogRange(first: applied.next, count: applyThrough - applied)) {
        machine.apply(entry)
        proposals.applied(entry)
        changes.applied(entry)
      }
    }
    reads.serve()
  }
}

/// The bytes that belong to an input.
struct Bytes {
  /// One for each command of a proposal or entry of an AppendEntries, in order.
  var payloads: [Payload] = []
  /// The part of a snapshot.
  var chunk: [UInt8] = []
}
