import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// One life of a server: the core, its storage and a state machine that appends to a list.
///
/// An operation is one input and all that follows from it while time stands still: writes that
/// complete at once are reported to the core until nothing is left to report, then the turn is
/// flushed. What it sends is left in `outbox`.
///
/// A storage that fails or has no room stops the node: it halts, sends nothing any more, and has to
/// be started again. Nothing that the failed step would have done is shown, since it never happened
/// as far as the disk and the other servers are concerned.
final class Shell {
  /// Whether the node runs; it never runs again in this life.
  private(set) var status = NodeStatus.running
  /// The state after the last step whose writes succeeded.
  private(set) var state: NodeState
  /// The log after the last step whose writes succeeded.
  var log: EntryCache
  /// The state machine: what was applied, in order.
  private(set) var ledger: [Entry] = []
  /// How many of the applied entries were told about.
  private var toldApplied = 0
  private var outbox: [Parcel] = []
  private var proposals = ProposalTracker()

  private var node: Node
  private var disk: Disk
  private var effects = Effects()
  private var gate = MessageGate()
  private let maxBytesPerAppend: Int
  private var holdsApply = false
  /// The last position that is to be applied.
  private var applyThrough = LogIndex.zero

  /// Starts a node from its storage.
  ///
  /// - Throws: a sentence on what keeps the storage or the settings from being a node's.
  init(
    id: ServerID, configuration: Configuration, seed: UInt64, settings: ShellSettings,
    storage: MemoryStorage
  ) throws(BootProblem) {
    let entries: [Entry]
    let terms: [TermRun]
    do {
      terms = try storage.terms()
      let count = terms.reduce(0) { $0 + $1.count }
      entries = try storage.entries(
        LogRange(first: storage.firstIndex, count: count), maxBytes: .max)
    } catch {
      throw BootProblem(message: error.description)
    }
    let boot = BootState(
      id: id, hardState: storage.hardState, snapshot: storage.snapshotPosition,
      log: EntrySpan(runs: terms), configuration: configuration, seed: seed)
    if let problem = boot.problem ?? settings.problem { throw BootProblem(message: problem) }
    node = Node(boot, settings: settings.core)
    state = NodeState(node)
    log = EntryCache(entries)
    disk = Disk(storage)
    maxBytesPerAppend = settings.maxBytesPerAppend
  }

  /// The storage as it is now; what a crash leaves of it is the storage's to say.
  var storage: MemoryStorage { disk.storage }

  // MARK: Operations

  /// Takes an input in, with all that follows from it.
  ///
  /// - Parameter payloads: the bytes that belong to it: of a proposal's commands, of a message's
  ///   entries.
  func perform(_ input: Input, payloads: [Payload] = []) -> StepOutcome {
    let outcome = step(input, payloads: payloads)
    finishTurn()
    return outcome
  }

  /// Holds writes of these kinds back from completion.
  func hold(_ kinds: HoldSet) { disk.hold(kinds) }

  /// Ends holding writes of these kinds, with all that follows.
  func release(_ kinds: HoldSet) {
    disk.release(kinds)
    finishTurn()
  }

  /// Holds committed entries back from the state machine.
  func holdApply() { holdsApply = true }

  /// Ends that, and applies what was held.
  func releaseApply() {
    holdsApply = false
    applyDue()
  }

  /// Completes held writes, or fails them, with all that follows.
  ///
  /// - Returns: whether there were any.
  func complete(_ selection: HeldSelection, fails: Bool) -> Bool {
    guard disk.complete(selection, fails: fails) else { return false }
    if disk.hasFailed { end(.halted) } else { finishTurn() }
    return true
  }

  /// Has a coming operation of the storage meet a fault.
  func plan(_ fault: AdapterProtocol.StorageFault) { disk.plan(fault) }

  /// The process dies.
  func crash() { end(.crashed) }

  /// The messages sent since it was last asked, in order.
  func takeOutbox() -> [Parcel] {
    defer { outbox.removeAll(keepingCapacity: true) }
    return outbox
  }

  /// The entries applied since it was last asked, in order.
  func takeApplied() -> ArraySlice<Entry> {
    defer { toldApplied = ledger.count }
    return ledger[toldApplied...]
  }

  /// The fates of proposals decided since it was last asked.
  func takeResults() -> [ProposalResult] { proposals.takeNews() }

  // MARK: The drain

  /// Feeds the core with completions until there are none, then ends the turn.
  private func finishTurn() {
    while status == .running, let completion = disk.takeCompletion() { step(completion) }
    step(.flush)
  }

  /// Takes one step and carries out its effects, in the order that `Effects` states.
  @discardableResult
  private func step(_ input: Input, payloads: [Payload] = []) -> StepOutcome {
    guard status == .running else { return .done }
    effects.reset()
    node.step(input, into: &effects)
    let written: [Entry]
    do {
      written = try persist(payloads)
    } catch {
      switch error {
      case .crash: end(.crashed)
      case .storage: end(.halted)
      }
      return .done
    }
    let hasLed = state.role == .leader
    let ledTerm = state.hardState.term
    state = NodeState(node)
    log.replace(with: written)
    if effects.outcome == .accepted { written.forEach { proposals.accepted($0) } }
    if hasLed && (state.role != .leader || state.hardState.term != ledTerm) {
      proposals.leadershipEnded()
    }
    send()
    if !effects.apply.isEmpty {
      applyThrough = effects.apply.last
      applyDue()
    }
    return effects.outcome
  }

  /// Hard state, then entries, then one sync for both.
  ///
  /// - Returns: the entries written.
  private func persist(_ payloads: [Payload]) throws(DiskFailure) -> [Entry] {
    if let hardState = effects.hardState { try disk.write(hardState) }
    guard let append = effects.append else {
      if effects.hardState != nil { try disk.sync() }
      return []
    }
    let entries = resolve(append, payloads)
    try disk.append(entries, ticket: append.ticket)
    try disk.sync()
    return entries
  }

  /// Gives the entries of an append their bytes.
  private func resolve(_ append: Append, _ payloads: [Payload]) -> [Entry] {
    (0..<append.range.count).map { offset in
      let index = append.range.first + offset
      guard let term = node.term(at: index) else {
        preconditionFailure("an entry is to be written that is not in the log")
      }
      let payload =
        switch append.source {
        case .internalEntry: Payload(kind: .internalEntry, data: [])
        case .proposal: payloads[offset]
        case .message(let skip): payloads[skip + offset]
        }
      return Entry(index: index, term: term, kind: payload.kind, payload: payload.data)
    }
  }

  /// Lets the step's messages leave, behind those that wait already.
  private func send() {
    for message in effects.messages {
      for parcel in Parcel.pack(message, from: log, maxBytes: maxBytesPerAppend) {
        gate.add(parcel, after: disk.lastHardState)
      }
    }
    gate.release(durable: disk.durableSequence, into: &outbox)
  }

  /// Hands the state machine what is due, unless that is held.
  private func applyDue() {
    guard !holdsApply else { return }
    let applied = ledger.last?.index ?? .zero
    guard applyThrough > applied else { return }
    for entry in log.entries(LogRange(first: applied.next, count: applyThrough - applied)) {
      ledger.append(entry)
      proposals.applied(entry)
    }
  }

  private func end(_ status: NodeStatus) {
    self.status = status
    gate.discard()
    proposals.leadershipEnded()
  }
}
