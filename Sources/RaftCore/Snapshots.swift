import RaftTypes

// Snapshots as a server takes, receives and keeps them.
//
// Source: Raft paper, §7 and Figure 13; thesis, chapter 5.

/// A snapshot that is being received.
struct IncomingSnapshot {
  /// The last entry that it covers.
  let position: LogPosition
  /// The configuration as of that entry.
  let configuration: Configuration
  /// The leader that sends it: another one's may have other bytes.
  let sender: ServerID
  /// The bytes that are there, without a gap from the first one on.
  var received: UInt64
  /// Whether all of it came, and it is on its way to the disk.
  var isComplete = false
}

extension Node {
  /// Whether a received snapshot is on its way to the disk, where it takes the log's place.
  var isInstalling: Bool { incoming?.isComplete == true }

  // MARK: Receiving

  /// Takes a part of the leader's snapshot in.
  mutating func receiveSnapshot(
    _ request: InstallSnapshot, from sender: ServerID, round: UInt64, into effects: inout Effects
  ) {
    guard hearLeader(sender, round: round, into: &effects), isPlausible(request) else { return }
    let position = request.lastIncluded
    let end = request.offset + request.length
    if position.index <= min(commitIndex, durable.index) {
      // What is committed is part of every leader's log: nothing turns back.
      return answer(request, wants: end, isInstalled: true, to: sender, into: &effects)
    }
    if log.term(at: position.index) == position.term {
      return takeAsVerified(request, to: sender, into: &effects)
    }
    // A snapshot can't contradict what is committed (§5.4.3): the message is ignored.
    guard position.index > commitTarget, position.index > commitIndex else { return }
    if isStorageFull { return }
    // Answered once it is durable.
    if isInstalling { return }
    let isKnown = incoming?.position == position && incoming?.sender == sender
    if request.offset == 0, !isKnown {
      incoming = IncomingSnapshot(
        position: position, configuration: request.configuration, sender: sender, received: 0)
    }
    guard var snapshot = incoming, isKnown || request.offset == 0 else {
      // The beginning is missing: a restart lost it, or another snapshot took its place.
      return answer(request, wants: 0, isInstalled: false, to: sender, into: &effects)
    }
    if request.offset == snapshot.received {
      snapshot.received = end
      snapshot.isComplete = request.done
      incoming = snapshot
      effects.snapshotChunk = SnapshotChunk(
        lastIncluded: position, configuration: snapshot.configuration, offset: request.offset,
        isLast: request.done)
      if request.done { return }
    }
    answer(request, wants: snapshot.received, isInstalled: false, to: sender, into: &effects)
  }

  /// Whether a leader of the current term can have sent it. Changes nothing.
  private mutating func isPlausible(_ request: InstallSnapshot) -> Bool {
    let position = request.lastIncluded
    return position.index > .zero && position.index <= Self.maxIndex && position.term > .zero
      && position.term <= currentTerm && request.length <= .max - request.offset
      && request.configuration.isPlausible
  }

  /// Figure 13, rule 6: the log holds the snapshot's last entry, and so all before it as the leader
  /// has it. The entries stay, and what follows them too; they count as verified and committed.
  private mutating func takeAsVerified(
    _ request: InstallSnapshot, to sender: ServerID, into effects: inout Effects
  ) {
    let index = request.lastIncluded.index
    commitTarget = max(commitTarget, index)
    commitWhatIsDurable(into: &effects)
    guard case .follower(var follower) = state else { return }
    follower.verified = max(follower.verified, index)
    let isDurable = index <= durable.index
    if isDurable { follower.acknowledged = max(follower.acknowledged, index) }
    state = .follower(follower)
    if isDurable {
      answer(
        request, wants: request.offset + request.length, isInstalled: true, to: sender,
        into: &effects)
    }
  }

  private mutating func answer(
    _ request: InstallSnapshot, wants offset: UInt64, isInstalled: Bool, to sender: ServerID,
    into effects: inout Effects
  ) {
    let response = InstallSnapshotResponse(
      lastIncluded: request.lastIncluded, nextOffset: offset, installed: isInstalled)
    send(.installSnapshotResponse(response), to: sender, into: &effects)
  }

  /// The snapshot that came in is not what its sender has: it has to come again.
  mutating func snapshotRefused(_ position: LogPosition, into effects: inout Effects) {
    guard incoming?.position == position else { return }
    incoming = nil
    guard case .follower(let follower) = state, let leader = follower.leader else { return }
    let response = InstallSnapshotResponse(
      lastIncluded: position, nextOffset: 0, installed: false)
    send(.installSnapshotResponse(response), to: leader, into: &effects)
  }

  // MARK: Keeping

  /// A snapshot is durable: the own one, or the one that was received, which now counts.
  mutating func snapshotPersisted(
    _ position: LogPosition, size: UInt64, into effects: inout Effects
  ) {
    let received = incoming?.isComplete == true && incoming?.position == position ? incoming : nil
    if received != nil { incoming = nil }
    guard position.index > snapshotPosition.index else { return }
    guard let held = received?.configuration ?? configuration(asOf: position.index) else {
      preconditionFailure("a snapshot was taken of what is discarded already")
    }
    snapshotPosition = position
    snapshotSize = size
    snapshotConfiguration = held
    if received != nil, position.index > commitIndex { install(position, into: &effects) }
  }

  /// Figure 13, rules 7 and 8: the snapshot takes the place of the whole log, and of the state
  /// machine's state.
  private mutating func install(_ position: LogPosition, into effects: inout Effects) {
    log = TermLog(base: position, entries: EntrySpan())
    durable.replace(through: position.index)
    configurations = ConfigurationHistory(snapshotConfiguration, asOf: position.index)
    useLatestConfiguration()
    commitIndex = position.index
    commitTarget = max(commitTarget, position.index)
    lastApplied = position.index
    effects.restore = position
    checkStanding(into: &effects)
    serveApplied(into: &effects)
    guard case .follower(var follower) = state else { return }
    follower.verified = max(follower.verified, position.index)
    follower.acknowledged = max(follower.acknowledged, position.index)
    state = .follower(follower)
    guard let leader = follower.leader else { return }
    let response = InstallSnapshotResponse(
      lastIncluded: position, nextOffset: snapshotSize, installed: true)
    send(.installSnapshotResponse(response), to: leader, into: &effects)
  }

  /// Discards the beginning of the log, as far as the durable snapshot covers it.
  mutating func compact(upTo index: LogIndex, into effects: inout Effects) {
    guard index <= snapshotPosition.index else {
      effects.outcome = .refused(.notCovered)
      return
    }
    guard index > log.base.index else { return }
    log.compact(through: index)
    configurations.compact(through: index)
    effects.compact = index
  }
}
