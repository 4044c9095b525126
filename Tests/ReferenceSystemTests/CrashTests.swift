import AdapterProtocol
import RaftTypes
import Testing

/// Deaths and second lives.
@Suite(.onEveryDisk) struct `Crashes of the reference system` {
  /// A node with entries 1 and 2 durable, and 3 to 6 written at once and held.
  private func nodeWithHeldEntries() throws -> Conversation {
    let talk = try Conversation()
    try talk.create(log: [1, 1])
    try talk.ask(.hold(n1, .entries))
    try talk.receive(.append(term: 1, prev: position(2, 1), [1, 1, 1, 1]))
    #expect(try talk.node(n1).terms == [1, 1, 1, 1, 1, 1])
    return talk
  }

  @Test(arguments: [(UnsyncedWrites.lost, 2), (.kept, 6), (.torn, 4)])
  func `a crash leaves of unsynced writes what it says`(
    unsynced: UnsyncedWrites, count: Int
  ) throws {
    let talk = try nodeWithHeldEntries()
    let crashed = try talk.ask(.crash(n1, unsynced, wipesDisk: false))
    #expect(crashed.outcome == .done)
    #expect(crashed.state?.status == .crashed)
    let restarted = try talk.ask(.restart(n1))
    #expect(restarted.outcome == .done)
    #expect(restarted.state?.status == .running)
    #expect(try talk.node(n1).terms == Array(repeating: 1, count: count))
    #expect(try talk.node(n1).commitIndex == .zero)
    #expect(try talk.node(n1).role == .follower)
    let answer = try talk.receive(.append(term: 1, prev: position(2, 1), [1]))
    #expect(answer.sent.messages == [.accepted(term: 1, match: 3)])
  }

