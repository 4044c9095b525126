import AdapterProtocol
import RaftTypes
import Testing

/// What the clients of the reference system are told.
@Suite(.onEveryDisk) struct `Results of proposals` {
  private let e = Array("e".utf8)

  /// A leader of term 1 with its internal entry at 1 and the proposal `e` at 2, which nobody has.
  private func leaderWithProposal() throws -> Conversation {
    let talk = try Conversation()
    try talk.create()
    try talk.lead()
    try talk.receive(.accepted(term: 1, match: 1))
    try talk.propose("e")
    return talk
  }

  @Test func `a proposal is committed once it is applied`() throws {
    let talk = try leaderWithProposal()
    try talk.ask(.hold(n1, .apply))
    let acknowledged = try talk.receive(.accepted(term: 1, match: 2))
    #expect(acknowledged.state?.commitIndex == LogIndex(2))
    #expect(acknowledged.results.isEmpty)
    #expect(acknowledged.state?.applied == [])
    let released = try talk.ask(.release(n1, .apply))
    #expect(released.results == [ProposalResult(data: e, fate: .committed)])
    #expect(released.state?.applied.map(\.data) == [e])
  }

  @Test func `nobody knows once the leader steps down, until another entry is applied`() throws {
    let talk = try leaderWithProposal()
    let deposed = try talk.receive(.append(term: 2, prev: position(1, 1), [2]), from: n3)
    #expect(deposed.results == [ProposalResult(data: e, fate: .unknown)])
    #expect(deposed.state?.truncatedFrom == LogIndex(2))
    let decided = try talk.receive(.append(term: 2, prev: position(2, 2), commit: 2), from: n3)
    #expect(decided.results == [ProposalResult(data: e, fate: .lost)])
  }

  // Figure 8 of the Raft paper, (d) reversed: n2 holds the entry and wins a later term.
  @Test func `an overwritten proposal that comes back and is applied is committed`() throws {
    let talk = try leaderWithProposal()
    try talk.receive(.append(term: 2, prev: position(1, 1), [2]), from: n3)
    let back = [
      WireEntry(term: Term(1), data: e), WireEntry(term: Term(3), kind: .internalEntry, data: []),
    ]
    let decided = try talk.receive(
      .append(term: 3, prev: position(1, 1), entries: back, commit: 3), from: n2)
    #expect(decided.results == [ProposalResult(data: e, fate: .committed)])
  }

  @Test func `two proposals at one position have a fate each`() throws {
    let talk = try leaderWithProposal()
    try talk.receive(.append(term: 2, prev: position(1, 1), [2]), from: n3)
    try talk.receive(.append(term: 4, prev: position(1, 1), [3]), from: n3)
    try talk.lead()
    try talk.propose("f")
    #expect(try talk.node(n1).terms == [1, 3, 5, 5])
    let decided = try talk.receive(.accepted(term: 5, match: 4))
    #expect(
      decided.results == [
        ProposalResult(data: e, fate: .lost),
        ProposalResult(data: Array("f".utf8), fate: .committed),
      ])
  }

  @Test func `nobody knows once the node is dead`() throws {
    let talk = try leaderWithProposal()
    let crashed = try talk.ask(.crash(n1, .lost, wipesDisk: false))
    #expect(crashed.results == [ProposalResult(data: e, fate: .unknown)])
    #expect(try talk.ask(.restart(n1)).results.isEmpty)
  }

  @Test func `a refused proposal has no fate`() throws {
    let talk = try leaderWithProposal()
    try talk.ask(.storageFault(n1, StorageFault(operation: .append, nth: 1, effect: .io)))
    let refused = try talk.propose("f")
    #expect(refused.outcome == .halted)
    #expect(refused.results == [ProposalResult(data: e, fate: .unknown)])
    #expect(refused.sent.isEmpty)
  }
}
