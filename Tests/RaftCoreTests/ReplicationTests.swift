import RaftCore
import RaftTypes
import Testing

/// §5.3, the leader's side: nextIndex, matchIndex and flow control.
struct ReplicationTests {
  private func append(
    after previous: LogPosition, _ entries: EntrySpan, commit: LogIndex = 0
  ) -> AppendEntries {
    AppendEntries(
      prevLogIndex: previous.index, prevLogTerm: previous.term, entries: entries,
      leaderCommit: commit)
  }

  /// A leader of term 1 whose followers have its first entry.
  private func leader(settings: Settings = Settings(), count: UInt64 = 3) -> Server {
    let voters = (1...count).map { ServerID($0) }
    let server = Server(configuration: Configuration(voters: voters), settings: settings)
    server.persist(server.elect(by: Array(voters.dropFirst())))
    _ = server.step(.flush)
    for voter in voters.dropFirst() { _ = server.receiveAccepted(1, from: voter) }
    _ = server.step(.flush)
    return server
  }

  private func state(_ server: Server, _ id: ServerID) -> [Int] {
    guard let progress = server.node.progress(of: id) else { return [] }
    return [
      Int(progress.match.rawValue), Int(progress.next.rawValue),
      progress.state == .replicate ? 1 : 0, progress.inflight,
    ]
  }

  @Test func `Whoever does not lead refuses a proposal and names the leader`() {
    let server = Server(term: 1)
    #expect(server.propose() == .only(outcome: .notLeader(nil)))
    _ = server.receiveAppend(after: .zero, term: 1)
    #expect(server.propose() == .only(outcome: .notLeader(2)))
    _ = server.step(.campaign)
    #expect(server.propose() == .only(outcome: .notLeader(nil)))
    #expect(server.node.lastLogIndex == 0)
  }

