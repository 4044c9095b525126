import RaftCore
import RaftTypes

/// An entry as a test's disk holds it: its term, and a number that stands for its bytes.
struct Stored: Hashable {
  var term: Term
  var payload: UInt64
}

/// A message with the bytes of its entries beside it.
struct Envelope {
  var message: Message
  var entries: [Stored] = []
}

/// A node with a disk whose writes complete when the test says so.
struct Machine: ~Copyable {
  enum Write {
    case hardState(HardState)
    case append(AppendTicket, keep: Int, [Stored])
  }

  var node: Node
  let id: ServerID
  /// What the node has, durable or not: entry i is at position i + 1.
  var log: [Stored] = []
  var durableLog: [Stored] = []
  var durableState = HardState()
  /// Writes that have not completed, oldest first.
  var writes: [Write] = []
  /// Messages that wait until this many hard states are durable.
  var held: [(after: Int, envelope: Envelope)] = []
  var hardStatesAnnounced = 0
  var hardStatesDurable = 0
  var applied: [Stored] = []
  var cuts = 0

  init(id: ServerID, configuration: Configuration, settings: Settings, seed: UInt64) {
    self.id = id
    node = Node(
      BootState(id: id, configuration: configuration, seed: seed), settings: settings)
  }

  /// Takes an input in and carries its effects out, but for writes, which queue.
  ///
  /// - Parameter bytes: those of the message or the proposal in hand.
  mutating func step(_ input: Input, bytes: [Stored] = []) {
    var effects = Effects()
    node.step(input, into: &effects)
    if let hardState = effects.hardState {
      writes.append(.hardState(hardState))
      hardStatesAnnounced += 1
    }
    if let append = effects.append { write(append, bytes: bytes) }
    for message in effects.messages {
      held.append((hardStatesAnnounced, Envelope(message: message, entries: entries(message))))
    }
    for offset in 0..<effects.apply.count {
      let index = effects.apply.first + offset
      precondition(applied.count + 1 == Int(index.rawValue), "applied out of order")
      precondition(durableLog.count >= Int(index.rawValue), "applied before it was durable")
      applied.append(log[applied.count])
    }
  }

  private mutating func write(_ append: Append, bytes: [Stored]) {
    let keep = Int(append.range.first.rawValue) - 1
    let fresh: [Stored]
    switch append.source {
    case .internalEntry: fresh = [Stored(term: node.currentTerm, payload: 0)]
    case .proposal: fresh = bytes
    case .message(let skip): fresh = Array(bytes[skip...])
    case .configuration: preconditionFailure("these clusters keep their members")
    }
    precondition(fresh.count == append.range.count, "an append of other entries than were given")
    precondition(append.truncates == (keep < log.count), "a cut that is not told, or told falsely")
    if append.truncates { cuts += 1 }
    log.removeSubrange(keep...)
    log += fresh
    writes.append(.append(append.ticket, keep: keep, fresh))
  }

  private func entries(_ message: Message) -> [Stored] {
    guard case .appendEntries(let request) = message.body else { return [] }
    let start = Int(request.prevLogIndex.rawValue)
    return Array(log[start..<start + request.entries.count])
  }

  /// Completes the oldest write.
  mutating func completeWrite() {
    guard !writes.isEmpty else { return }
    switch writes.removeFirst() {
    case .hardState(let hardState):
      durableState = hardState
      hardStatesDurable += 1
      step(.hardStatePersisted(hardState))
    case .append(let ticket, let keep, let fresh):
      durableLog.removeSubrange(keep...)
      durableLog += fresh
      step(.appendPersisted(ticket))
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
    log = durableLog
    applied = []
    let runs = log.map { TermRun(term: $0.term, count: 1) }
    node = Node(
      BootState(
        id: id, hardState: durableState, log: EntrySpan(runs: runs),
        configuration: node.configuration, seed: seed),
      settings: node.settings)
  }
}

/// Some machines and a network that loses, copies and reorders, driven by one seed; the safety
/// properties of the paper's Figure 3 are checked after every move.
final class Cluster {
  let ids: [ServerID]
  private let machines: UnsafeMutablePointer<Machine>
  private var random: RandomSource
  private var network: [Envelope] = []
  private var payloads: UInt64 = 0
  private var leaders: [Term: ServerID] = [:]
  private var votes: [ServerID: [Term: ServerID]] = [:]
  private var lastCommit: [LogIndex]
  /// What the first machine to apply a position applied there.
  private(set) var applied: [Stored] = []
  private(set) var elections = 0
  /// How many appends cut entries off.
  var cuts: Int { ids.indices.reduce(0) { $0 + machines[$1].cuts } }
  /// The machine that is cut off from all others, if one is.
  private var isolated: ServerID?

  init(size: Int, settings: Settings, seed: UInt64) {
    ids = (1...size).map { ServerID(UInt64($0)) }
    let configuration = Configuration(voters: ids)
    random = RandomSource(seed: seed)
    machines = .allocate(capacity: size)
    lastCommit = Array(repeating: .zero, count: size)
    for place in 0..<size {
      (machines + place).initialize(
        to: Machine(
          id: ids[place], configuration: configuration, settings: settings, seed: random.next()))
    }
  }

  deinit {
    machines.deinitialize(count: ids.count)
    machines.deallocate()
  }

