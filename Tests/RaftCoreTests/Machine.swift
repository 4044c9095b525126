import RaftCore
import RaftTypes

/// An entry as a test's disk holds it: its term, and a number that stands for its bytes.
struct Stored: Hashable {
  var term: Term
  var payload: UInt64
  var configuration: Configuration?
}

/// A snapshot as a test's disk holds it: one "byte" for each entry that it covers.
struct StoredSnapshot: Hashable {
  var position: LogPosition
  var configuration: Configuration
  var content: [Stored]
}

/// A message with the bytes of its entries, or of its part of a snapshot, beside it.
struct Envelope {
  var message: Message
  var entries: [Stored] = []
}

/// Entries after a position: a log, or what a disk holds of it.
struct StoredLog: Hashable {
  var base = LogPosition.zero
  var entries: [Stored] = []

  var lastIndex: LogIndex { base.index + entries.count }

  func term(at index: LogIndex) -> Term? {
    if index == base.index { return base.term }
    guard index > base.index, index <= lastIndex else { return nil }
    return entries[index - base.index - 1].term
  }

  func range(_ first: LogIndex, count: Int) -> ArraySlice<Stored> {
    let start = first - base.index - 1
    return entries[start..<start + count]
  }

  /// Cuts the log after `keep`, and puts entries there.
  mutating func replace(after keep: LogIndex, with fresh: [Stored]) {
    entries.removeSubrange((keep - base.index)...)
    entries += fresh
  }

  mutating func discard(upTo index: LogIndex) {
    guard index > base.index, let term = term(at: index) else { return }
    entries.removeFirst(index - base.index)
    base = LogPosition(index: index, term: term)
  }

  var span: EntrySpan {
    EntrySpan(
      runs: entries.map { TermRun(term: $0.term, count: 1) },
      configurations: entries.enumerated().compactMap { offset, entry in
        entry.configuration.map { SpanConfiguration(offset: offset, configuration: $0) }
      })
  }
}

/// A node with a disk whose writes complete when the test says so.
struct Machine: ~Copyable {
  enum Write {
    case hardState(HardState)
    case append(AppendTicket, keep: LogIndex, [Stored])
    case snapshot(StoredSnapshot, replacesLog: Bool)
    case discard(LogIndex)
  }

  var node: Node
  let id: ServerID
  let first: Configuration
  /// What the node has, durable or not.
  var log = StoredLog()
  var durableLog = StoredLog()
  var durableState = HardState()
  var durableSnapshot: StoredSnapshot?
  /// Writes that have not completed, oldest first.
  var writes: [Write] = []
  /// Messages that wait until this many hard states are durable.
  var held: [(after: Int, envelope: Envelope)] = []
  var hardStatesAnnounced = 0
  var hardStatesDurable = 0
  /// The state machine: every entry from position 1 on.
  var applied: [Stored] = []
  /// The parts of a snapshot that came in.
  var incoming: [Stored] = []
  /// Whether the next whole snapshot that comes in is taken for damaged.
  var damagesNextSnapshot = false
  /// The reads that were asked here and not answered, each with the least index it may see.
  var reads: [UInt64: LogIndex] = [:]
  var counts = Counts()

  /// How often something happened.
  struct Counts {
    var cuts = 0
    var restores = 0
    var reads = 0
    var configurations = 0
  }

  init(id: ServerID, configuration: Configuration, settings: Settings, seed: UInt64) {
    self.id = id
    first = configuration
    node = Node(
      BootState(id: id, configuration: configuration, seed: seed), settings: settings)
  }

  /// Takes an input in and carries its effects out, but for writes, which queue.
  ///
  /// - Parameter bytes: those of the message or the proposal in hand.
  @discardableResult
  mutating func step(_ input: Input, bytes: [Stored] = []) -> StepOutcome {
    var effects = Effects()
    node.step(input, into: &effects)
    if let hardState = effects.hardState {
      writes.append(.hardState(hardState))
      hardStatesAnnounced += 1
    }
    if let append = effects.append { write(append, bytes: bytes) }
    if let chunk = effects.snapshotChunk { take(chunk, bytes: bytes) }
    if let index = effects.compact {
      log.discard(upTo: index)
      writes.append(.discard(index))
    }
    for message in effects.messages {
      held.append((hardStatesAnnounced, Envelope(message: message, entries: payload(of: message))))
    }
    if let position = effects.restore { restore(position) }
    apply(effects.apply)
    for read in effects.reads { serve(read) }
    for read in effects.failedReads { end(read) }
    return effects.outcome
  }

  private mutating func write(_ append: Append, bytes: [Stored]) {
    let keep = append.range.first.previous
    let fresh: [Stored]
    switch append.source {
    case .internalEntry: fresh = [Stored(term: node.currentTerm, payload: 0)]
    case .proposal: fresh = bytes
    case .message(let skip): fresh = Array(bytes[skip...])
    case .configuration(let configuration):
      counts.configurations += 1
      fresh = [Stored(term: node.currentTerm, payload: 0, configuration: configuration)]
    }
    precondition(fresh.count == append.range.count, "an append of other entries than were given")
    precondition(append.truncates == (keep < log.lastIndex), "a cut told falsely, or not at all")
    if append.truncates { counts.cuts += 1 }
    log.replace(after: keep, with: fresh)
    writes.append(.append(append.ticket, keep: keep, fresh))
  }

