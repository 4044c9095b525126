import RaftTypes

// How a leader brings a server up to date that lacks what its log no longer holds.
//
// Source: Raft paper, §7; thesis, §5.3.

extension Node {
  /// Sends a server the part of the snapshot that is due, and a heartbeat if one is owed.
  ///
  /// The heartbeat names the position that the log begins after: a server that has it says so, and
  /// gets entries again, even if the answer to its snapshot was lost.
  mutating func sendSnapshot(
    to server: ServerID, _ progress: inout Progress, round: UInt64, into effects: inout Effects
  ) {
    if progress.state != .snapshot { progress.needSnapshot(base: log.base.index) }
    if progress.owesMessage {
      sendAppend(to: server, from: log.base.index.next, EntrySpan(), round: round, into: &effects)
      progress.owesMessage = false
      progress.followPart()
    }
    guard let offset = progress.takePart(of: snapshotPosition) else { return }
    let start = min(offset, snapshotSize)
    let length = min(snapshotSize - start, settings.maxBytesPerSnapshotChunk)
    let request = InstallSnapshot(
      lastIncluded: snapshotPosition, configuration: snapshotConfiguration, offset: start,
      length: length, done: start + length == snapshotSize)
    send(.installSnapshot(request), to: server, into: &effects)
  }

  /// Takes a server's answer to a part of a snapshot in.
  mutating func receiveSnapshotResponse(
    _ response: InstallSnapshotResponse, from server: ServerID, into effects: inout Effects
  ) {
    guard let number = quorum.number(of: server), number != ownNumber else { return }
    asLeader { node, leader in
      leader.progress[number].isActive = true
      let index = response.lastIncluded.index
      if response.installed {
        // Only what is committed is in a snapshot, and only entries of this log are counted.
        guard index <= node.commitIndex, index >= node.log.base.index,
          node.log.term(at: index) == response.lastIncluded.term
        else { return }
        node.accept(index, of: &leader.progress[number])
      } else if response.lastIncluded == leader.progress[number].transfer?.position {
        leader.progress[number].requestPart(at: min(response.nextOffset, node.snapshotSize))
      }
    }
    if handover != nil { continueHandover(into: &effects) }
  }

  /// A server has the log durably up to `index`.
  ///
  /// - Returns: whether its match rose.
  @discardableResult
  func accept(_ index: LogIndex, of progress: inout Progress) -> Bool {
    let rose = progress.accept(index)
    if progress.state == .snapshot, index >= log.base.index { progress.endSnapshot(at: index) }
    return rose
  }
}
