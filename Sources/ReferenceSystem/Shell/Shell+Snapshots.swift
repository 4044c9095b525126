import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

// Snapshots: taken, received, put in place and sent.

extension Shell {
  /// Takes a snapshot of the state machine, and writes it.
  ///
  /// - Returns: what stands against it; `nil` where it is written, or the node died of it.
  mutating func takeSnapshot() -> String? {
    let index = machine.lastApplied
    let newest = snapshotsInWriting.last?.position.index ?? snapshot?.position.index ?? .zero
    guard index > newest else { return "nothing-new" }
    guard let term = node.term(at: index), let members = node.configuration(asOf: index) else {
      preconditionFailure("what is applied last is neither in the log nor in its snapshot")
    }
    let taken = Snapshot(
      position: LogPosition(index: index, term: term), configuration: members,
      data: SnapshotBytes.encode(machine.commands))
    do throws(DiskFailure) {
      guard try disk.write(taken, replacesLog: false) else { return "full" }
      snapshotsInWriting.append(taken)
      try disk.sync()
      finishTurn()
    } catch {
      switch error {
      case .crash: end(.crashed)
      case .storage: end(.halted)
      }
    }
    return nil
  }

  /// Adds a part to the snapshot that is being received.
  ///
  /// - Returns: the snapshot, once it is whole.
  mutating func take(_ chunk: SnapshotChunk, _ bytes: [UInt8]) -> Snapshot? {
    if chunk.offset == 0 {
      incoming = Snapshot(position: chunk.lastIncluded, configuration: chunk.configuration)
    }
    incoming?.data += bytes
    guard chunk.isLast else { return nil }
    defer { incoming = nil }
    return incoming
  }

  /// Writes a snapshot that came in whole, unless its bytes are none, or there is no room for it:
  /// then it has to come again.
  ///
  /// - Returns: whether it is written.
  mutating func write(received snapshot: Snapshot) throws(DiskFailure) -> Bool {
    guard (try? SnapshotBytes.decode(snapshot.data)) != nil,
      try disk.write(snapshot, replacesLog: true)
    else {
      followUps.append(.snapshotRefused(snapshot.position))
      return false
    }
    snapshotsInWriting.append(snapshot)
    return true
  }

  /// A snapshot is durable: from now on it is the one to send.
  mutating func snapshotIsDurable(_ position: LogPosition) {
    guard let place = snapshotsInWriting.firstIndex(where: { $0.position == position }) else {
      preconditionFailure("a snapshot is durable that was never written")
    }
    snapshot = snapshotsInWriting[place]
    snapshotsInWriting.removeFirst(place + 1)
  }

  /// The durable snapshot takes the place of the log, and of the state machine's state.
  mutating func restore(_ position: LogPosition) {
    guard let snapshot, snapshot.position == position,
      let content = try? StateMachine.Restored(snapshot)
    else { preconditionFailure("a snapshot is to be restored that is not there") }
    log.reset(to: position.index)
    configuration = node.configuration
    dueRestore = content
    applyThrough = position.index
  }

  /// The part of the durable snapshot that a message names.
  func part(_ request: InstallSnapshot) -> [UInt8] {
    guard let snapshot, snapshot.position == request.lastIncluded else {
      preconditionFailure("a snapshot is to be sent that is not there")
    }
    return Array(snapshot.data[Int(request.offset)..<Int(request.offset + request.length)])
  }
}
