import AdapterProtocol
import RaftTypes
import ReferenceSystem
import Testing

/// Damage to the files of the write-ahead log.
@Suite struct `Damage to the disks of the reference system` {
  /// A node on files that is down, with these entries synced one by one.
  private func deadNode() throws -> Conversation {
    try OnEveryDisk.$disks.withValue(.files) {
      let talk = try Conversation()
      try talk.create(log: [1, 1])
      for index in 2..<6 as Range<UInt64> {
        try talk.receive(.append(term: 1, prev: position(index, 1), [1]))
      }
      try talk.ask(.crash(n1, .lost, wipesDisk: false))
      return talk
    }
  }

  private func damage(_ what: Corruption.Damage, _ entry: UInt64) -> Request {
    .corrupt(n1, Corruption(damage: what, entry: LogIndex(entry)))
  }

  @Test(arguments: Corruption.Damage.allCases, [1, 2, 3, 5] as [UInt64])
  func `a log that is damaged in the middle keeps its node from starting, again and again`(
    what: Corruption.Damage, entry: UInt64
  ) throws {
    let talk = try deadNode()
    #expect(try talk.ask(damage(what, entry)).outcome == .done)
    for _ in 0..<2 {
      let refused = try talk.ask(.restart(n1))
      #expect(refused.outcome == .halted)
      #expect(refused.state == nil)
      #expect(try talk.ask(.tick(n1, times: 1)).outcome == .halted)
    }
  }

  @Test func `a log that ends too early keeps its node from starting`() throws {
    let talk = try deadNode()
    try talk.ask(damage(.cut, 6))
    #expect(try talk.ask(.restart(n1)).outcome == .halted)
  }

  @Test(arguments: [Corruption.Damage.flip, .zero])
  func `damage to the last batch starts no node that stands or promises anything`(
    what: Corruption.Damage
  ) throws {
    let talk = try deadNode()
    #expect(try talk.ask(damage(what, 6)).outcome == .done)
    let restarted = try talk.ask(.restart(n1))
    #expect(restarted.outcome == .done)
    #expect(try talk.node(n1).terms.count == 5)
    // It had acknowledged entry 6: it votes for nobody who lacks it, and does not stand.
    #expect(try talk.ask(.timeout(n1)).outcome == .blocked)
    let asked = try talk.receive(.requestVote(term: 9, last: position(5, 1)))
    #expect(asked.sent.messages.allSatisfy { $0.granted == false })
    // The entries come back from the leader, and with them the trust.
    let repaired = try talk.receive(
      .append(term: 9, prev: position(5, 1), entries: wireEntries(from: 6, [1, 9])))
    #expect(repaired.sent.messages.last == .accepted(term: 9, match: 7))
    #expect(try talk.ask(.timeout(n1)).outcome == .done)
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    try talk.ask(.restart(n1))
    #expect(try talk.ask(.timeout(n1)).outcome == .done)
  }

  @Test func `what can't be damaged is rejected`() throws {
    let talk = try deadNode()
    #expect(try talk.ask(damage(.flip, 7)).outcome == .rejected(why: "no-such-entry"))
    try talk.ask(.restart(n1))
    #expect(try talk.ask(damage(.flip, 2)).outcome == .rejected(why: "running"))
    #expect(try talk.node(n1).terms.count == 6)
  }

  @Test func `memory has no bytes to damage`() throws {
    let talk = try Conversation()
    try talk.create()
    try talk.ask(.crash(n1, .lost, wipesDisk: false))
    guard case .unsupported(let capability, _) = talk.system.perform(damage(.zero, 1)) else {
      Issue.record("it was damaged")
      return
    }
    #expect(capability == "storage.corrupt")
  }
}
