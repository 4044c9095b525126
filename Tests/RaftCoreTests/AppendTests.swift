import RaftCore
import RaftTypes
import Testing

/// §5.3, the receiver of AppendEntries.
struct AppendTests {
  private func accepted(_ server: Server, _ match: LogIndex) -> Message {
    server.message(to: 2, .appendEntriesResponse(.accepted(match: match)))
  }

  private func rejected(_ server: Server, _ previous: LogIndex, hint: LogPosition) -> Message {
    server.message(to: 2, .appendEntriesResponse(.rejected(prevLogIndex: previous, hint: hint)))
  }

  @Test func `New entries are written, and acknowledged when they are durable`() {
    let server = Server(term: 1, log: [1])
    let effects = server.receiveAppend([1, 2], after: .at(1, 1), commit: 1, term: 2)
    let append = Append(
      range: entries(2, 3), ticket: AppendTicket(sequence: 1, upTo: 3), source: .message(skip: 0),
      truncates: false)
    #expect(
      effects == .only(hardState: HardState(term: 2), append: append, apply: entries(1, 1)))
    #expect(server.terms == [1, 1, 2])
    #expect(server.node.leader == 2)
    #expect(
      server.step(.appendPersisted(append.ticket)) == .only(messages: [accepted(server, 3)]))
  }

  @Test func `A gap is refused, with the end of the log as the hint`() {
    let server = Server(term: 2, log: [1, 2])
    #expect(
      server.receiveAppend([2], after: .at(7, 2), term: 2)
        == .only(messages: [rejected(server, 7, hint: .at(2, 2))]))
  }

  @Test func `A mismatch is refused, with the last position of a term not above the leader's`() {
    let server = Server(term: 5, log: [1, 1, 3, 3, 4])
    #expect(
      server.receiveAppend([5], after: .at(4, 2), term: 5)
        == .only(messages: [rejected(server, 4, hint: .at(2, 1))]))
    #expect(
      server.receiveAppend([5], after: .at(4, 4), term: 5)
        == .only(messages: [rejected(server, 4, hint: .at(4, 3))]))
    #expect(server.terms == [1, 1, 3, 3, 4])
  }

  @Test func `An empty append is checked like any other`() {
    let server = Server(term: 2, log: [1, 2])
    #expect(
      server.receiveAppend(after: .at(2, 1), commit: 2, term: 2)
        == .only(messages: [rejected(server, 2, hint: .at(1, 1))]))
    #expect(server.node.commitIndex == 0)
  }

  @Test func `A stale append is answered with the current term and changes nothing`() {
    let server = Server(term: 3, log: [1, 3])
    #expect(
      server.receiveAppend([2], after: .at(1, 1), commit: 2, term: 2)
        == .only(messages: [rejected(server, 1, hint: .at(2, 3))]))
    #expect(server.node.leader == nil)
  }

  @Test func `A conflict cuts the entry and all after it`() {
    let server = Server(term: 2, log: [1, 1, 2, 2])
    let effects = server.receiveAppend([1, 3], after: .at(1, 1), term: 3)
    #expect(
      effects
        == .only(
          hardState: HardState(term: 3),
          append: Append(
            range: entries(3, 3), ticket: AppendTicket(sequence: 1, upTo: 3),
            source: .message(skip: 1), truncates: true)))
    #expect(server.terms == [1, 1, 3])
    #expect(server.node.durableIndex == 2)
  }

  @Test func `What matches stays, however late or short the message`() {
    let server = Server(term: 1, log: [1, 1, 1])
    #expect(
      server.receiveAppend([1], after: .zero, term: 1)
        == .only(messages: [accepted(server, 1)]))
    #expect(
      server.receiveAppend(after: .at(2, 1), term: 1)
        == .only(messages: [accepted(server, 2)]))
    #expect(server.terms == [1, 1, 1])
  }

  @Test func `A partial overlap appends the remainder, over several terms`() {
    let server = Server(term: 4, log: [1, 1, 2])
    let effects = server.receiveAppend([1, 2, 2, 4, 4], after: .at(1, 1), term: 4)
    #expect(
      effects.append
        == Append(
          range: entries(4, 6), ticket: AppendTicket(sequence: 1, upTo: 6),
          source: .message(skip: 2), truncates: false))
    #expect(server.terms == [1, 1, 2, 2, 4, 4])
  }

  @Test func `The acknowledgement is for what was verified, not for the log's end`() {
    let server = Server(term: 2, log: [1, 1, 1, 2, 2])
    #expect(
      server.receiveAppend(after: .at(1, 1), commit: 5, term: 3)
        == .only(
          hardState: HardState(term: 3), apply: entries(1, 1), messages: [accepted(server, 1)]))
    #expect(server.node.commitIndex == 1)
  }

  @Test func `A conflict with a committed entry is ignored`() {
    let server = Server(term: 2, log: [1, 1, 1])
    _ = server.receiveAppend(after: .at(2, 1), commit: 2, term: 2)
    #expect(server.receiveAppend([2, 2], after: .at(1, 1), commit: 3, term: 2) == .only())
    #expect(server.receiveAppend([2], after: .at(2, 2), commit: 3, term: 2) == .only())
    #expect(server.terms == [1, 1, 1])
    #expect(server.node.commitIndex == 2)
  }

  @Test func `What leaders said is committed can't be cut while it is on its way to the disk`() {
    let server = Server(term: 1)
    _ = server.receiveAppend([1, 1], after: .zero, commit: 2, term: 1)
    #expect(server.node.commitIndex == 0)
    #expect(
      server.receiveAppend([2], after: .zero, from: 3, term: 2)
        == .only(hardState: HardState(term: 2)))
    #expect(server.terms == [1, 1])
  }

  @Test func `What a snapshot covers matches`() {
    let server = Server(term: 3, log: [2], snapshot: .at(5, 2))
    let effects = server.receiveAppend([1, 1, 2, 2, 3], after: .at(2, 1), commit: 9, term: 3)
    #expect(
      effects
        == .only(
          append: Append(
            range: entries(7, 7), ticket: AppendTicket(sequence: 1, upTo: 7),
            source: .message(skip: 4), truncates: false),
          apply: entries(6, 6)))
    #expect(
      server.receiveAppend([1], after: .at(1, 1), term: 3)
        == .only(messages: [accepted(server, 2)]))
    #expect(
      server.receiveAppend([3], after: .at(5, 2), term: 3) == .only(), "6@2 is committed")
    #expect(server.terms == [2, 2, 3])
  }

  @Test func `Entries that no leader can have are ignored`() {
    let server = Server(term: 3, log: [1, 2])
    #expect(server.receiveAppend([4], after: .at(2, 2), term: 3) == .only())
    #expect(server.receiveAppend([1], after: .at(2, 2), term: 3) == .only())
    #expect(server.receiveAppend([3, 2], after: .at(2, 2), term: 3) == .only())
    #expect(server.receiveAppend([0], after: .zero, term: 3) == .only())
    #expect(server.terms == [1, 2])
  }

  @Test func `A leader ignores an append of its own term`() {
    let server = Server()
    server.elect()
    #expect(server.receiveAppend([1], after: .zero, commit: 1, term: 1) == .only())
    #expect(server.node.role == .leader)
  }

  @Test func `Messages to others, or from the server itself, are ignored`() {
    let server = Server(term: 1)
    let body = MessageBody.requestVote(RequestVote(lastLogIndex: 9, lastLogTerm: 9))
    #expect(
      server.step(.receive(Message(from: 2, to: 3, term: 9, body: body))) == .only())
    #expect(server.receive(body, from: 1, term: 9) == .only())
    #expect(server.node.currentTerm == 1)
  }
}