  private func payload(of message: Message) -> [Stored] {
    switch message.body {
    case .appendEntries(let request):
      return Array(log.range(request.prevLogIndex.next, count: request.entries.count))
    case .installSnapshot(let request):
      guard let durableSnapshot, durableSnapshot.position == request.lastIncluded else {
        preconditionFailure("a snapshot is sent that is not durable")
      }
      precondition(durableSnapshot.configuration == request.configuration)
      let start = Int(request.offset)
      return Array(durableSnapshot.content[start..<start + Int(request.length)])
    default:
      return []
    }
  }

  // MARK: The state machine

  private mutating func apply(_ range: LogRange) {
    for offset in 0..<range.count {
      let index = range.first + offset
      precondition(applied.count + 1 == Int(index.rawValue), "applied out of order")
      precondition(durableLog.lastIndex >= index, "applied before it was durable")
      applied += log.range(index, count: 1)
    }
    precondition(LogIndex.zero + applied.count == node.lastApplied, "lost on the way to apply")
  }

  private mutating func serve(_ read: ReadReady) {
    guard let least = reads.removeValue(forKey: read.read) else {
      preconditionFailure("a read was served that nobody asked, or twice")
    }
    precondition(read.index >= least, "a read that began later sees less")
    precondition(applied.count >= Int(read.index.rawValue), "a read was served before its index")
    counts.reads += 1
  }

  private mutating func end(_ read: UInt64) {
    precondition(reads.removeValue(forKey: read) != nil, "a read failed that nobody waits for")
  }

  mutating func read(_ number: UInt64, least: LogIndex) {
    reads[number] = least
    if step(.read(number)) != .accepted { reads[number] = nil }
  }

  // MARK: Snapshots

  /// Takes a snapshot of what is applied, and starts to write it.
  mutating func takeSnapshot() {
    let index = node.lastApplied
    guard index > node.snapshotPosition.index, let term = node.term(at: index),
      let configuration = node.configuration(asOf: index)
    else { return }
    let snapshot = StoredSnapshot(
      position: LogPosition(index: index, term: term), configuration: configuration,
      content: applied)
    writes.append(.snapshot(snapshot, replacesLog: false))
  }

  private mutating func take(_ chunk: SnapshotChunk, bytes: [Stored]) {
    if chunk.offset == 0 { incoming = [] }
    precondition(incoming.count == Int(chunk.offset), "a part was put in the wrong place")
    incoming += bytes
    guard chunk.isLast else { return }
    precondition(incoming.count == Int(chunk.lastIncluded.index.rawValue), "a part is missing")
    if damagesNextSnapshot {
      damagesNextSnapshot = false
      step(.snapshotRefused(chunk.lastIncluded))
    } else {
      let snapshot = StoredSnapshot(
        position: chunk.lastIncluded, configuration: chunk.configuration, content: incoming)
      writes.append(.snapshot(snapshot, replacesLog: true))
    }
  }

  private mutating func restore(_ position: LogPosition) {
    guard let durableSnapshot, durableSnapshot.position == position else {
      preconditionFailure("a snapshot is to be restored that is not durable")
    }
    precondition(position.index > LogIndex.zero + applied.count, "the state machine goes back")
    precondition(applied == Array(durableSnapshot.content.prefix(applied.count)))
    applied = durableSnapshot.content
    log = StoredLog(base: position)
    counts.restores += 1
  }

  // MARK: The disk

  /// Completes the oldest write.
  mutating func completeWrite() {
    guard !writes.isEmpty else { return }
    switch writes.removeFirst() {
    case .hardState(let hardState):
      durableState = hardState
      hardStatesDurable += 1
      step(.hardStatePersisted(hardState))
    case .append(let ticket, let keep, let fresh):
      durableLog.replace(after: keep, with: fresh)
      step(.appendPersisted(ticket))
    case .snapshot(let snapshot, let replacesLog):
      guard snapshot.position.index > durableSnapshot?.position.index ?? .zero else { return }
      durableSnapshot = snapshot
      let position = snapshot.position
      if replacesLog, durableLog.term(at: position.index) != position.term {
        durableLog = StoredLog(base: position)
      }
      step(.snapshotPersisted(position, size: UInt64(snapshot.content.count)))
    case .discard(let index):
      durableLog.discard(upTo: index)
    }
  }

  /// The messages that may leave now.
  mutating func takeMessages() -> [Envelope] {
    let leaving = held.prefix { $0.after <= hardStatesDurable }
    held.removeFirst(leaving.count)
    return leaving.map(\.envelope)
  }

  /// Loses what is not durable, and starts anew.
  mutating func crash(seed: UInt64) {
    writes = []
    held = []
    hardStatesAnnounced = 0
    hardStatesDurable = 0
    reads = [:]
    incoming = []
    log = durableLog
    applied = durableSnapshot?.content ?? []
    let boot = BootState(
      id: id, hardState: durableState, snapshot: durableSnapshot?.position ?? .zero,
      snapshotSize: UInt64(applied.count), base: log.base, log: log.span,
      configuration: durableSnapshot?.configuration ?? first, seed: seed)
    precondition(boot.problem == nil, boot.problem ?? "")
    node = Node(boot, settings: node.settings)
  }
}
