import RaftInvariants
import RaftTypes
import Testing

/// Log Matching, in logs, messages and over time.
@Suite struct `Log Matching` {
  @Test func `two entries of one index and term violate it`() {
    #expect(
      found(
        .boot(n1, term: 1, log: [entry(1, "x")]), .boot(n2, term: 1),
        .append(n2, first: 1, [entry(1, "y")]))
        == [
          Found(
            .logMatching,
            "n2 has the command \"y\" as entry 1@1, and n1 had the command \"x\": "
              + "entries of the same index and term are the same")
        ])
  }

  @Test func `an entry of another kind is another entry`() {
    #expect(
      found(
        .boot(n1, term: 1, log: [entry(1, "")]),
        .received(
          by: n1, from: n2, .entries(term: 1, after: .zero, [entry(1, "", .internalEntry)]))
      ).map(\.invariant) == [.logMatching])
  }

  @Test func `the same entry behind different entries violates it`() {
    #expect(
      found(
        .boot(n1, term: 3, log: entries(1, 3)), .boot(n2, term: 3, log: entries(2)),
        .append(n2, first: 2, entries(3)))
        == [
          Found(
            .logMatching,
            "n2 has entry 2@3 behind 1@2, and it was known behind 1@1, first from n1: "
              + "logs that agree on an entry agree on all before it")
        ])
  }

  @Test func `a message is held against the logs`() {
    #expect(
      found(
        .boot(n1, term: 3, log: entries(1, 3)),
        .received(by: n1, from: n2, .entries(term: 3, after: at(1, 2), entries(3)))
      ).map(\.invariant) == [.logMatching])
  }

  @Test func `an entry that was overwritten can't come back as another`() {
    #expect(
      found(
        .boot(n1, term: 2, log: [entry(1, "a"), entry(2, "b")]), .term(n1, 3),
        .truncate(n1, from: 2), .append(n1, first: 2, [entry(3, "c")]),
        .boot(n2, term: 1, log: [entry(1, "a")]), .term(n2, 3),
        .append(n2, first: 2, [entry(2, "z")])
      ).map(\.invariant) == [.logMatching])
  }

  @Test func `a contradiction is told once, not with every copy`() {
    #expect(
      found(
        .boot(n1, term: 1, log: [entry(1, "x")]), .boot(n2, term: 1, log: [entry(1, "y")]),
        .boot(n3, term: 1, log: [entry(1, "y")])
      ).count == 1)
  }

  @Test func `logs that differ in terms are legal`() {
    #expect(
      found(
        .boot(n1, term: 4, log: entries(1, 1, 2)), .boot(n2, term: 4, log: entries(1, 1, 3)),
        .boot(n3, term: 4, log: entries(1, 1)),
        .received(by: n3, from: n2, .entries(term: 4, after: at(2, 1), entries(3, 4)))) == [])
  }

  @Test func `without trust in peers their entries are not taken down`() {
    #expect(
      found(
        trustsPeers: false, .boot(n1, term: 1, log: [entry(1, "x")]),
        .received(by: n1, from: n2, .entries(term: 1, after: .zero, [entry(1, "y")]))) == [])
  }

  @Test func `it is unobserved until an entry is seen twice`() {
    var watch = Watch([.boot(n1, term: 1, log: entries(1))])
    #expect(watch.stands(.logMatching) == .unobserved)
    #expect(watch.found(.boot(n2, term: 1, log: entries(1))) == [])
    #expect(watch.stands(.logMatching) == .held)
  }
}

/// Leader Append-Only.
@Suite struct `Leader Append-Only` {
  private let leader: [Observation] = [
    .boot(n1, term: 1, log: entries(1, 1)), .term(n1, 2), .role(n1, .leader, 2),
    .append(n1, first: 3, entries(2)),
  ]
  private let violation = Found(
    .leaderAppendOnly,
    "n1 removed entry 2@1 from its log while it led term 2: "
      + "a leader never overwrites or deletes entries of its log")

  @Test func `a leader that deletes violates it`() {
    var watch = Watch(leader)
    #expect(watch.found(.truncate(n1, from: 2)) == [violation])
  }

