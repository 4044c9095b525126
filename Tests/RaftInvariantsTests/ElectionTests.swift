import RaftInvariants
import RaftTypes
import Testing

/// Election Safety: a term has at most one leader.
@Suite struct `Election Safety` {
  @Test func `two roles of leader in one term violate it`() {
    #expect(
      found(
        .boot(n1, term: 3), .boot(n2, term: 3), .role(n1, .leader, 4), .role(n2, .leader, 4))
        == [
          Found(
            .electionSafety,
            "n2 acts as leader of term 4, whose leader is n1: a term has at most one")
        ])
  }

  @Test func `AppendEntries of a term that another leads violates it`() {
    #expect(
      found(
        .boot(n1, term: 3), .role(n1, .leader, 4),
        .received(by: n1, from: n3, .entries(term: 4, after: .zero)))
        == [
          Found(
            .electionSafety,
            "n3 acts as leader of term 4, whose leader is n1: a term has at most one")
        ])
  }

  @Test func `it is told once a term`() {
    #expect(
      found(
        .boot(n1, term: 3), .boot(n2, term: 3), .role(n1, .leader, 4), .role(n2, .leader, 4),
        .sent(from: n2, to: n3, .entries(term: 4, after: .zero)),
        .sent(from: n1, to: n3, .entries(term: 4, after: .zero))
      ).count == 1)
  }

  @Test func `a leader a term is legal, however often it shows itself`() {
    #expect(
      found(
        .boot(n1, term: 3), .boot(n2, term: 3), .role(n1, .leader, 4),
        .sent(from: n1, to: n2, .entries(term: 4, after: .zero)), .role(n1, .follower, 5),
        .role(n2, .leader, 5), .role(n2, .follower, 6), .role(n1, .leader, 6)) == [])
  }

  @Test func `terms that only a hand-written message reaches cost nothing and count`() {
    let far = Int.max
    #expect(
      found(
        .received(by: n1, from: n2, .entries(term: far, after: .zero)),
        .received(by: n1, from: n3, .entries(term: far, after: .zero))
      ).map(\.invariant) == [.electionSafety])
  }

  @Test func `without trust in peers their claims count for nothing`() {
    #expect(
      found(
        trustsPeers: false, .boot(n1, term: 3), .role(n1, .leader, 4),
        .received(by: n1, from: n3, .entries(term: 4, after: .zero))) == [])
  }

  @Test func `it is unobserved until somebody leads`() {
    var watch = Watch([.boot(n1, term: 1), .role(n1, .candidate, 2)])
    #expect(watch.stands(.electionSafety) == .unobserved)
    #expect(watch.found(.role(n1, .leader, 2)) == [])
    #expect(watch.stands(.electionSafety) == .held)
  }
}

/// One vote a term, restarts included.
@Suite struct `One Vote per Term` {
  private func second(_ server: String, _ new: String, _ old: String, _ term: Int) -> [Found] {
    [
      Found(
        .oneVotePerTerm,
        "\(server) voted for \(new) in term \(term), in which it had voted for \(old): "
          + "a server votes for at most one candidate in a term")
    ]
  }

