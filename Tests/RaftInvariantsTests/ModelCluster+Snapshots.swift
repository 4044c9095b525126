import RaftInvariants
import RaftTypes

/// Snapshots, configurations and reads of the model.
extension ModelCluster {
  /// The snapshot that a server holds.
  func snapshot(of server: Int) -> ObservedSnapshot {
    let index = servers[server].snapshot
    var commands = servers[server].log[..<index].filter { $0.kind == .command }.map(\.payload)
    if has(.snapshotLacksCommand), commands.count > 1 { commands.removeLast() }
    return ObservedSnapshot(
      at(index, term(server, at: index)), configuration: configuration(of: server, through: index),
      commands: commands)
  }

  private var first: Configuration { Configuration(voters: servers.indices.map { id($0) }) }

  func configuration(of server: Int, through index: Int) -> Configuration {
    let entry = servers[server].log[..<index].last { $0.kind == .configuration }
    return entry.flatMap { try? Configuration(decoding: $0.payload) } ?? first
  }

  mutating func takeSnapshot(_ server: Int) {
    let applied = min(servers[server].applied, servers[server].log.count)
    let end = has(.snapshotsUnapplied) ? servers[server].log.count : applied
    guard servers[server].isUp, end > servers[server].snapshot else { return }
    servers[server].snapshot = end
    servers[server].synced = max(servers[server].synced, end)
    tell(.snapshotStored(id(server), at(end, term(server, at: end))))
  }

  mutating func compact(_ server: Int) {
    let committed = min(servers[server].commit, servers[server].log.count)
    let end = has(.compactsUncovered) ? committed : servers[server].snapshot
    guard servers[server].isUp, end > servers[server].base else { return }
    servers[server].synced = max(servers[server].synced, end)
    servers[server].base = end - random.below(end - servers[server].base)
    tell(.compacted(id(server), first: LogIndex(UInt64(servers[server].base + 1))))
  }

  /// A snapshot that the follower may not need, as one that comes late.
  mutating func sendSnapshotUnasked(_ leader: Int) {
    let follower = random.below(servers.count)
    guard servers[leader].isUp, servers[leader].role == .leader, servers[leader].snapshot > 0,
      follower != leader
    else { return }
    sendSnapshot(leader, to: follower)
  }

  mutating func sendSnapshot(_ leader: Int, to follower: Int) {
    let snapshot = snapshot(of: leader)
    let term = Term(UInt64(servers[leader].term))
    tell(.sent(from: id(leader), to: id(follower), .installSnapshot(term: term, snapshot)))
    guard random.below(5) > 0, servers[follower].isUp,
      servers[follower].term <= servers[leader].term
    else { return }
    become(follower, .follower, term: servers[leader].term)
    install(snapshot, from: leader, at: follower)
    guard servers[follower].snapshot >= servers[leader].snapshot, random.below(5) > 0 else {
      return
    }
    tell(
      .sent(
        from: id(follower), to: id(leader), .snapshotInstalled(term: term, snapshot.position)))
    servers[leader].next[follower] = servers[leader].snapshot + 1
  }

  private mutating func install(
    _ snapshot: ObservedSnapshot, from leader: Int, at follower: Int
  ) {
    let index = servers[leader].snapshot
    let isBehind = servers[follower].commit < index
    guard isBehind || has(.installsOldSnapshots) else { return }
    let isPrefix =
      index <= servers[follower].log.count && term(follower, at: index) == term(leader, at: index)
    if !isPrefix { truncate(follower, to: index) }
    let suffix = servers[follower].log.dropFirst(index)
    servers[follower].log = Array(servers[leader].log[..<index]) + suffix
    servers[follower].synced = max(servers[follower].synced, index)
    servers[follower].snapshot = index
    servers[follower].base = index
    servers[follower].applied = index
    tell(.snapshotStored(id(follower), snapshot.position))
    tell(.compacted(id(follower), first: LogIndex(UInt64(index + 1))))
    tell(.restored(id(follower), snapshot))
    if isBehind { commit(follower, upTo: index) }
  }

  mutating func changeConfiguration(_ server: Int) {
    guard servers[server].isUp, servers[server].role == .leader else { return }
    let last = servers[server].log.lastIndex { $0.kind == .configuration }.map { $0 + 1 } ?? 0
    guard last <= servers[server].commit || has(.changesTwice) else { return }
    proposals += 1
    let next = Configuration(
      voters: first.voters, learners: [ServerID(UInt64(100 + proposals))])
    append(
      ObservedEntry(
        term: Term(UInt64(servers[server].term)), kind: .configuration, payload: next.encoded),
      to: server)
  }

  /// Tells the configuration in force, which is the latest of the log, where it changed.
  mutating func tellConfiguration(of server: Int) {
    guard servers[server].isUp else { return }
    let latest = configuration(of: server, through: servers[server].log.count)
    guard latest.encoded != servers[server].inForce else { return }
    if has(.keepsOldConfiguration), !servers[server].inForce.isEmpty { return }
    servers[server].inForce = latest.encoded
    tell(.configurationChanged(id(server), latest))
  }

  /// A read of the leader: a round, and then an answer from the state machine.
  mutating func read(_ server: Int) {
    guard servers[server].isUp, servers[server].role == .leader else { return }
    let term = servers[server].term
    let commit = min(servers[server].commit, servers[server].log.count)
    let isGated = !has(.readsBeforeOwnTerm) && !has(.readsWithoutRound)
    guard self.term(server, at: commit) == term || !isGated else { return }
    proposals += 1
    let read = UInt64(proposals)
    tell(.readStarted(read))
    var confirmed = 1
    for other in servers.indices where other != server {
      let answers = servers[other].isUp && servers[other].term <= term && random.below(5) > 0
      if answers { confirmed += 1 }
    }
    guard 2 * confirmed > servers.count || has(.readsWithoutRound) else { return }
    while servers[server].applied < commit { apply(server) }
    tell(
      .readServed(id(server), read: read, index: LogIndex(UInt64(servers[server].applied))))
  }
}