  @Test func `a leader that replaces violates it`() {
    var watch = Watch(leader)
    #expect(
      watch.found(.truncate(n1, from: 2), .append(n1, first: 2, entries(2))) == [violation])
  }

  @Test func `a leader that writes over its log violates it`() {
    var watch = Watch(leader)
    #expect(watch.found(.append(n1, first: 2, entries(2))) == [violation])
  }

  @Test func `what is put back at once was never removed`() {
    var watch = Watch(leader)
    #expect(
      watch.found(.truncate(n1, from: 2), .append(n1, first: 2, entries(1, 2, 2))) == [])
  }

  @Test func `a leader that steps down may truncate`() {
    var watch = Watch(leader)
    #expect(
      watch.found(
        .term(n1, 3), .role(n1, .follower, 3), .truncate(n1, from: 3),
        .append(n1, first: 3, entries(3))) == [])
  }

  @Test func `a leader that crashes may lose what it never synced`() {
    var watch = Watch(leader)
    #expect(
      watch.found(.crashed(n1), .restart(n1, term: 2, votedFor: n1, log: entries(1, 1))) == [])
  }

  @Test func `it is unobserved until a node leads`() {
    var watch = Watch([
      .boot(n1, term: 1), .received(by: n1, from: n2, .entries(term: 1, after: .zero)),
    ])
    #expect(watch.stands(.leaderAppendOnly) == .unobserved)
    #expect(watch.found(.role(n1, .leader, 2)) == [])
    #expect(watch.stands(.leaderAppendOnly) == .held)
  }
}

/// Logs without holes whose terms rise.
@Suite struct `Contiguous Log` {
  @Test func `a hole violates it`() {
    #expect(
      found(.boot(n1, term: 1, log: entries(1)), .append(n1, first: 3, entries(1)))
        == [
          Found(
            .contiguousIndices,
            "n1 appended entries from index 3 on to a log that ends at index 1: "
              + "the next index is 2")
        ])
  }

  @Test(arguments: [0, 1]) func `an append over the log's end violates it`(first: Int) {
    #expect(
      found(.boot(n1, term: 1, log: entries(1)), .append(n1, first: first, entries(1)))
        .map(\.invariant) == [.contiguousIndices])
  }

  @Test func `after a hole the log is compared with nothing until it is read anew`() {
    var watch = Watch([
      .boot(n1, term: 1, log: entries(1)), .boot(n2, term: 1, log: entries(1)),
      .append(n1, first: 9, entries(1)),
    ])
    #expect(watch.found().map(\.invariant) == [.contiguousIndices])
    #expect(
      watch.found(.append(n1, first: 10, entries(1)), .commit(n1, 10), .commit(n2, 1)) == [])
    #expect(watch.found(.crashed(n1), .restart(n1, term: 1, log: entries(1, 1))) == [])
    #expect(watch.found(.append(n1, first: 9, entries(1))).map(\.invariant) == [.contiguousIndices])
  }

  @Test func `a term that falls along the log violates it`() {
    #expect(
      found(.boot(n1, term: 4, log: entries(3)), .append(n1, first: 2, entries(2)))
        == [
          Found(
            .contiguousIndices, "n1 has entry 2@2 behind entry 1@3: terms never fall along a log")
        ])
  }

  @Test func `an entry ahead of its server's term violates it`() {
    #expect(
      found(.boot(n1, term: 2), .append(n1, first: 1, entries(1, 3)))
        == [
          Found(
            .contiguousIndices,
            "n1 has entry 2@3 in term 2: no entry is of a term that its server has not reached")
        ])
  }

  @Test func `a leader's message is held to the same`() {
    #expect(
      found(
        .boot(n1, term: 5), .sent(from: n1, to: n2, .entries(term: 5, after: at(3, 4), entries(3)))
      ).map(\.invariant) == [.contiguousIndices])
    #expect(
      found(
        .boot(n1, term: 5), .sent(from: n1, to: n2, .entries(term: 5, after: at(3, 4), entries(6)))
      ).map(\.invariant) == [.contiguousIndices])
  }

  @Test func `a replaced suffix is legal`() {
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1, 1, 2)), .term(n1, 3), .truncate(n1, from: 2),
        .append(n1, first: 2, entries(3, 3))) == [])
  }

  @Test func `a truncation behind the last entry removes nothing`() {
    #expect(
      found(
        .boot(n1, term: 1, log: entries(1)), .role(n1, .leader, 2), .truncate(n1, from: 2),
        .append(n1, first: 2, entries(2)), .truncate(n1, from: 9)) == [])
  }

  @Test func `it is unobserved until an entry is seen`() {
    var watch = Watch([.boot(n1, term: 1)])
    #expect(watch.stands(.contiguousIndices) == .unobserved)
    #expect(watch.found(.append(n1, first: 1, entries(1))) == [])
    #expect(watch.stands(.contiguousIndices) == .held)
  }
}
