import RaftInvariants
import RaftTypes
import Testing

/// Leader Completeness.
@Suite struct `Leader Completeness` {
  @Test func `a leader that lacks a committed entry violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1, 2)), .boot(n2, term: 2, log: entries(1)),
        .commit(n1, 2), .term(n2, 3), .role(n2, .leader, 3))
        == [
          Found(
            .leaderCompleteness,
            "n2 leads term 3 with a log that ends at index 1, without entry 2@2, which n1 "
              + "committed in term 2")
        ])
  }

  /// Raft paper, Figure 8 (a) to (d), with the commit that the paper forbids.
  @Test func `Figure 8 with a commit by counting replicas of an old term violates it`() {
    var watch = Watch([
      .boot(n1, term: 4, log: entries(1, 2, 4)), .boot(n2, term: 4, log: entries(1, 2)),
      .boot(n3, term: 3, log: entries(1, 3)), .role(n1, .leader, 4), .commit(n1, 2),
    ])
    #expect(watch.found() == [])
    #expect(
      watch.found(.crashed(n1), .term(n3, 5), .role(n3, .leader, 5))
        == [
          Found(
            .leaderCompleteness,
            "n3 leads term 5 with entry 2@3 at the index where n1 committed entry 2@2 in term 4")
        ])
  }

  @Test func `a commit in an old term that the leader of a later one lacks violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1, 2)), .boot(n2, term: 2, log: entries(1)),
        .role(n1, .leader, 2), .term(n2, 3), .role(n2, .leader, 3),
        .append(n2, first: 2, entries(3)),
        .commit(n1, 2))
        == [
          Found(
            .leaderCompleteness,
            "n2 leads term 3 with entry 2@3 at the index where n1 committed entry 2@2 in term 2")
        ])
  }

  @Test func `a peer that leads with another entry shows that the commit was wrong`() {
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1, 2)), .commit(n1, 2),
        .received(by: n1, from: n2, .entries(term: 3, after: at(1, 1), entries(3)))
      ).map(\.invariant) == [.leaderCompleteness])
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1, 2)), .commit(n1, 2),
        .received(by: n1, from: n2, .entries(term: 4, after: at(2, 3), entries(4)))
      ).map(\.invariant) == [.leaderCompleteness])
  }

  @Test func `a leader of the same or an earlier term may lack the entry`() {
    #expect(
      found(
        .boot(n1, term: 3, log: entries(1, 2)), .boot(n2, term: 2, log: entries(1)),
        .commit(n1, 2), .role(n2, .leader, 3)) == [])
  }

  @Test func `a leader that holds all and more is legal`() {
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1, 2)), .boot(n2, term: 2, log: entries(1, 2, 2)),
        .commit(n1, 2), .term(n2, 3), .role(n2, .leader, 3), .append(n2, first: 4, entries(3)))
        == [])
  }

  @Test func `a log cut below what was compared is compared again`() {
    var watch = Watch([
      .boot(n1, term: 2, log: entries(1, 2)), .boot(n2, term: 2, log: entries(1, 2)),
      .commit(n1, 2), .term(n2, 3), .role(n2, .leader, 3), .role(n2, .follower, 4),
      .truncate(n2, from: 2),
    ])
    #expect(watch.found() == [])
    #expect(
      watch.found(.term(n2, 5), .role(n2, .leader, 5)).map(\.invariant) == [.leaderCompleteness])
  }

  @Test func `where logs can't be seen it says nothing`() {
    #expect(
      found(
        observing: .commits, .boot(n1, term: 2, log: entries(1, 2)), .boot(n2, term: 2),
        .commit(n1, 9), .term(n2, 3), .role(n2, .leader, 3),
        .sent(from: n2, to: n1, .ack(term: 3, match: 9))) == [])
  }

  @Test func `it is unobserved until a leader follows on a commit`() {
    var watch = Watch([
      .boot(n1, term: 2, log: entries(1)), .boot(n2, term: 2, log: entries(1)),
      .role(n2, .leader, 2), .commit(n1, 1),
    ])
    #expect(watch.stands(.leaderCompleteness) == .unobserved)
    #expect(watch.found(.term(n2, 3), .role(n2, .leader, 3)) == [])
    #expect(watch.stands(.leaderCompleteness) == .held)
  }
}

