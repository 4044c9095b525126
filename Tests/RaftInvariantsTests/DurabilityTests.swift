import RaftInvariants
import RaftTypes
import Testing

/// Acknowledgements and votes outlive a crash.
@Suite struct `Durable Acknowledgement` {
  private let follower: [Observation] = [
    .boot(n1, term: 1, log: entries(1)), .term(n1, 2),
    .received(by: n1, from: n2, .entries(term: 2, after: at(1, 1), entries(2, 2))),
    .append(n1, first: 2, entries(2, 2)),
  ]

  @Test func `an acknowledged entry lost in a crash violates it`() {
    var watch = Watch(follower)
    #expect(
      watch.found(
        .sent(from: n1, to: n2, .ack(term: 2, match: 3)), .crashed(n1),
        .restart(n1, term: 2, log: entries(1, 2)))
        == [
          Found(
            .durableAcknowledgement,
            "n1 restarted with a log that ends at index 2, without entry 3@2, which was durable "
              + "or acknowledged before")
        ])
  }

  @Test func `an acknowledged entry that comes back as another violates it`() {
    var watch = Watch(follower)
    #expect(
      watch.found(
        .sent(from: n1, to: n2, .ack(term: 2, match: 3)), .crashed(n1),
        .restart(n1, term: 2, log: entries(1, 1, 1)))
        == [
          Found(
            .durableAcknowledgement,
            "n1 restarted with entry 2@1 in place of entry 2@2, which was durable or "
              + "acknowledged before")
        ])
  }

  @Test func `an entry of the boot state that is lost violates it`() {
    #expect(
      found(
        .boot(n1, term: 1, log: entries(1, 1)), .crashed(n1),
        .restart(n1, term: 1, log: entries(1))
      ).map(\.invariant) == [.durableAcknowledgement])
  }

  @Test func `a vote that is forgotten violates it`() {
    #expect(
      found(
        .boot(n1, term: 1), .term(n1, 2), .vote(n1, for: n2, 2),
        .sent(from: n1, to: n2, .grant(term: 2)), .crashed(n1), .restart(n1, term: 2))
        == [
          Found(
            .durableAcknowledgement,
            "n1 voted for n2 in term 2 and restarted in that term without knowing of its vote")
        ])
  }

  @Test func `a candidate that forgets its own vote violates it`() {
    #expect(
      found(
        .boot(n1, term: 1), .term(n1, 2), .vote(n1, for: n1, 2),
        .sent(from: n1, to: n2, .candidacy(term: 2)), .crashed(n1), .restart(n1, term: 2)
      ).map(\.invariant) == [.durableAcknowledgement])
  }

  @Test func `an acknowledgement beyond the log violates it`() {
    var watch = Watch(follower)
    #expect(
      watch.found(.sent(from: n1, to: n2, .ack(term: 2, match: 5)))
        == [
          Found(
            .durableAcknowledgement,
            "n1 acknowledged entries up to index 5 with a log that ends at index 3")
        ])
  }

  @Test func `an acknowledged entry removed in the same term violates it`() {
    var watch = Watch(follower)
    #expect(
      watch.found(
        .sent(from: n1, to: n2, .ack(term: 2, match: 3)), .truncate(n1, from: 3))
        == [
          Found(
            .durableAcknowledgement,
            "n1 removed entry 3@2 from its log, which it had acknowledged to the leader of term 2, "
              + "in the same term")
        ])
  }

  @Test func `an acknowledged entry may be replaced in a later term, and then be lost`() {
    var watch = Watch(follower)
    #expect(
      watch.found(
        .sent(from: n1, to: n2, .ack(term: 2, match: 3)), .term(n1, 3), .truncate(n1, from: 3),
        .append(n1, first: 3, entries(3)), .crashed(n1),
        .restart(n1, term: 3, log: entries(1, 2))) == [])
  }

  @Test func `what was not acknowledged may be lost`() {
    var watch = Watch(follower)
    #expect(
      watch.found(
        .sent(from: n1, to: n2, .ack(term: 2, match: 2)), .crashed(n1),
        .restart(n1, term: 2, log: entries(1, 2))) == [])
  }

  @Test func `a promise outlives several crashes`() {
    var watch = Watch(follower)
    #expect(
      watch.found(
        .sent(from: n1, to: n2, .ack(term: 2, match: 3)), .crashed(n1),
        .restart(n1, term: 2, log: entries(1, 2, 2)), .crashed(n1),
        .restart(n1, term: 2, log: entries(1, 2))
      ).map(\.invariant) == [.durableAcknowledgement])
  }

  @Test func `a wiped disk has lost its promises with everything else`() {
    var watch = Watch(follower)
    #expect(
      watch.found(
        .sent(from: n1, to: n2, .ack(term: 2, match: 3)), .diskWiped(n1), .crashed(n1),
        .restart(n1, term: 0)) == [])
  }

  @Test func `forged messages bind nobody to a leader's log`() {
    var watch = Watch(trustsPeers: false, follower)
    #expect(
      watch.found(
        .sent(from: n1, to: n2, .ack(term: 2, match: 3)), .truncate(n1, from: 3)) == [])
  }

  @Test func `it is unobserved until somebody with promises restarts`() {
    var watch = Watch(follower + [.boot(n3, term: 0), .crashed(n3), .restart(n3, term: 0)])
    #expect(watch.stands(.durableAcknowledgement) == .unobserved)
    #expect(
      watch.found(
        .sent(from: n1, to: n2, .ack(term: 2, match: 3)), .crashed(n1),
        .restart(n1, term: 2, log: entries(1, 2, 2))) == [])
    #expect(watch.stands(.durableAcknowledgement) == .held)
  }
}
