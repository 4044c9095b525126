import RaftInvariants
import RaftTypes
import Testing

private func change(_ term: Int, _ voters: ServerID..., outgoing: [ServerID] = []) -> ObservedEntry
{
  ObservedEntry(
    term: Term(UInt64(term)), kind: .configuration,
    payload: Configuration(voters: voters, outgoing: outgoing).encoded)
}

/// One uncommitted configuration at a time in the log of a leader.
@Suite struct `One Configuration Change` {
  private let start: [Observation] = [
    .boot(n1, term: 1, log: entries(1)), .term(n1, 2), .role(n1, .leader, 2),
    .append(n1, first: 2, [change(2, n1, n2)]),
  ]

  @Test func `a second change before the first is committed violates it`() {
    var watch = Watch(start)
    #expect(
      watch.found(.append(n1, first: 3, [change(2, n1)]))
        == [
          Found(
            .oneConfigurationChange,
            "n1 appended a configuration at index 3 while the one at index 2 is not committed "
              + "(commitIndex 0)")
        ])
  }

  @Test func `a change on top of an uncommitted one of an earlier leader violates it`() {
    #expect(
      found(
        .boot(n1, term: 1, log: [change(1, n1, n2)]), .term(n1, 2), .role(n1, .leader, 2),
        .append(n1, first: 2, [change(2, n1)])
      ).map(\.invariant) == [.oneConfigurationChange])
  }

  @Test func `a change after the first is committed is legal, told in one answer too`() {
    var watch = Watch(start)
    #expect(watch.found(.append(n1, first: 3, [change(2, n1)]), .commit(n1, 2)) == [])
    #expect(watch.stands(.oneConfigurationChange) == .held)
  }

  @Test func `a follower takes what the leader sends`() {
    #expect(
      found(
        .boot(n1, term: 2), .append(n1, first: 1, [change(1, n1, n2), change(2, n1)])) == [])
  }

  @Test func `it is unobserved until a leader appends a configuration`() {
    let watch = Watch([.boot(n1, term: 1, log: [change(1, n1)])])
    #expect(watch.stands(.oneConfigurationChange) == .unobserved)
  }
}

/// The latest configuration is in force.
@Suite struct `Configuration in Force` {
  private let first = Configuration(voters: [n1, n2, n3])
  private let two = Configuration(voters: [n1, n2])
  private let one = Configuration(voters: [n1])

  private func start(_ log: [ObservedEntry]) -> [Observation] {
    [
      .booted(n1, HardState(term: Term(2)), configuration: first, log: log, commit: .zero)
    ]
  }

  private func found(_ use: ConfigurationUse, _ observations: [Observation]) -> [Found] {
    var checker = InvariantChecker(servers: 3, configurations: use)
    for observation in observations { checker.observe(observation) }
    return checker.takeViolations().map(Found.init)
  }

