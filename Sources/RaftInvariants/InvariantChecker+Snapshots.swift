import RaftTypes

/// Snapshots, compaction and reads.
extension InvariantChecker {
  /// A server showed a snapshot that it holds, sends or has restored.
  mutating func show(_ snapshot: ObservedSnapshot, by place: Int) {
    guard seesLogs else { return }
    snapshotPrefix.show(
      snapshot, by: servers[place].id, in: servers[place].term, &facts, &findings)
  }

  /// A snapshot is durable: one of what the server has applied, or one that was sent to it.
  mutating func store(_ place: Int, snapshot position: LogPosition) {
    settle()
    let isOffered = servers[place].offered.contains(position)
    if !isOffered, let missing = missing(place, through: position.index) {
      snapshotPrefix.overtakes(position, missing: missing, by: servers[place], &findings)
    }
    show(ObservedSnapshot(position), by: place)
    if position.index >= servers[place].snapshot.index { servers[place].snapshot = position }
  }

  mutating func compact(_ place: Int, first: LogIndex) {
    let base = first > .zero ? first.previous : .zero
    let isBehindCut = openCut == place
    settle(covered: isBehindCut ? Int(clamping: base.rawValue) : 0)
    guard seesLogs, base.rawValue < UInt64(Int.max) else { return }
    compactionCovered.starts(servers[place], at: first, &findings)
    let snapshot = servers[place].snapshot
    let own = servers[place].entry(at: base).map { facts.ledger.term($0) }
    // A log that ended before the snapshot, or disagrees with it, is replaced by it.
    let term = base == snapshot.index ? snapshot.term : own
    if base >= servers[place].lastIndex { servers[place].isLogWhole = true }
    servers[place].log.discard(through: Int(base.rawValue), of: term)
    servers[place].configurations.discard(through: Int(base.rawValue))
    servers[place].agreed = max(servers[place].agreed, servers[place].log.base)
    servers[place].promises.durable = max(servers[place].promises.durable, servers[place].log.base)
  }

  mutating func restore(_ place: Int, from snapshot: ObservedSnapshot) {
    settle()
    show(snapshot, by: place)
    appliedOnce.restore(&servers[place], to: snapshot.position, &findings)
    readLinearizable.committed(min(snapshot.position.index, servers[place].reach))
    guard let configuration = snapshot.configuration else { return }
    servers[place].configurations.restore(
      configuration, through: Int(clamping: snapshot.position.index.rawValue))
    openConfigurations(of: place)
  }

  mutating func serve(_ read: UInt64, at index: LogIndex, by place: Int) {
    settle()
    readLinearizable.served(
      read, at: index, by: servers[place], unapplied: unapplied(place, through: index), facts,
      &findings)
  }

  /// The first entry up to an index that a server can't have made a snapshot of.
  private func missing(_ place: Int, through index: LogIndex) -> LogIndex? {
    if let unapplied = unapplied(place, through: index) { return unapplied }
    let record = servers[place]
    let committed = max(record.commitIndex, record.lastApplied, record.appliedBefore)
    return observing.contains(.commits) && index > committed ? committed.next : nil
  }

  /// The first entry up to an index that a server has not applied, unless it is without a command.
  private func unapplied(_ place: Int, through index: LogIndex) -> LogIndex? {
    let record = servers[place]
    let applied = record.lastApplied > .zero ? record.lastApplied : record.appliedBefore
    guard index > applied else { return nil }
    return AppliedOnce.skippedCommand(record, after: applied, before: index.next, facts.ledger)
  }
}
