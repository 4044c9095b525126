import RaftInvariants
import RaftTypes
import Testing

/// The checker as a whole: its report, its words and its cost.
@Suite struct `The invariant checker` {
  @Test func `it reports every invariant, unobserved at first`() {
    let report = InvariantChecker().report()
    #expect(report.map(\.0) == Invariant.allCases)
    #expect(report.allSatisfy { $0.1 == .unobserved })
  }

  @Test func `it keeps the first violation of each invariant and hands each out once`() {
    var watch = Watch([.boot(n1, term: 5), .term(n1, 4), .term(n1, 2)])
    let taken = watch.found()
    #expect(
      taken.map(\.message) == [
        "n1 went from term 5 back to term 4", "n1 went from term 4 back to term 2",
      ])
    #expect(watch.found() == [])
    guard case .violated(let first) = watch.stands(.termMonotonic) else {
      Issue.record("the standing is not a violation")
      return
    }
    #expect(Found(first) == taken[0])
    #expect(first.servers == [n1])
    #expect(first.description == "Monotonic Term: server 0 went from term 5 back to term 4")
  }

  @Test func `every invariant has a title, a statement and a source of its own words`() {
    #expect(Set(Invariant.allCases.map(\.title)).count == Invariant.allCases.count)
    #expect(Set(Invariant.allCases.map(\.statement)).count == Invariant.allCases.count)
    for invariant in Invariant.allCases {
      #expect(invariant.statement.hasSuffix("."))
      #expect(invariant.source.contains("Raft paper"))
      #expect(Invariant(rawValue: invariant.rawValue) == invariant)
    }
  }

  @Test(arguments: [
    (Array("x y".utf8), "the command \"x y\""), ([], "an empty command"),
    ([0, 255, 16], "the command of 3 bytes 0x00ff10"),
    (Array(repeating: UInt8(ascii: "a"), count: 41), "the command of 41 bytes 0x6161616161616161…"),
  ]) func `a payload is shown in words that fit a line`(payload: [UInt8], words: String) {
    let shown = ObservedEntry(term: Term(1), payload: payload)
    let message = found(
      .boot(n1, term: 1, log: [entry(1, "first")]), .boot(n2, term: 1, log: [shown])
    ).map(\.message)
    #expect(message.first?.hasPrefix("n2 has \(words) as entry 1@1, and n1 had") == true)
  }

  @Test func `indices that only a hand-written message names do no harm`() {
    let last = LogIndex(UInt64.max)
    let prev = LogPosition(index: last, term: Term(1))
    #expect(
      found(
        .boot(n1, term: 1),
        .received(
          by: n1, from: n2,
          .appendEntries(term: Term(1), prev: prev, entries: entries(1, 1), leaderCommit: last)),
        .received(by: n1, from: n2, .entries(term: 1, after: at(1 << 40, 1), entries(1, 1))))
        == [])
    #expect(
      found(.boot(n1, term: 1), .applied(n1, prev, entry(1, "x")), .committed(n1, last))
        .map(\.invariant)
        == [.appliedOnce, .stateMachineSafety, .stateMachineSafety])
  }

  @Test func `servers beyond those expected are taken in`() {
    let late = ServerID(40)
    #expect(found(.boot(late, term: 3), .term(late, 2)).map(\.invariant) == [.termMonotonic])
  }

  /// Comparisons of the steps that replicate, commit and apply one entry, and of an election, on
  /// logs of this length.
  private func costOfSteps(length: Int) -> Int {
    let log = (1...length).map { entry(1, "e\($0)") }
    var checker = InvariantChecker(servers: 3)
    for server in [n1, n2, n3] {
      checker.observe(.boot(server, term: 1, log: log, commit: length))
    }
    checker.observe(.term(n1, 2))
    checker.observe(.role(n1, .leader, 2))
    let before = checker.comparisons
    let next = [entry(2, "next")]
    checker.observe(.append(n1, first: length + 1, next))
    for follower in [n2, n3] {
      checker.observe(.term(follower, 2))
      checker.observe(
        .sent(from: n1, to: follower, .entries(term: 2, after: at(length, 1), next, commit: length))
      )
      checker.observe(.append(follower, first: length + 1, next))
      checker.observe(.sent(from: follower, to: n1, .ack(term: 2, match: length + 1)))
    }
    for server in [n1, n2, n3] { checker.observe(.commit(server, length + 1)) }
    checker.observe(.term(n2, 3))
    checker.observe(.role(n2, .leader, 3))
    checker.observe(.role(n1, .follower, 3))
    checker.observe(.append(n1, first: length + 2, [entry(2, "lost")]))
    checker.observe(.truncate(n1, from: length + 2))
    #expect(checker.takeViolations() == [])
    return checker.comparisons - before
  }

  @Test func `a step costs what it changed, whatever the length of the log`() {
    let short = costOfSteps(length: 10)
    #expect(short > 0)
    #expect(costOfSteps(length: 5_000) == short)
    #expect(short < 50)
  }

  /// A log of which nothing was committed before is compared once as its server leads, and not
  /// again with every later term.
  @Test func `each committed entry is compared once with a server's log`() {
    let log = (1...1_000).map { entry(1, "e\($0)") }
    var checker = InvariantChecker(servers: 2)
    checker.observe(.boot(n1, term: 1, log: log, commit: log.count))
    checker.observe(.boot(n2, term: 1, log: log))
    let costs = (2...4).map { term in
      let before = checker.comparisons
      checker.observe(.term(n2, term))
      checker.observe(.role(n2, .leader, term))
      return checker.comparisons - before
    }
    #expect(checker.takeViolations() == [])
    #expect(costs[0] >= log.count)
    #expect(costs[1] < 10)
    #expect(costs[2] < 10)
  }
}