  @Test func `a state that turns to another candidate violates it`() {
    #expect(
      found(.boot(n1, term: 2), .vote(n1, for: n2, 2), .vote(n1, for: n3, 2))
        == second("n1", "n3", "n2", 2))
  }

  @Test func `a vote cleared and given anew in one term violates it`() {
    #expect(
      found(
        .boot(n1, term: 2), .vote(n1, for: n2, 2), .vote(n1, for: nil, 2), .vote(n1, for: n3, 2))
        == second("n1", "n3", "n2", 2))
  }

  @Test func `two grants violate it`() {
    #expect(
      found(
        .boot(n1, term: 2), .sent(from: n1, to: n2, .grant(term: 2)),
        .sent(from: n1, to: n3, .grant(term: 2)))
        == second("n1", "n3", "n2", 2))
  }

  @Test func `a candidate of a term in which it voted for another violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, votedFor: n2), .sent(from: n1, to: n3, .candidacy(term: 2)))
        == second("n1", "n1", "n2", 2))
  }

  @Test func `a peer is held to its grants too`() {
    #expect(
      found(
        .boot(n1, term: 2), .boot(n2, term: 2), .received(by: n1, from: n3, .grant(term: 2)),
        .received(by: n2, from: n3, .grant(term: 2)))
        == second("n3", "n2", "n1", 2))
  }

  @Test func `a grant to another after a restart violates it`() {
    #expect(
      found(
        .boot(n1, term: 1), .term(n1, 2), .vote(n1, for: n2, 2),
        .sent(from: n1, to: n2, .grant(term: 2)), .crashed(n1),
        .restart(n1, term: 2, votedFor: n3))
        == second("n1", "n3", "n2", 2))
  }

  @Test func `a vote that a crash took back before anyone heard of it binds nobody`() {
    #expect(
      found(
        .boot(n1, term: 2), .vote(n1, for: n2, 2), .crashed(n1), .restart(n1, term: 2),
        .vote(n1, for: n3, 2), .sent(from: n1, to: n3, .grant(term: 2))) == [])
  }

  @Test func `the same vote again and another in the next term are legal`() {
    #expect(
      found(
        .boot(n1, term: 2), .vote(n1, for: n2, 2), .sent(from: n1, to: n2, .grant(term: 2)),
        .sent(from: n1, to: n2, .grant(term: 2)), .term(n1, 3), .vote(n1, for: nil, 3),
        .vote(n1, for: n3, 3), .sent(from: n1, to: n3, .grant(term: 3))) == [])
  }

  @Test func `server 0 is a candidate like any other`() {
    #expect(
      found(.boot(n2, term: 2, votedFor: n1), .vote(n2, for: n3, 2))
        == second("n2", "n3", "n1", 2))
  }

  @Test func `it is unobserved until a vote is seen`() {
    var watch = Watch([.boot(n1, term: 2), .vote(n1, for: nil, 2)])
    #expect(watch.stands(.oneVotePerTerm) == .unobserved)
    #expect(watch.found(.vote(n1, for: n2, 2)) == [])
    #expect(watch.stands(.oneVotePerTerm) == .held)
  }
}

/// Terms do not fall.
@Suite struct `Monotonic Term` {
  @Test func `a term that falls violates it`() {
    #expect(
      found(.boot(n1, term: 4), .term(n1, 3))
        == [Found(.termMonotonic, "n1 went from term 4 back to term 3")])
  }

  @Test func `a restart below a term that a message made known violates it`() {
    #expect(
      found(
        .boot(n1, term: 1), .term(n1, 5), .sent(from: n1, to: n2, .candidacy(term: 5)),
        .crashed(n1), .restart(n1, term: 4, votedFor: n1))
        == [
          Found(
            .termMonotonic,
            "n1 restarted in term 4 after it had made known that it was in term 5")
        ])
  }

  @Test func `a restart below the term of the boot state violates it`() {
    #expect(
      found(.boot(n1, term: 3, votedFor: n2), .crashed(n1), .restart(n1, term: 0))
        .map(\.invariant) == [.termMonotonic])
  }

  @Test func `a term that nobody heard of may be lost in a crash`() {
    #expect(
      found(.boot(n1, term: 1), .term(n1, 2), .crashed(n1), .restart(n1, term: 1)) == [])
  }

  @Test func `a wiped disk owes no term`() {
    #expect(
      found(
        .boot(n1, term: 7, votedFor: n2, log: entries(1, 7)), .crashed(n1), .diskWiped(n1),
        .restart(n1, term: 0)) == [])
  }

  @Test func `it is unobserved until a second term is told`() {
    var watch = Watch([.boot(n1, term: 2)])
    #expect(watch.stands(.termMonotonic) == .unobserved)
    #expect(watch.found(.term(n1, 3)) == [])
    #expect(watch.stands(.termMonotonic) == .held)
  }
}