  @Test func `Proposals are appended at once and leave together with the flush`() {
    let server = leader()
    #expect(
      server.propose(2)
        == .only(
          append: Append(
            range: entries(2, 3), ticket: AppendTicket(sequence: 2, upTo: 3), source: .proposal,
            truncates: false),
          outcome: .accepted))
    _ = server.propose()
    let sent = append(after: .at(1, 1), EntrySpan(term: 1, count: 3), commit: 1)
    let effects = server.step(.flush)
    #expect(server.appends(effects, to: 2) == [sent])
    #expect(server.appends(effects, to: 3) == [sent])
    #expect(server.step(.flush) == .only())
  }

  @Test func `A probe sends one message and waits`() {
    let server = Server(term: 1, log: [1, 1])
    server.elect()
    #expect(server.flushed(to: 2) == [append(after: .at(2, 1), EntrySpan(term: 2, count: 1))])
    _ = server.propose()
    #expect(server.flushed(to: 2) == [])
    #expect(state(server, 2) == [0, 3, 0, 1])
  }

  @Test func `An accepted probe starts the pipeline, and nextIndex runs ahead of the answers`() {
    let server = leader()
    #expect(state(server, 2) == [1, 2, 1, 0])
    _ = server.propose()
    _ = server.step(.flush)
    #expect(state(server, 2) == [1, 3, 1, 1])
    _ = server.propose()
    _ = server.step(.flush)
    #expect(state(server, 2) == [1, 4, 1, 2])
    _ = server.receiveAccepted(3, from: 2)
    #expect(state(server, 2) == [3, 4, 1, 0])
  }

  @Test func `A batch holds at most the entries allowed, without a gap`() {
    let server = leader(settings: Settings(maxEntriesPerAppend: 2))
    _ = server.propose(5)
    #expect(
      server.flushed(to: 2) == [
        append(after: .at(1, 1), EntrySpan(term: 1, count: 2), commit: 1),
        append(after: .at(3, 1), EntrySpan(term: 1, count: 2), commit: 1),
        append(after: .at(5, 1), EntrySpan(term: 1, count: 1), commit: 1),
      ])
  }

  @Test func `A full window waits, and an answer makes room`() {
    let settings = Settings(maxEntriesPerAppend: 1, maxInflightAppends: 2)
    let server = leader(settings: settings)
    _ = server.propose(4)
    #expect(server.flushed(to: 2).count == 2)
    #expect(state(server, 2) == [1, 4, 1, 2])
    #expect(server.flushed(to: 2) == [])
    _ = server.receiveAccepted(2, from: 2)
    #expect(
      server.flushed(to: 2) == [append(after: .at(3, 1), EntrySpan(term: 1, count: 1), commit: 1)])
  }

  @Test func `The window holds over many turns of its ring`() {
    let settings = Settings(maxEntriesPerAppend: 1, maxInflightAppends: 13)
    let server = leader(settings: settings)
    var acknowledged: LogIndex = 1
    for round in 1...200 {
      _ = server.propose(1 + round % 5)
      _ = server.step(.flush)
      let progress = server.node.progress(of: 2)
      #expect((progress?.inflight ?? -1) <= 13)
      acknowledged = min(acknowledged + round % 7, server.node.lastLogIndex)
      guard let next = progress?.next, acknowledged < next else { continue }
      _ = server.receiveAccepted(acknowledged, from: 2)
      let left = next - acknowledged - 1
      #expect(server.node.progress(of: 2)?.inflight == left)
    }
  }

  @Test func `A refusal goes back to the last position both logs may share, a term at a time`() {
    let server = Server(term: 6, log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6])
    server.elect()
    _ = server.step(.flush)
    // The follower of Figure 7 (f): 1 1 1 2 2 2 3 3 3 3 3.
    _ = server.receiveRejected(10, hint: .at(10, 3), from: 2)
    #expect(state(server, 2) == [0, 4, 0, 0])
    #expect(
      server.flushed(to: 2) == [
        append(
          after: .at(3, 1),
          EntrySpan(terms: [4, 4, 5, 5, 6, 6, 6, 7]))
      ])
  }

  @Test func `A refusal that is old, repeated or about what matches changes nothing`() {
    let server = Server(term: 1, log: [1, 1, 1, 1])
    server.elect()
    _ = server.step(.flush)
    _ = server.receiveRejected(2, hint: .zero, from: 2)
    #expect(state(server, 2) == [0, 5, 0, 1], "the probe asked about 4")
    _ = server.receiveRejected(4, hint: .at(2, 1), from: 2)
    #expect(state(server, 2) == [0, 3, 0, 0])
    _ = server.step(.flush)
    _ = server.receiveRejected(4, hint: .at(0, 0), from: 2)
    #expect(state(server, 2) == [0, 3, 0, 1])
    _ = server.receiveAccepted(5, from: 2)
    _ = server.receiveRejected(2, hint: .zero, from: 2)
    #expect(state(server, 2) == [5, 6, 1, 0])
    _ = server.receiveRejected(5, hint: .zero, from: 2)
    _ = server.receiveRejected(9, hint: .zero, from: 2)
    #expect(state(server, 2) == [5, 6, 1, 0])
  }

  @Test func `A refusal's hint never becomes a match`() {
    let server = Server(term: 2, log: [1, 2, 2, 2])
    server.elect()
    _ = server.step(.flush)
    _ = server.receiveRejected(4, hint: .at(3, 2), from: 2)
    #expect(state(server, 2) == [0, 4, 0, 0])
    #expect(server.node.commitIndex == 0)
  }

  @Test func `Answers that overtake each other never lower matchIndex`() {
    let server = leader()
    _ = server.propose()
    _ = server.step(.flush)
    _ = server.propose()
    _ = server.step(.flush)
    _ = server.receiveAccepted(3, from: 2)
    _ = server.receiveAccepted(2, from: 2)
    #expect(state(server, 2) == [3, 4, 1, 0])
  }

  @Test func `A follower that acknowledges more than there is is not believed`() {
    let server = leader()
    _ = server.propose()
    _ = server.receiveAccepted(3, from: 2)
    #expect(state(server, 2)[0] == 1)
    #expect(server.node.commitIndex == 1)
  }

  @Test func `A lost append is found by the next heartbeat and sent again`() {
    let server = leader()
    _ = server.propose(2)
    _ = server.step(.flush)
    _ = server.step(.heartbeatTimeout)
    #expect(server.flushed(to: 2) == [append(after: .at(3, 1), EntrySpan(), commit: 1)])
    _ = server.receiveRejected(3, hint: .at(1, 1), from: 2)
    #expect(
      server.flushed(to: 2) == [append(after: .at(1, 1), EntrySpan(term: 1, count: 2), commit: 1)])
  }

  @Test func `A lost probe is sent again after a heartbeat's answer`() {
    let server = Server(term: 1, log: [1])
    server.elect()
    let probe = [append(after: .at(1, 1), EntrySpan(term: 2, count: 1))]
    #expect(server.flushed(to: 2) == probe)
    _ = server.step(.heartbeatTimeout)
    #expect(server.flushed(to: 2) == [append(after: .at(1, 1), EntrySpan())])
    _ = server.receiveAccepted(1, from: 2)
    #expect(server.flushed(to: 2) == probe)
  }

  @Test func `A full window of lost messages is freed by a heartbeat`() {
    let settings = Settings(maxEntriesPerAppend: 1, maxInflightAppends: 2)
    let server = leader(settings: settings)
    _ = server.propose(3)
    _ = server.step(.flush)
    _ = server.step(.heartbeatTimeout)
    #expect(server.flushed(to: 2) == [append(after: .at(3, 1), EntrySpan(), commit: 1)])
    _ = server.receiveRejected(3, hint: .at(1, 1), from: 2)
    #expect(server.flushed(to: 2).map(\.prevLogIndex) == [1])
    _ = server.receiveAccepted(2, from: 2)
    #expect(state(server, 2) == [2, 3, 1, 0])
    #expect(server.flushed(to: 2).map(\.prevLogIndex) == [2, 3])
  }

  @Test func `Heartbeats reach followers whose probe or window is closed, and learners`() {
    let configuration = Configuration(voters: [1, 2, 3], learners: [4])
    let server = Server(configuration: configuration)
    server.elect()
    _ = server.step(.flush)
    _ = server.step(.heartbeatTimeout)
    #expect(server.step(.flush).messages.map(\.to) == [2, 3, 4])
  }

  @Test func `A new commit index is announced with the flush, once`() {
    let server = leader()
    server.persist(server.propose())
    _ = server.step(.flush)
    _ = server.receiveAccepted(2, from: 2)
    #expect(server.node.commitIndex == 2)
    let effects = server.step(.flush)
    #expect(server.appends(effects, to: 2) == [append(after: .at(2, 1), EntrySpan(), commit: 2)])
    #expect(server.appends(effects, to: 3) == [append(after: .at(2, 1), EntrySpan(), commit: 2)])
    #expect(server.step(.flush) == .only())
  }

  @Test func `Entries that are due carry the new commit index themselves`() {
    let server = leader()
    server.persist(server.propose())
    _ = server.step(.flush)
    _ = server.receiveAccepted(2, from: 2)
    _ = server.propose()
    #expect(
      server.flushed(to: 2) == [append(after: .at(2, 1), EntrySpan(term: 1, count: 1), commit: 2)])
    #expect(server.step(.flush) == .only())
  }

  @Test func `Without announcements the commit index waits for entries or a heartbeat`() {
    let server = leader(settings: Settings(announcesCommits: false))
    server.persist(server.propose())
    _ = server.step(.flush)
    _ = server.receiveAccepted(2, from: 2)
    #expect(server.step(.flush) == .only())
    _ = server.step(.heartbeatTimeout)
    #expect(server.flushed(to: 3) == [append(after: .at(2, 1), EntrySpan(), commit: 2)])
  }

  @Test func `Answers of an earlier term, of strangers and to nobody's question are ignored`() {
    let server = Server(term: 4, log: [4])
    server.elect()
    _ = server.receiveAccepted(1, from: 2, term: 4)
    #expect(state(server, 2)[0] == 0)
    #expect(server.receiveAccepted(2, from: 9) == .only())
    let follower = Server(term: 1, log: [1])
    #expect(follower.receiveAccepted(1, from: 2) == .only())
    #expect(follower.receiveRejected(1, hint: .zero, from: 2) == .only())
  }

  @Test func `A deposed leader forgets what it knew of its followers`() {
    let server = leader()
    _ = server.receiveAppend(after: .at(1, 1), term: 2)
    #expect(server.node.progress(of: 2) == nil)
    #expect(server.step(.flush) == .only())
    server.elect(by: [3])
    #expect(state(server, 2) == [0, 2, 0, 0])
  }

  @Test func `What a follower has below the leader's snapshot does not start a pipeline there`() {
    let server = Server(term: 2, log: [2], snapshot: .at(5, 2))
    server.elect()
    _ = server.step(.flush)
    _ = server.receiveAccepted(3, from: 2)
    #expect(state(server, 2) == [3, 7, 0, 0])
    #expect(server.flushed(to: 2).map(\.prevLogIndex) == [6])
  }

  @Test func `A follower behind the leader's snapshot is asked again by heartbeats only`() {
    let server = Server(term: 2, log: [2], snapshot: .at(5, 2))
    server.elect()
    _ = server.step(.flush)
    _ = server.receiveRejected(6, hint: .at(2, 1), from: 2)
    #expect(server.flushed(to: 2).map(\.prevLogIndex) == [5])
    _ = server.receiveRejected(5, hint: .at(2, 1), from: 2)
    #expect(server.flushed(to: 2) == [])
    _ = server.step(.heartbeatTimeout)
    #expect(server.flushed(to: 2) == [append(after: .at(5, 2), EntrySpan(), commit: 5)])
  }
}
