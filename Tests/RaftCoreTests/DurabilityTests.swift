import RaftCore
import RaftTypes
import Testing

/// Nothing is acknowledged, committed on a follower or applied before it is durable there.
struct DurabilityTests {
  private func accepted(_ server: Server, to leader: ServerID = 2, _ match: LogIndex) -> Message {
    server.message(to: leader, .appendEntriesResponse(.accepted(match: match)))
  }

  private func ticket(_ effects: Effects) -> AppendTicket {
    guard let append = effects.append else { preconditionFailure("nothing was appended") }
    return append.ticket
  }

  @Test func `A heartbeat during a write acknowledges only what is durable`() {
    let server = Server(term: 1, log: [1, 1])
    let write = server.receiveAppend([1], after: .at(2, 1), commit: 2, term: 1)
    #expect(
      server.receiveAppend(after: .at(3, 1), commit: 3, term: 1)
        == .only(messages: [accepted(server, 2)]))
    #expect(server.node.commitIndex == 2)
    #expect(
      server.step(.appendPersisted(ticket(write)))
        == .only(apply: entries(3, 3), messages: [accepted(server, 3)]))
  }

  @Test func `An entry that comes twice during its write is acknowledged once it is durable`() {
    let server = Server(term: 1)
    let write = server.receiveAppend([1], after: .zero, term: 1)
    #expect(server.receiveAppend([1], after: .zero, term: 1) == .only())
    #expect(
      server.step(.appendPersisted(ticket(write))) == .only(messages: [accepted(server, 1)]))
    #expect(server.step(.appendPersisted(ticket(write))) == .only())
  }

  @Test func `Completions acknowledge as far as they go, one after the other`() {
    let server = Server(term: 1)
    let first = server.receiveAppend([1, 1], after: .zero, term: 1)
    let second = server.receiveAppend([1], after: .at(2, 1), commit: 3, term: 1)
    #expect(
      server.step(.appendPersisted(ticket(first)))
        == .only(apply: entries(1, 2), messages: [accepted(server, 2)]))
    #expect(
      server.step(.appendPersisted(ticket(second)))
        == .only(apply: entries(3, 3), messages: [accepted(server, 3)]))
  }

  @Test func `What this leader has not verified is not acknowledged when it becomes durable`() {
    let server = Server(term: 1)
    let old = server.receiveAppend([1, 1, 1], after: .zero, term: 1)
    _ = server.receiveAppend([1], after: .zero, from: 3, term: 2)
    #expect(
      server.step(.appendPersisted(ticket(old)))
        == .only(messages: [accepted(server, to: 3, 1)]))
  }

  @Test func `In a term without a known leader nobody gets an acknowledgement`() {
    let server = Server(term: 1)
    let write = server.receiveAppend([1], after: .zero, term: 1)
    _ = server.receiveVoteRequest(.at(1, 1), from: 3, term: 2)
    #expect(server.step(.appendPersisted(ticket(write))) == .only())
    #expect(server.node.durableIndex == 1)
  }

  @Test func `A completion does not cover entries overwritten since, even if they return`() {
    let server = Server(term: 1, log: [1])
    let first = server.receiveAppend([1, 1], after: .at(1, 1), term: 1)
    let second = server.receiveAppend([2], after: .at(1, 1), from: 3, term: 2)
    // A leader of term 3 holds what the first write made, and sends it again.
    let third = server.receiveAppend([1, 1], after: .at(1, 1), from: 2, term: 3)
    #expect(server.terms == [1, 1, 1])
    #expect(server.step(.appendPersisted(ticket(first))) == .only())
    #expect(server.node.durableIndex == 1)
    #expect(server.step(.appendPersisted(ticket(second))) == .only())
    #expect(server.node.durableIndex == 1)
    #expect(
      server.step(.appendPersisted(ticket(third))) == .only(messages: [accepted(server, 3)]))
  }

  @Test func `A completion covers what later cuts left of its write`() {
    let server = Server(term: 1)
    let first = server.receiveAppend([1, 1, 1, 1], after: .zero, term: 1)
    let second = server.receiveAppend([2, 2], after: .at(3, 1), from: 3, term: 2)
    let third = server.receiveAppend([3], after: .at(4, 2), from: 2, term: 3)
    #expect(
      server.step(.appendPersisted(ticket(first))).messages == [accepted(server, 3)])
    #expect(server.node.durableIndex == 3)
    #expect(
      server.step(.appendPersisted(ticket(second))).messages == [accepted(server, 4)])
    #expect(server.step(.appendPersisted(ticket(third))).messages == [accepted(server, 5)])
    #expect(server.terms == [1, 1, 1, 2, 3])
  }

  @Test func `Of several cuts the deepest counts`() {
    let server = Server(term: 1)
    let first = server.receiveAppend([1, 1, 1, 1, 1], after: .zero, term: 1)
    _ = server.receiveAppend([2], after: .at(4, 1), from: 3, term: 2)
    _ = server.receiveAppend([3], after: .at(2, 1), from: 2, term: 3)
    #expect(server.step(.appendPersisted(ticket(first))).messages == [accepted(server, 2)])
    #expect(server.node.durableIndex == 2)
  }

  @Test func `A cut lowers what is durable`() {
    let server = Server(term: 2, log: [1, 1, 2, 2])
    let write = server.receiveAppend([3], after: .at(2, 1), term: 3)
    #expect(server.node.durableIndex == 2)
    #expect(
      server.receiveAppend(after: .at(3, 3), commit: 3, term: 3)
        == .only(apply: entries(1, 2), messages: [accepted(server, 2)]))
    #expect(
      server.step(.appendPersisted(ticket(write)))
        == .only(apply: entries(3, 3), messages: [accepted(server, 3)]))
  }

  @Test func `A follower does not commit past what it has stored`() {
    let server = Server(term: 1)
    let write = server.receiveAppend([1, 1], after: .zero, commit: 2, term: 1)
    #expect(server.node.commitIndex == 0)
    _ = server.step(.appendPersisted(ticket(write)))
    #expect(server.node.commitIndex == 2)
  }

  @Test func `A leader commits on a quorum of others before its own write, and applies after it`() {
    let server = Server()
    let write = server.elect()
    _ = server.step(.flush)
    #expect(server.receiveAccepted(1, from: 2) == .only())
    #expect(server.node.commitIndex == 0, "the leader itself is not durable yet")
    #expect(server.receiveAccepted(1, from: 3) == .only())
    #expect(server.node.commitIndex == 1)
    #expect(server.node.lastApplied == 0)
    #expect(server.step(.appendPersisted(ticket(write))) == .only(apply: entries(1, 1)))
  }

  @Test func `A single voter commits when its write is durable`() {
    let server = Server(configuration: Configuration(voters: [1]))
    server.persist(server.elect(by: []))
    let write = server.propose(2)
    #expect(server.node.commitIndex == 1)
    #expect(server.step(.appendPersisted(ticket(write))) == .only(apply: entries(2, 3)))
  }

  @Test func `A deposed leader's write does not count for the leader it becomes later`() {
    let server = Server()
    let write = server.elect()
    _ = server.receiveAppend([2], after: .zero, term: 2)
    server.elect(by: [3])
    #expect(server.node.currentTerm == 3)
    #expect(server.step(.appendPersisted(ticket(write))) == .only())
    #expect(server.node.durableIndex == 0)
    #expect(server.node.progress(of: 1)?.match == 0)
  }

  @Test func `Entries are applied once each and in order`() {
    let server = Server(term: 1, log: [1, 1, 1, 1])
    #expect(server.receiveAppend(after: .at(4, 1), commit: 2, term: 1).apply == entries(1, 2))
    #expect(server.receiveAppend(after: .at(4, 1), commit: 2, term: 1).apply == .empty)
    #expect(server.receiveAppend(after: .at(4, 1), commit: 1, term: 1).apply == .empty)
    #expect(server.receiveAppend(after: .at(4, 1), commit: 9, term: 1).apply == entries(3, 4))
    #expect(server.node.lastApplied == 4)
  }

  @Test func `After a restart the snapshot is applied and what follows is applied again`() {
    let server = Server(term: 2, log: [1, 2], snapshot: .at(5, 1))
    #expect(server.node.lastApplied == 5)
    #expect(server.receiveAppend(after: .at(7, 2), commit: 7, term: 2).apply == entries(6, 7))
  }
}
