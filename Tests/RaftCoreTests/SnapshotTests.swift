import RaftCore
import RaftTypes
import Testing

/// How a node keeps, receives and sends snapshots.
struct SnapshotTests {
  private let configuration = Configuration(voters: [1, 2, 3])

  private func part(
    _ position: LogPosition, offset: UInt64 = 0, length: UInt64 = 4, done: Bool = true
  ) -> MessageBody {
    .installSnapshot(
      InstallSnapshot(
        lastIncluded: position, configuration: configuration, offset: offset, length: length,
        done: done))
  }

  private func answer(
    _ position: LogPosition, next: UInt64, installed: Bool = false
  ) -> MessageBody {
    .installSnapshotResponse(
      InstallSnapshotResponse(lastIncluded: position, nextOffset: next, installed: installed))
  }

  private func snapshotParts(_ effects: Effects, to server: ServerID) -> [InstallSnapshot] {
    effects.messages.compactMap {
      guard $0.to == server, case .installSnapshot(let request) = $0.body else { return nil }
      return request
    }
  }

  // MARK: A follower

  @Test func `A snapshot replaces a shorter log once it is durable, and is then acknowledged`() {
    let server = Server(term: 2, log: [1, 1])
    let effects = server.receive(part(.at(9, 2)), from: 3, term: 2)
    #expect(
      effects.snapshotChunk
        == SnapshotChunk(
          lastIncluded: .at(9, 2), configuration: configuration, offset: 0, isLast: true))
    #expect(effects.messages.isEmpty)
    #expect(server.node.leader == 3)
    #expect(server.node.lastLogIndex == 2)
    let installed = server.step(.snapshotPersisted(.at(9, 2), size: 4))
    #expect(installed.restore == .at(9, 2))
    #expect(
      installed.messages == [server.message(to: 3, answer(.at(9, 2), next: 4, installed: true))])
    #expect(server.node.commitIndex == 9)
    #expect(server.node.lastApplied == 9)
    #expect(server.node.lastLogIndex == 9)
    #expect(server.node.lastLogTerm == 2)
    #expect(server.node.firstLogIndex == 10)
    #expect(server.node.currentTerm == 2)
  }

  @Test func `A log that holds the snapshot's last entry keeps what follows it`() {
    let server = Server(term: 2, log: [1, 1, 2])
    let effects = server.receive(part(.at(2, 1)), from: 3, term: 2)
    #expect(effects.snapshotChunk == nil)
    #expect(effects.apply == entries(1, 2))
    #expect(
      effects.messages == [server.message(to: 3, answer(.at(2, 1), next: 4, installed: true))])
    #expect(server.terms == [1, 1, 2])
    #expect(server.node.commitIndex == 2)
  }

  @Test func `A conflicting log goes, and with it what follows`() {
    let server = Server(term: 3, log: [1, 1, 2])
    _ = server.receive(part(.at(2, 3)), from: 3, term: 3)
    #expect(server.step(.snapshotPersisted(.at(2, 3), size: 4)).restore == .at(2, 3))
    #expect(server.node.lastLogIndex == 2)
    #expect(server.node.term(at: 2) == 3)
    #expect(server.node.term(at: 1) == nil)
  }

  @Test func `A snapshot of what is committed turns nothing back`() {
    let server = Server(term: 1, log: [1, 1, 1])
    _ = server.receiveAppend(after: .at(3, 1), commit: 3, term: 1)
    let effects = server.receive(part(.at(2, 1)), from: 2, term: 1)
    #expect(effects.snapshotChunk == nil)
    #expect(
      effects.messages == [server.message(to: 2, answer(.at(2, 1), next: 4, installed: true))])
    #expect(server.node.commitIndex == 3)
    #expect(server.node.lastLogIndex == 3)
  }

  @Test func `A stale leader's snapshot is refused, and it is told the term`() {
    let server = Server(term: 2)
    #expect(
      server.receive(part(.at(9, 1)), from: 3, term: 1)
        == .only(messages: [server.message(to: 3, answer(.at(9, 1), next: 0))]))
  }

  @Test func `Parts are taken in order, and a lost beginning is asked for`() {
    let server = Server(term: 2)
    let position = LogPosition.at(9, 2)
    func next(_ offset: UInt64) -> [Message] {
      [server.message(to: 3, answer(position, next: offset))]
    }
    #expect(
      server.receive(part(position, offset: 4, done: false), from: 3, term: 2).messages == next(0))
    #expect(server.receive(part(position, done: false), from: 3, term: 2).messages == next(4))
    // The same part again, and one too far, change nothing.
    let again = server.receive(part(position, done: false), from: 3, term: 2)
    #expect(again.snapshotChunk == nil)
    #expect(again.messages == next(4))
    let far = server.receive(part(position, offset: 8, done: true), from: 3, term: 2)
    #expect(far.snapshotChunk == nil)
    #expect(far.messages == next(4))
    // Another snapshot starts at its beginning.
    #expect(
      server.receive(part(.at(12, 2), offset: 4, done: false), from: 3, term: 2).messages
        == [server.message(to: 3, answer(.at(12, 2), next: 0))])
    let last = server.receive(part(position, offset: 4), from: 3, term: 2)
    #expect(last.snapshotChunk?.isLast == true)
    #expect(last.messages.isEmpty)
  }

  @Test func `Another leader's parts are not put behind the first one's`() {
    let server = Server(term: 2)
    _ = server.receive(part(.at(9, 2), done: false), from: 3, term: 2)
    let effects = server.receive(part(.at(9, 2), offset: 4), from: 2, term: 3)
    #expect(effects.snapshotChunk == nil)
    #expect(effects.messages == [server.message(to: 2, answer(.at(9, 2), next: 0))])
  }

  @Test func `While a snapshot is being written, entries wait and no election starts`() {
    let server = Server(term: 2, log: [1])
    _ = server.receive(part(.at(9, 2)), from: 3, term: 2)
    let effects = server.receiveAppend([2], after: .at(1, 1), commit: 2, from: 3, term: 2)
    #expect(effects.append == nil)
    #expect(
      effects.messages
        == [server.message(to: 3, .appendEntriesResponse(.accepted(match: 0)))])
    #expect(server.step(.electionTimeout).outcome == .blocked)
    #expect(
      server.step(.snapshotRefused(.at(9, 2))).messages
        == [server.message(to: 3, answer(.at(9, 2), next: 0))])
    #expect(server.receiveAppend([2], after: .at(1, 1), from: 3, term: 2).append != nil)
  }

  // MARK: Compaction

  @Test func `Only what a durable snapshot covers is discarded, and the boundary's term stays`() {
    let server = Server(term: 2, log: [1, 1, 2, 2])
    _ = server.receiveAppend(after: .at(4, 2), commit: 4, term: 2)
    #expect(server.step(.compact(upTo: 3)).outcome == .refused(.notCovered))
    _ = server.step(.snapshotPersisted(.at(3, 2), size: 10))
    #expect(server.step(.compact(upTo: 4)).outcome == .refused(.notCovered))
    #expect(server.step(.compact(upTo: 3)).compact == 3)
    #expect(server.node.firstLogIndex == 4)
    #expect(server.node.term(at: 3) == 2)
    #expect(server.node.term(at: 2) == nil)
    // What reaches back behind the edge is no conflict.
    let old = server.receiveAppend([1, 1, 2, 2, 2], after: .zero, commit: 4, term: 2)
    #expect(old.append?.range == entries(5, 5))
    #expect(server.receiveAppend([2], after: .at(3, 1), term: 2).append == nil)
  }

  // MARK: A leader

  /// A leader of servers 1 to 3 whose log is compacted up to 3@1, with a snapshot of `size` bytes.
  private func compactedLeader(size: UInt64 = 10) -> Server {
    let server = Server(
      term: 1, log: [1, 1, 1], settings: Settings(maxBytesPerSnapshotChunk: 4))
    server.persist(server.elect())
    _ = server.step(.flush)
    _ = server.receiveAccepted(4, from: 2)
    _ = server.step(.snapshotPersisted(.at(3, 1), size: size))
    _ = server.step(.compact(upTo: 3))
    return server
  }

  @Test func `What is discarded comes as a snapshot, in parts, and then the entries`() {
    let server = compactedLeader()
    _ = server.receiveRejected(3, hint: .zero, from: 3)
    var offsets: [UInt64] = []
    for next in [4, 8, 10] as [UInt64] {
      let parts = snapshotParts(server.step(.flush), to: 3)
      #expect(parts.count == 1)
      offsets += parts.map(\.offset)
      #expect(parts.first?.lastIncluded == .at(3, 1))
      #expect(parts.first?.done == (next == 10))
      if next < 10 { _ = server.receive(answer(.at(3, 1), next: next), from: 3, term: 2) }
    }
    #expect(offsets == [0, 4, 8])
    #expect(server.node.progress(of: 3)?.state == .snapshot)
    _ = server.receive(answer(.at(3, 1), next: 10, installed: true), from: 3, term: 2)
    #expect(server.node.progress(of: 3)?.match == 3)
    #expect(server.flushed(to: 3).map(\.prevLogIndex) == [3])
  }

  @Test func `An unanswered part is asked for again after an election time-out`() {
    let server = compactedLeader()
    _ = server.receiveRejected(3, hint: .zero, from: 3)
    #expect(snapshotParts(server.step(.flush), to: 3).count == 1)
    for _ in 1..<10 {
      _ = server.step(.tick)
      #expect(snapshotParts(server.step(.flush), to: 3).isEmpty)
    }
    _ = server.step(.tick)
    #expect(snapshotParts(server.step(.flush), to: 3).map(\.offset) == [0])
  }

  @Test func `A server that has the boundary's entry gets entries, not a snapshot`() {
    let server = compactedLeader()
    _ = server.receiveRejected(3, hint: .zero, from: 3)
    _ = server.step(.flush)
    _ = server.receiveAccepted(3, from: 3)
    #expect(server.node.progress(of: 3)?.state == .replicate)
    #expect(server.flushed(to: 3).map(\.prevLogIndex) == [3])
  }

  @Test func `A snapshot's answer counts only for what is committed and in the log`() {
    let server = compactedLeader()
    _ = server.receive(answer(.at(9, 2), next: 0, installed: true), from: 3, term: 2)
    _ = server.receive(answer(.at(4, 1), next: 0, installed: true), from: 3, term: 2)
    #expect(server.node.progress(of: 3)?.match == 0)
  }
}
