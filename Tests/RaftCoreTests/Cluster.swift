import RaftCore
import RaftTypes

/// Some machines and a network that loses, copies and reorders, driven by one seed; the safety
/// properties of the paper's Figure 3 are checked after every move.
final class Cluster {
  /// What happens besides elections, proposals and crashes.
  struct Plan {
    /// The servers that vote at first; the others are there and not named.
    var voters: Int
    /// Whether snapshots are taken, and logs compacted.
    var compacts = false
    /// Whether the configuration changes and leadership is handed over.
    var changesMembers = false
    /// Whether the clocks go alike and no timer is forced, as leases need.
    var hasClocks = false
  }

  let ids: [ServerID]
  let plan: Plan
  let machines: UnsafeMutablePointer<Machine>
  private var random: RandomSource
  private var network: [Envelope] = []
  private var payloads: UInt64 = 0
  private var lastRead: UInt64 = 0
  var leaders: [Term: ServerID] = [:]
  var votes: [ServerID: [Term: ServerID]] = [:]
  var lastCommit: [LogIndex]
  /// What the first machine to apply a position applied there.
  var applied: [Stored] = []
  var elections = 0
  /// The machine that is cut off from all others, if one is.
  private var isolated: ServerID?

  init(size: Int, plan: Plan, settings: Settings, seed: UInt64) {
    ids = (1...size).map { ServerID(UInt64($0)) }
    self.plan = plan
    let configuration = Configuration(voters: Array(ids.prefix(plan.voters)))
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

  // MARK: Moves

  /// One random move, then all checks.
  func move() {
    var place = draw(ids.count)
    switch draw(100) {
    case 0..<14:
      if plan.hasClocks { return tickAll() }
      machines[place].step(.tick)
    case 14..<30: machines[place].completeWrite()
    case 30..<32:
      if let leader { place = Int(leader.rawValue) - 1 }
      propose(at: place)
    case 32: propose(at: place)
    case 33 where !plan.hasClocks: machines[place].step(.electionTimeout)
    case 34 where draw(4) == 0: crash(place)
    case 35: machines[place].step(.heartbeatTimeout)
    case 36 where draw(2) == 0: isolated = draw(3) == 0 ? nil : leader ?? ids[place]
    case 37...39 where plan.compacts: snapshot(place)
    case 40...42 where plan.compacts: compact(place)
    case 43, 44:
      guard plan.changesMembers else { return moveMessage() }
      if let leader { place = Int(leader.rawValue) - 1 }
      changeMembers(at: place)
    case 45, 46: read(at: place)
    default: return moveMessage()
    }
    turn(place)
  }

  /// Ends a machine's turn, puts its messages on the network and checks it.
  private func turn(_ place: Int) {
    machines[place].step(.flush)
    network += machines[place].takeMessages()
    check(place)
  }

  private func tickAll() {
    for place in ids.indices {
      machines[place].step(.tick)
      turn(place)
    }
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

  private func snapshot(_ place: Int) {
    machines[place].damagesNextSnapshot = draw(4) == 0
    machines[place].takeSnapshot()
  }

  private func compact(_ place: Int) {
    let first = machines[place].node.firstLogIndex.previous
    let covered = machines[place].node.snapshotPosition.index
    machines[place].step(.compact(upTo: first + draw(covered - first + 2)))
  }

  /// A random change, or a transfer of leadership.
  private func changeMembers(at place: Int) {
    if draw(4) == 0 {
      machines[place].step(.transfer(to: ids[draw(ids.count)]))
    } else if draw(5) == 0 {
      machines[place].step(.configure(.leaveJoint))
    } else {
      var voters: [ServerID] = []
      var learners: [ServerID] = []
      for id in ids {
        switch draw(4) {
        case 0: break
        case 1: learners.append(id)
        default: voters.append(id)
        }
      }
      let use = JointUse.allCases[draw(JointUse.allCases.count)]
      machines[place].step(.configure(.change(voters: voters, learners: learners, use)))
    }
  }

  /// A read may see no less than what anybody knows to be committed when it is asked.
  private func read(at place: Int) {
    lastRead += 1
    let least = ids.indices.map { machines[$0].node.commitIndex }.max() ?? .zero
    machines[place].read(lastRead, least: least)
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

  // MARK: Recovery

  /// Lets everything arrive and become durable, with time passing, until a probe commits at every
  /// member and the configuration is no longer joint.
  ///
  /// - Returns: whether it did within `rounds` ticks.
  func recover(rounds: Int) -> Bool {
    isolated = nil
    payloads += 1
    let probe = payloads
    for _ in 0..<rounds {
      for place in ids.indices {
        machines[place].step(.tick)
        if machines[place].node.role == .leader {
          machines[place].step(.configure(.leaveJoint))
          propose(probe, at: place)
        }
        turn(place)
      }
      drain()
      if hasApplied(probe) { return true }
    }
    return false
  }

  private func propose(_ probe: UInt64, at place: Int) {
    let log = machines[place].log.entries + machines[place].applied
    if log.contains(where: { $0.payload == probe }) { return }
    let bytes = [Stored(term: machines[place].node.currentTerm, payload: probe)]
    machines[place].step(.propose(count: 1), bytes: bytes)
  }

  private func hasApplied(_ probe: UInt64) -> Bool {
    guard let leader = ids.indices.first(where: { machines[$0].node.role == .leader }) else {
      return false
    }
    let configuration = machines[leader].node.configuration
    if configuration.isJoint { return false }
    return ids.indices.allSatisfy { place in
      guard configuration.members.contains(ids[place]) else { return true }
      return machines[place].applied.contains { $0.payload == probe }
        && LogIndex.zero + machines[place].applied.count == machines[place].log.lastIndex
    }
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
}

// MARK: - Checks

extension Cluster {
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
    checkLog(place)
    for position in machines[place].applied.indices {
      let entry = machines[place].applied[position]
      if position == applied.count { applied.append(entry) }
      precondition(applied[position] == entry, "two entries applied at \(position + 1)")
    }
  }

  private func checkLog(_ place: Int) {
    let last = machines[place].node.lastLogIndex
    precondition(machines[place].node.lastApplied <= machines[place].node.commitIndex)
    precondition(machines[place].node.durableIndex <= last)
    precondition(last == machines[place].log.lastIndex)
    precondition(machines[place].node.firstLogIndex == machines[place].log.base.index.next)
    precondition(machines[place].node.durableIndex <= machines[place].durableLog.lastIndex)
    let inLog = machines[place].log.entries.last { $0.configuration != nil }?.configuration
    if let inLog { precondition(machines[place].node.configuration == inLog) }
  }

  /// Whether the logs that two machines hold agree wherever they agree on a term.
  func checkLogMatching() {
    for a in ids.indices {
      for b in ids.indices where a < b {
        let first = max(machines[a].log.base.index, machines[b].log.base.index).next
        var index = min(machines[a].log.lastIndex, machines[b].log.lastIndex)
        var matched = false
        while index >= first {
          let one = machines[a].log.range(index, count: 1)
          let other = machines[b].log.range(index, count: 1)
          if one.first?.term == other.first?.term { matched = true }
          if matched { precondition(one == other, "two logs part after they agreed") }
          index = index.previous
        }
      }
    }
  }

  /// How often something happened on all machines together.
  func total(_ count: KeyPath<Machine.Counts, Int>) -> Int {
    ids.indices.reduce(0) { $0 + machines[$1].counts[keyPath: count] }
  }
}