/// State Machine Safety.
@Suite struct `State Machine Safety` {
  @Test func `different entries applied at one index violate it`() {
    #expect(
      found(
        observing: [],
        .boot(n1, term: 2), .boot(n2, term: 2), .apply(n1, 1, entry(1, "a")),
        .apply(n2, 1, entry(2, "b")))
        == [
          Found(
            .stateMachineSafety,
            "n2 applied entry 1@2, the command \"b\", at the index where n1 applied entry 1@1, "
              + "the command \"a\"")
        ])
  }

  @Test func `the same entry applied with other bytes violates it`() {
    #expect(
      found(
        .boot(n1, term: 1, log: [entry(1, "a")], commit: 1), .apply(n1, 1, entry(1, "b")))
        == [
          Found(
            .stateMachineSafety,
            "n1 applied entry 1@1, the command \"b\", at the index where n1 committed entry 1@1, "
              + "the command \"a\"")
        ])
  }

  @Test func `different entries committed at one index violate it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1)), .boot(n2, term: 2, log: entries(2)), .commit(n1, 1),
        .commit(n2, 1))
        == [
          Found(
            .stateMachineSafety,
            "n2 committed entry 1@2, the command \"t2\", at the index where n1 committed entry "
              + "1@1, the command \"t1\"")
        ])
  }

  @Test func `an entry applied that is not the one in the log violates it`() {
    #expect(
      found(
        observing: .logs, .boot(n1, term: 2, log: entries(1)), .apply(n1, 1, entry(2, "x"))
      ).map(\.invariant) == [.stateMachineSafety])
  }

  @Test func `an entry applied beyond commitIndex violates it`() {
    #expect(
      found(
        .boot(n1, term: 1, log: entries(1, 1), commit: 1), .apply(n1, 1, entry(1, "t1")),
        .apply(n1, 2, entry(1, "t1")))
        == [
          Found(.stateMachineSafety, "n1 applied entry 2@1 while its commitIndex is 1")
        ])
  }

  @Test func `a commit beyond the log violates it`() {
    #expect(
      found(.boot(n1, term: 1, log: entries(1)), .commit(n1, 3))
        == [
          Found(
            .stateMachineSafety,
            "n1 has commitIndex 3 with a log that ends at index 1: it commits entries that it "
              + "does not hold")
        ])
  }

  @Test func `a committed entry that is removed violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1, 1, 2), commit: 2), .term(n1, 3),
        .truncate(n1, from: 2), .append(n1, first: 2, entries(3)))
        == [
          Found(
            .stateMachineSafety,
            "n1 removed entry 2@1 from its log after it had committed it (commitIndex 2)")
        ])
  }

  @Test func `a leaderCommit above the leader's own commitIndex violates it`() {
    #expect(
      found(
        .boot(n1, term: 1, log: entries(1), commit: 1),
        .sent(from: n1, to: n2, .entries(term: 1, after: at(1, 1), commit: 2)))
        == [
          Found(
            .stateMachineSafety,
            "n1 sent AppendEntries with leaderCommit 2 while its own commitIndex is 1")
        ])
  }

  @Test func `commits and applies of one sequence at different paces are legal`() {
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1, 2, 2)), .boot(n2, term: 2, log: entries(1, 2)),
        .commit(n1, 3), .apply(n1, 1, entry(1, "t1")), .apply(n1, 2, entry(2, "t2")),
        .commit(n2, 1), .apply(n2, 1, entry(1, "t1")), .commit(n2, 2),
        .apply(n2, 2, entry(2, "t2")), .apply(n1, 3, entry(2, "t2")),
        .sent(from: n1, to: n2, .entries(term: 2, after: at(2, 2), entries(2), commit: 3))) == [])
  }

  @Test func `without commits to see, what is applied counts as committed`() {
    #expect(
      found(
        observing: .logs, .boot(n1, term: 2, log: entries(1)), .boot(n2, term: 2),
        .apply(n1, 1, entry(1, "t1")), .term(n2, 3), .role(n2, .leader, 3)
      ).map(\.invariant) == [.leaderCompleteness])
  }

  @Test func `it is unobserved until something is committed or applied`() {
    var watch = Watch([.boot(n1, term: 1, log: entries(1))])
    #expect(watch.stands(.stateMachineSafety) == .unobserved)
    #expect(watch.found(.commit(n1, 1), .apply(n1, 1, entry(1, "t1"))) == [])
    #expect(watch.stands(.stateMachineSafety) == .held)
  }
}