  @Test func `a wiped disk has forgotten term, vote and log`() throws {
    let talk = try Conversation()
    try talk.create(term: 4, votedFor: n3, log: [1, 3])
    try talk.ask(.crash(n1, .kept, wipesDisk: true))
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).term == .zero)
    #expect(try talk.node(n1).votedFor == nil)
    #expect(try talk.node(n1).log.isEmpty)
  }

  @Test func `a restart tells the whole state of the new life`() throws {
    let talk = try Conversation()
    let created = try talk.create(term: 4, votedFor: n3, log: [1, 3])
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    let restarted = try talk.ask(.restart(n1))
    for delta in try [#require(created.state), #require(restarted.state)] {
      #expect(delta.status == .running)
      #expect(delta.role == .follower)
      #expect(delta.term == Term(4))
      #expect(delta.votedFor == .set(n3))
      #expect(delta.leader == .cleared)
      #expect(delta.commitIndex == .zero)
      #expect(delta.truncatedFrom == nil)
      #expect(delta.appended == wireEntries(from: 1, [1, 3]))
      #expect(delta.applied.isEmpty)
    }
    #expect(try talk.ask(.restart(n1)).outcome == .rejected(why: "running"))
  }

  @Test func `a dead node does nothing, and what is sent to it is gone`() throws {
    let talk = try Conversation()
    for name in [n1, n2] { try talk.create(name) }
    let sent = try talk.ask(.timeout(n2)).sent
    let handle = try #require(sent.first { $0.to == n1 }?.handle)
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    for request in [
      Request.tick(n1, times: 3), .timeout(n1), .campaign(n1), .lapse(n1), .beat(n1),
      .receive(node: n1, from: n2, .requestVote(term: 9)), .propose(n1, data: [1]),
      .hold(n1, .vote), .release(n1, .apply), .complete(n1, .all, fails: false),
      .storageFault(n1, StorageFault(operation: .sync, nth: 1, effect: .io)),
      .crash(n1, .kept, wipesDisk: true), .state(n1, want: [.applied]),
    ] {
      let result = try talk.ask(request)
      #expect(result.outcome == .halted)
      #expect(result.node == n1)
      #expect(result.state == nil)
      #expect(result.sent.isEmpty)
    }
    #expect(try talk.ask(.deliver(handle)).outcome == .void)
    #expect(try talk.ask(.deliver(handle)).outcome == .void)
    #expect(try talk.ask(.restart(n1)).outcome == .done)
  }

  @Test func `a halted node can be crashed, with its unsynced writes kept`() throws {
    let talk = try nodeWithHeldEntries()
    try talk.ask(.complete(n1, .all, fails: true))
    #expect(try talk.node(n1).status == .halted)
    let crashed = try talk.ask(.crash(n1, .kept, wipesDisk: false))
    #expect(crashed.outcome == .done)
    #expect(try talk.node(n1).status == .crashed)
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).terms.count == 6)
  }

  @Test func `messages of the dead stay on their way`() throws {
    let talk = try Conversation()
    for name in [n1, n2] { try talk.create(name) }
    let sent = try talk.ask(.timeout(n1)).sent
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    let handle = try #require(sent.first { $0.to == n2 }?.handle)
    #expect(try talk.ask(.deliver(handle)).sent.messages == [.vote(term: 1)])
  }

  @Test(arguments: 1...6)
  func `dying at the nth write leaves exactly the writes before it`(nth: Int) throws {
    let talk = try Conversation()
    try talk.create(voters: [n1])
    let fault = StorageFault(operation: .anyWrite, nth: nth, effect: .crash)
    try talk.ask(.storageFault(n1, fault))
    // The vote is the first write, the internal entry the second, each proposal another one.
    let proposals = ["a", "b", "c", "d"].map { Request.propose(n1, data: Array($0.utf8)) }
    var requests = [Request.timeout(n1)] + proposals
    var writes = 0
    while let request = requests.first, writes < nth {
      requests.removeFirst()
      let writesOfRequest = writes == 0 ? 2 : 1
      let dies = writes + writesOfRequest >= nth
      let result = try talk.ask(request)
      #expect(result.outcome == (dies ? .halted : .done))
      writes += writesOfRequest
    }
    let dead = try talk.node(n1)
    #expect(dead.status == .crashed)
    #expect(dead.term == Term(nth > 1 ? 1 : 0))
    #expect(dead.role == (nth == 1 ? .follower : nth == 2 ? .candidate : .leader))

    try talk.ask(.restart(n1))
    let reborn = try talk.node(n1)
    #expect(reborn.term == dead.term)
    #expect(reborn.votedFor == (nth > 1 ? n1 : nil))
    #expect(reborn.log == dead.log)
    #expect(reborn.log.count == max(0, nth - 2))
  }

  @Test func `what was sent before the write it dies at counts as sent`() throws {
    let talk = try Conversation()
    try talk.create { $0.electionTicks = 10 }
    try talk.ask(.storageFault(n1, StorageFault(operation: .anyWrite, nth: 2, effect: .crash)))
    let died = try talk.ask(.tick(n1, times: 60))
    #expect(died.outcome == .halted)
    #expect(died.sent.messages == [.requestVote(term: 1), .requestVote(term: 1)])
    #expect(died.state?.status == .crashed)
    #expect(try talk.node(n1).term == Term(1))
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).votedFor == n1)
    #expect(try talk.node(n1).term == Term(1))
  }

  @Test func `of the step that it dies in nothing is shown and nothing left`() throws {
    let talk = try Conversation()
    try talk.create(term: 1)
    // The new term is written first, then the entry.
    try talk.ask(.storageFault(n1, StorageFault(operation: .append, nth: 1, effect: .crash)))
    let died = try talk.receive(.append(term: 2, [2]))
    #expect(died.outcome == .halted)
    #expect(died.sent.isEmpty)
    #expect(try talk.node(n1).term == Term(1))
    #expect(try talk.node(n1).status == .crashed)
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).term == Term(1))
    #expect(try talk.node(n1).log.isEmpty)
  }

  @Test func `dying at a sync loses what it was to make durable`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.ask(.storageFault(n1, StorageFault(operation: .sync, nth: 2, effect: .crash)))
    try talk.receive(.append(term: 1, [1]))
    try talk.receive(.append(term: 1, prev: position(1, 1), [1]))
    #expect(try talk.node(n1).status == .crashed)
    try talk.ask(.restart(n1))
    #expect(try talk.node(n1).terms == [1])
  }
}