  private func draw(_ bound: Int) -> Int { Int(random.next(below: UInt64(bound))) }

  /// One random move, then all checks.
  func move() {
    var place = draw(ids.count)
    switch draw(100) {
    case 0..<14: machines[place].step(.tick)
    case 14..<30: machines[place].completeWrite()
    case 30..<32:
      if let leader { place = Int(leader.rawValue) - 1 }
      propose(at: place)
    case 32: propose(at: place)
    case 33: machines[place].step(.electionTimeout)
    case 34 where draw(4) == 0: crash(place)
    case 35: machines[place].step(.heartbeatTimeout)
    case 36 where draw(2) == 0: isolated = draw(3) == 0 ? nil : leader ?? ids[place]
    default: moveMessage()
    }
    turn(place)
  }

  /// Ends a machine's turn, puts its messages on the network and checks it.
  private func turn(_ place: Int) {
    machines[place].step(.flush)
    network += machines[place].takeMessages()
    check(place)
  }

  private func propose(at place: Int) {
    let count = 1 + draw(4)
    let term = machines[place].node.currentTerm
    let bytes = (0..<count).map { Stored(term: term, payload: payloads + UInt64($0) + 1) }
    payloads += UInt64(count)
    machines[place].step(.propose(count: count), bytes: bytes)
  }

  /// The server that leads the highest term led so far.
  private var leader: ServerID? { leaders.max { $0.key < $1.key }?.value }

  private func crash(_ place: Int) {
    machines[place].crash(seed: random.next())
    lastCommit[place] = .zero
  }

  /// Delivers, copies or loses a message, most often an old one.
  private func moveMessage() {
    guard !network.isEmpty else { return }
    let choice = draw(3) == 0 ? draw(network.count) : 0
    switch draw(20) {
    case 0: network.remove(at: choice)
    case 1: network.append(network[choice])
    default: deliver(network.remove(at: choice))
    }
    if network.count > 200 { network.removeFirst(100) }
  }

  private func deliver(_ envelope: Envelope) {
    let place = Int(envelope.message.to.rawValue) - 1
    if envelope.message.from == isolated || envelope.message.to == isolated { return }
    machines[place].step(.receive(envelope.message), bytes: envelope.entries)
    turn(place)
  }

  /// Lets everything arrive and become durable, with time passing, until a probe commits everywhere.
  ///
  /// - Returns: whether it did within `rounds` ticks.
  func recover(rounds: Int) -> Bool {
    isolated = nil
    payloads += 1
    let probe = payloads
    for _ in 0..<rounds {
      for place in ids.indices {
        machines[place].step(.tick)
        let isThere = machines[place].log.contains { $0.payload == probe }
        if machines[place].node.role == .leader, !isThere {
          let bytes = [Stored(term: machines[place].node.currentTerm, payload: probe)]
          machines[place].step(.propose(count: 1), bytes: bytes)
        }
        turn(place)
      }
      drain()
      let done = ids.indices.allSatisfy { place in
        machines[place].applied.contains { $0.payload == probe }
          && machines[place].applied.count == machines[place].log.count
      }
      if done { return true }
    }
    return false
  }

  private func drain() {
    var busy = true
    while busy {
      busy = false
      while !network.isEmpty { deliver(network.removeFirst()) }
      for place in ids.indices where !machines[place].writes.isEmpty {
        machines[place].completeWrite()
        turn(place)
        busy = true
      }
    }
  }

  /// Election Safety, Leader Append-Only, Log Matching and State Machine Safety, and what a node
  /// says about itself.
  private func check(_ place: Int) {
    let id = ids[place]
    let term = machines[place].node.currentTerm
    if machines[place].node.role == .leader {
      if leaders[term] == nil { elections += 1 }
      precondition(leaders[term, default: id] == id, "two leaders in term \(term.rawValue)")
      leaders[term] = id
    }
    if case .some(let candidate) = machines[place].durableState.votedFor {
      let voted = machines[place].durableState.term
      precondition(votes[id, default: [:]][voted, default: candidate] == candidate, "two votes")
      votes[id, default: [:]][voted] = candidate
    }
    let commit = machines[place].node.commitIndex
    precondition(commit >= lastCommit[place], "the commit index went back")
    lastCommit[place] = commit
    precondition(machines[place].node.lastApplied <= commit)
    precondition(machines[place].node.durableIndex <= machines[place].node.lastLogIndex)
    precondition(machines[place].node.lastLogIndex == LogIndex.zero + machines[place].log.count)
    precondition(
      machines[place].node.durableIndex <= LogIndex.zero + machines[place].durableLog.count)
    for position in machines[place].applied.indices {
      let entry = machines[place].applied[position]
      if position == applied.count { applied.append(entry) }
      precondition(applied[position] == entry, "two entries applied at \(position + 1)")
    }
  }

  /// Whether the logs that two machines hold agree wherever they agree on a term.
  func checkLogMatching() {
    for a in ids.indices {
      for b in ids.indices where a < b {
        let common = min(machines[a].log.count, machines[b].log.count)
        var matched = false
        for position in (0..<common).reversed() {
          if machines[a].log[position].term == machines[b].log[position].term { matched = true }
          if matched { precondition(machines[a].log[position] == machines[b].log[position]) }
        }
      }
    }
  }
}