  @Test func `a configuration that is not the latest of the log violates it`() {
    let log = [change(1, n1, n2), change(2, n1)]
    #expect(
      found(.onAppend, start(log) + [.configurationChanged(n1, two)])
        == [
          Found(
            .configurationInForce,
            "n1 uses the configuration [n1, n2], and the latest that it holds is [n1]")
        ])
    #expect(found(.onAppend, start(log) + [.configurationChanged(n1, one)]) == [])
  }

  @Test func `where configurations take effect on apply, those not applied yet may wait`() {
    let log = [change(1, n1, n2), change(2, n1)]
    for early in [first, two, one] {
      #expect(found(.onApply, start(log) + [.configurationChanged(n1, early)]) == [])
    }
    let applied: [Observation] = [.commit(n1, 1), .apply(n1, 1, log[0])]
    #expect(
      found(.onApply, start(log) + applied + [.configurationChanged(n1, first)])
        .map(\.invariant) == [.configurationInForce])
  }

  @Test func `a configuration that is deleted from the log stays in force nowhere`() {
    let log = entries(1) + [change(1, n1, n2)]
    let kept = start(log) + [.configurationChanged(n1, two), .truncate(n1, from: 2)]
    #expect(found(.onApply, kept).map(\.invariant) == [.configurationInForce])
    #expect(found(.onAppend, kept + [.configurationChanged(n1, first)]) == [])
  }

  @Test func `a snapshot's configuration takes the place of what it covers`() {
    let snapshot = ObservedSnapshot(at(3, 1), configuration: two)
    let restored: [Observation] = [
      .boot(n1, term: 2), .configurationChanged(n1, first),
      .received(by: n1, from: n2, .install(term: 2, snapshot)), .snapshotStored(n1, at(3, 1)),
      .compacted(n1, first: LogIndex(4)), .restored(n1, snapshot),
    ]
    #expect(found(.onApply, restored).map(\.invariant) == [.configurationInForce])
    #expect(found(.onAppend, restored + [.configurationChanged(n1, two)]) == [])
  }

  @Test func `what compaction discards stays in force`() {
    let log = [change(1, n1, n2)] + entries(1)
    let compacted =
      start(log) + [
        .configurationChanged(n1, two), .commit(n1, 2), .apply(n1, 1, log[0]),
        .apply(n1, 2, log[1]), .snapshotStored(n1, at(2, 1)), .compacted(n1, first: LogIndex(3)),
      ]
    #expect(found(.onAppend, compacted) == [])
    #expect(
      found(.onAppend, compacted + [.configurationChanged(n1, first)]).map(\.invariant)
        == [.configurationInForce])
  }

  @Test func `bytes that are no configuration are not compared`() {
    #expect(
      found(
        .onAppend, start([entry(1, "?", .configuration)]) + [.configurationChanged(n1, first)])
        == [])
  }
}

/// Reads see what was committed before they were asked.
@Suite struct `Linearizable Reads` {
  private let log = [entry(1, "a"), entry(1, "", .internalEntry), entry(1, "b")]
  private var start: [Observation] {
    [
      .boot(n1, term: 1, log: log, commit: 3), .boot(n2, term: 1, log: log, commit: 1),
      .apply(n2, 1, log[0]),
    ]
  }

  private func read(by server: ServerID, _ index: Int) -> [Observation] {
    [.readStarted(7), .readServed(server, read: 7, index: LogIndex(UInt64(index)))]
  }

  @Test func `a read that misses a committed command violates it`() {
    var watch = Watch(start + read(by: n2, 1))
    #expect(
      watch.found()
        == [
          Found(
            .readLinearizable,
            "n2 served a read as of index 1, and the entry at index 3 had been committed before "
              + "the read was asked")
        ])
  }

  @Test func `a read of what is not applied violates it`() {
    var watch = Watch(start + read(by: n2, 3))
    #expect(
      watch.found()
        == [
          Found(
            .readLinearizable,
            "n2 served a read as of index 3 without having applied the entry at index 3")
        ])
  }

  @Test func `what was committed after the read was asked may be missing`() {
    #expect(
      found(
        .boot(n1, term: 1, log: log), .boot(n2, term: 1, log: log, commit: 1),
        .apply(n2, 1, log[0]), .readStarted(7), .commit(n1, 3),
        .readServed(n2, read: 7, index: LogIndex(1))) == [])
  }

  @Test func `an entry without a command may be missing`() {
    #expect(
      found(
        .boot(n1, term: 1, log: log, commit: 2), .boot(n2, term: 1, log: log, commit: 1),
        .apply(n2, 1, log[0]), .readStarted(7), .readServed(n2, read: 7, index: LogIndex(1))) == [])
  }

  @Test func `a read from the state machine that a snapshot brought is legal`() {
    var watch = Watch(start)
    let snapshot = ObservedSnapshot(at(3, 1), commands: [log[0].payload, log[2].payload])
    #expect(watch.found(.restored(n2, snapshot)) == [])
    for observation in read(by: n2, 3) { #expect(watch.found(observation) == []) }
    #expect(watch.stands(.readLinearizable) == .held)
  }

  @Test func `it is unobserved until a read is served`() {
    var watch = Watch(start)
    #expect(watch.found(.readStarted(1)) == [])
    #expect(watch.stands(.readLinearizable) == .unobserved)
  }
}