/// commitIndex does not fall within a life.
@Suite struct `Monotonic Commit` {
  @Test func `a commitIndex that falls violates it`() {
    #expect(
      found(.boot(n1, term: 1, log: entries(1, 1, 1)), .commit(n1, 3), .commit(n1, 2))
        == [Found(.commitMonotonic, "n1 took its commitIndex from 3 back to 2")])
  }

  @Test func `a commitIndex below the one it booted with violates it`() {
    #expect(
      found(.boot(n1, term: 1, log: entries(1, 1), commit: 2), .commit(n1, 1))
        .map(\.invariant) == [.commitMonotonic])
  }

  @Test func `a further life may start from 0`() {
    #expect(
      found(
        .boot(n1, term: 1, log: entries(1, 1)), .commit(n1, 2), .crashed(n1),
        .restart(n1, term: 1, log: entries(1, 1)), .commit(n1, 0), .commit(n1, 1)) == [])
  }

  @Test func `it is unobserved until a commitIndex is told`() {
    var watch = Watch([.boot(n1, term: 1, log: entries(1))])
    #expect(watch.stands(.commitMonotonic) == .unobserved)
    #expect(watch.found(.commit(n1, 1)) == [])
    #expect(watch.stands(.commitMonotonic) == .held)
  }
}

/// Entries are applied once, in order.
@Suite struct `Applied Once` {
  private let start: [Observation] = [
    .boot(n1, term: 1, log: entries(1, 1, 1), commit: 3), .apply(n1, 1, entry(1, "t1")),
  ]

  @Test func `an entry applied twice violates it`() {
    var watch = Watch(start)
    #expect(
      watch.found(.apply(n1, 1, entry(1, "t1")))
        == [
          Found(
            .appliedOnce,
            "n1 applied entry 1@1 again: it had applied the entries up to index 1 in this life")
        ])
  }

  @Test func `an entry left out violates it`() {
    var watch = Watch(start)
    #expect(
      watch.found(.apply(n1, 3, entry(1, "t1")))
        == [
          Found(
            .appliedOnce,
            "n1 applied entry 3@1 directly after index 1: it left out the entry at index 2")
        ])
  }

  @Test func `an entry at index 0 violates it`() {
    #expect(
      found(.boot(n1, term: 1), .apply(n1, 0, entry(1, "x"))).map(\.invariant) == [.appliedOnce])
  }

  @Test func `entries without a command need not be shown`() {
    let log = [entry(1, "a"), entry(1, "", .internalEntry), entry(1, "b")]
    #expect(
      found(
        .boot(n1, term: 1, log: log, commit: 3), .apply(n1, 1, log[0]), .apply(n1, 3, log[2]))
        == [])
  }

  @Test(arguments: [1, 2]) func `a further life starts over or goes on`(first: Int) {
    var watch = Watch(start)
    #expect(
      watch.found(
        .crashed(n1), .restart(n1, term: 1, log: entries(1, 1, 1)), .commit(n1, first),
        .apply(n1, first, entry(1, "t1"))) == [])
  }

  @Test func `a further life can't go on behind what no life applied`() {
    var watch = Watch(start)
    #expect(
      watch.found(
        .crashed(n1), .restart(n1, term: 1, log: entries(1, 1, 1)), .commit(n1, 3),
        .apply(n1, 3, entry(1, "t1"))
      ).map(\.invariant) == [.appliedOnce])
  }

  @Test func `what an earlier life applied was committed then`() {
    var watch = Watch(start)
    #expect(
      watch.found(
        .crashed(n1), .restart(n1, term: 1, log: entries(1, 1, 1)),
        .apply(n1, 1, entry(1, "t1"))) == [])
  }

  @Test func `it is unobserved until an entry is applied`() {
    var watch = Watch([.boot(n1, term: 1, log: entries(1), commit: 1)])
    #expect(watch.stands(.appliedOnce) == .unobserved)
    #expect(watch.found(.apply(n1, 1, entry(1, "t1"))) == [])
    #expect(watch.stands(.appliedOnce) == .held)
  }
}
