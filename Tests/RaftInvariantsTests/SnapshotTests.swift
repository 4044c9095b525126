import RaftInvariants
import RaftTypes
import Testing

/// Snapshots and the logs behind them.
@Suite struct `Snapshot Prefix` {
  private let a = entry(1, "a")
  private let b = entry(1, "b")
  private let c = entry(2, "c")

  private func snapshot(_ index: Int, _ term: Int, _ commands: String...) -> ObservedSnapshot {
    ObservedSnapshot(at(index, term), commands: commands.map { Array($0.utf8) })
  }

  @Test func `a snapshot that lacks a command violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: [a, b, c], commit: 3),
        .boot(n2, term: 2), .sent(from: n1, to: n2, .install(term: 2, snapshot(3, 2, "a", "b"))))
        == [
          Found(
            .snapshotPrefix,
            "the snapshot of n1 as of entry 3@2 comes to 2 commands up to index 3, and what n1 "
              + "committed to 3")
        ])
  }

  @Test func `a snapshot with another command violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: [a, b, c], commit: 3),
        .restored(n2, snapshot(2, 1, "a", "x")))
        == [
          Found(
            .snapshotPrefix,
            "the snapshot of n2 as of entry 2@1 has the command \"x\" as the command at place 2, "
              + "where n1 has the command \"b\"")
        ])
  }

  @Test func `a snapshot of another term violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: [a, b, c], commit: 3), .restored(n2, snapshot(2, 2, "a", "b")))
        == [
          Found(
            .snapshotPrefix,
            "the snapshot of n2 as of entry 2@2 differs from what n1 committed at its index: entry "
              + "2@1")
        ])
  }

  @Test func `a log that commits other entries than a snapshot covers violates it`() {
    #expect(
      found(
        .booted(
          n1, HardState(term: Term(2)), snapshot: snapshot(2, 1, "a", "b"),
          first: LogIndex(3), log: [], commit: LogIndex(2)),
        .boot(n2, term: 2, log: [a, entry(1, "x")]), .commit(n2, 2)
      ).map(\.invariant)
        == [.snapshotPrefix])
  }

  @Test func `two snapshots that disagree violate it`() {
    #expect(
      found(
        .booted(
          n1, HardState(term: Term(2)), snapshot: snapshot(2, 1, "a", "b"),
          first: LogIndex(3), log: [], commit: LogIndex(2)),
        .booted(
          n2, HardState(term: Term(2)), snapshot: snapshot(4, 2, "a", "c"),
          first: LogIndex(5), log: [], commit: LogIndex(4))
      ).map(\.invariant)
        == [.snapshotPrefix])
  }

  @Test func `a snapshot of what was not applied violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: [a, b, c], commit: 3), .apply(n1, 1, a), .apply(n1, 2, b),
        .snapshotStored(n1, at(3, 2)))
        == [
          Found(
            .snapshotPrefix,
            "n1 stored a snapshot as of entry 3@2 without having applied the entry at index 3, and "
              + "nobody had sent it that snapshot")
        ])
  }

  @Test func `a snapshot of another configuration than was committed violates it`() {
    let change = ObservedEntry(
      term: Term(1), kind: .configuration, payload: Configuration(voters: [n1, n2]).encoded)
    let wrong = ObservedSnapshot(
      at(2, 1), configuration: Configuration(voters: [n1]), commands: [a.payload])
    #expect(
      found(
        .boot(n1, term: 2, log: [a, change], commit: 2), .restored(n2, wrong))
        == [
          Found(
            .snapshotPrefix,
            "the snapshot of n2 as of entry 2@1 has the configuration [n1], and n1 committed "
              + "[n1, n2]")
        ])
  }

  @Test func `a snapshot sent of what is not committed violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: [a, b, c], commit: 2),
        .sent(from: n1, to: n2, .install(term: 2, snapshot(3, 2, "a", "b", "c"))))
        == [
          Found(
            .snapshotPrefix, "n1 sent a snapshot as of entry 3@2 while its commitIndex is 2")
        ])
  }

  @Test func `a received snapshot may be stored, restored and gone on from`() {
    let whole = snapshot(3, 2, "a", "b", "c")
    #expect(
      found(
        .boot(n1, term: 2, log: [a, b, c], commit: 3), .boot(n2, term: 2, log: [a]),
        .sent(from: n1, to: n2, .install(term: 2, whole)),
        .snapshotStored(n2, whole.position), .compacted(n2, first: LogIndex(4)),
        .restored(n2, whole), .commit(n2, 3),
        .sent(from: n2, to: n1, .snapshotInstalled(term: Term(2), whole.position)),
        .append(n1, first: 4, entries(2)), .append(n2, first: 4, entries(2)), .commit(n1, 4),
        .commit(n2, 4), .apply(n2, 4, entries(2)[0])) == [])
  }

  @Test func `internal entries leave no trace in a snapshot`() {
    #expect(
      found(
        .boot(n1, term: 2, log: [a, entry(1, "", .internalEntry), c], commit: 3),
        .restored(n2, snapshot(3, 2, "a", "c"))) == [])
  }

  @Test func `logs behind a snapshot are compared with those that are whole`() {
    #expect(
      found(
        .booted(
          n1, HardState(term: Term(2)), snapshot: snapshot(2, 1, "a", "b"),
          first: LogIndex(3), log: [c], commit: LogIndex(2)),
        .boot(n2, term: 2, log: [a, b, entry(2, "x")])
      ).map(\.invariant) == [.logMatching])
    #expect(
      found(
        .boot(n2, term: 2, log: [a, b, c]),
        .booted(
          n1, HardState(term: Term(2)), snapshot: snapshot(2, 2, "a", "b"),
          first: LogIndex(3), log: [c], commit: LogIndex(2))
      ).map(\.invariant) == [.logMatching])
  }

  @Test func `a leader that lacks what a snapshot covers violates Leader Completeness`() {
    #expect(
      found(
        .booted(
          n1, HardState(term: Term(2)), snapshot: snapshot(2, 1, "a", "b"),
          first: LogIndex(3), log: [], commit: LogIndex(2)),
        .boot(n2, term: 2, log: [a]), .role(n2, .leader, 3))
        == [
          Found(
            .leaderCompleteness,
            "n2 leads term 3 with a log that ends at index 1, without entry 2@1, which n1 "
              + "committed in term 2")
        ])
  }

  @Test func `a state machine taken back violates Applied Once`() {
    #expect(
      found(
        .boot(n1, term: 2, log: [a, b, c], commit: 3), .apply(n1, 1, a), .apply(n1, 2, b),
        .apply(n1, 3, c), .restored(n1, snapshot(2, 1, "a", "b")))
        == [
          Found(
            .appliedOnce,
            "n1 took its state machine back to the snapshot of entry 2@1 after it had applied the "
              + "entries up to index 3 in this life")
        ])
  }

  @Test func `an entry that a snapshot covers and that is applied again violates Applied Once`() {
    #expect(
      found(
        .boot(n1, term: 2, log: [a, b, c], commit: 3), .restored(n1, snapshot(2, 1, "a", "b")),
        .apply(n1, 2, b)
      ).map(\.invariant) == [.appliedOnce])
  }

  @Test func `it is unobserved until a snapshot shows`() {
    var watch = Watch([.boot(n1, term: 1, log: [a], commit: 1), .apply(n1, 1, a)])
    #expect(watch.stands(.snapshotPrefix) == .unobserved)
    #expect(watch.found(.snapshotStored(n1, at(1, 1))) == [])
    #expect(watch.stands(.snapshotPrefix) == .held)
  }
}

/// Compaction only of what a durable snapshot covers.
@Suite struct `Compaction Covered` {
  private let log = entries(1, 1, 1, 2)
  private var start: [Observation] {
    [
      .boot(n1, term: 2, log: log, commit: 3), .apply(n1, 1, log[0]), .apply(n1, 2, log[1]),
      .snapshotStored(n1, at(2, 1)),
    ]
  }

  @Test func `a log discarded beyond the snapshot violates it`() {
    var watch = Watch(start)
    #expect(
      watch.found(.compacted(n1, first: LogIndex(4)))
        == [
          Found(
            .compactionCovered,
            "n1 has a log that starts at index 4, and its durable snapshot ends with entry 2@1")
        ])
  }

  @Test func `a log discarded without a snapshot violates it`() {
    #expect(
      found(.boot(n1, term: 2, log: log, commit: 3), .compacted(n1, first: LogIndex(2)))
        == [
          Found(
            .compactionCovered,
            "n1 has a log that starts at index 2 and no durable snapshot of what lies before")
        ])
  }

  @Test func `a restart with a gap between snapshot and log violates it`() {
    var watch = Watch(start + [.compacted(n1, first: LogIndex(3)), .crashed(n1)])
    #expect(
      watch.found(
        .restarted(
          n1, HardState(term: Term(2)), snapshot: ObservedSnapshot(at(1, 1)), first: LogIndex(3),
          log: Array(log[2...]))
      ).map(\.invariant).contains(.compactionCovered))
  }

  @Test func `a snapshot that is lost after compaction violates Durable Acknowledgement`() {
    var watch = Watch(start + [.compacted(n1, first: LogIndex(3)), .crashed(n1)])
    #expect(
      watch.found(.restart(n1, term: 2))
        == [
          Found(
            .durableAcknowledgement,
            "n1 restarted without entry 1, which its snapshot of entry 2@1 had covered")
        ])
  }

  @Test func `an entry behind the snapshot that is lost violates Durable Acknowledgement`() {
    var watch = Watch(start + [.compacted(n1, first: LogIndex(3)), .crashed(n1)])
    #expect(
      watch.found(
        .restarted(
          n1, HardState(term: Term(2)), snapshot: ObservedSnapshot(at(2, 1)), first: LogIndex(3),
          log: [log[2]])
      ).map(\.invariant) == [.durableAcknowledgement])
  }

  @Test func `an installed snapshot that is lost violates Durable Acknowledgement`() {
    let position = at(3, 2)
    #expect(
      found(
        .boot(n1, term: 2),
        .received(by: n1, from: n2, .install(term: 2, ObservedSnapshot(position))),
        .snapshotStored(n1, position), .compacted(n1, first: LogIndex(4)),
        .restored(n1, ObservedSnapshot(position)),
        .sent(from: n1, to: n2, .snapshotInstalled(term: Term(2), position)), .crashed(n1),
        .restart(n1, term: 2)
      ).map(\.invariant) == [.durableAcknowledgement])
  }

  @Test func `a snapshot acknowledged and not stored violates Durable Acknowledgement`() {
    #expect(
      found(
        .boot(n1, term: 2),
        .received(by: n1, from: n2, .install(term: 2, ObservedSnapshot(at(3, 2)))),
        .sent(from: n1, to: n2, .snapshotInstalled(term: Term(2), at(3, 2)))
      ).map(\.invariant) == [.durableAcknowledgement])
  }

  @Test func `a suffix acknowledged and thrown away with a snapshot violates it`() {
    #expect(
      found(
        .boot(n1, term: 2, log: entries(1, 1, 2)),
        .received(by: n1, from: n2, .entries(term: 2, after: at(3, 2))),
        .sent(from: n1, to: n2, .ack(term: 2, match: 3)),
        .received(by: n1, from: n2, .install(term: 2, ObservedSnapshot(at(2, 1)))),
        .truncate(n1, from: 1), .snapshotStored(n1, at(2, 1)), .compacted(n1, first: LogIndex(3)),
        .restored(n1, ObservedSnapshot(at(2, 1)))
      ).map(\.invariant) == [.durableAcknowledgement])
  }

  @Test func `a log that disagrees with a received snapshot may go as a whole`() {
    #expect(
      found(
        .boot(n1, term: 3, log: entries(1, 2, 2, 2), commit: 1),
        .received(by: n1, from: n2, .install(term: 3, ObservedSnapshot(at(3, 3)))),
        .truncate(n1, from: 1), .compacted(n1, first: LogIndex(1)),
        .snapshotStored(n1, at(3, 3)), .compacted(n1, first: LogIndex(4)),
        .restored(n1, ObservedSnapshot(at(3, 3))), .commit(n1, 3),
        .append(n1, first: 4, entries(3))
      ).map(\.invariant) == [.stateMachineSafety])
    #expect(
      found(
        .boot(n1, term: 3, log: entries(1, 2, 2, 2), commit: 1),
        .received(by: n1, from: n2, .install(term: 3, ObservedSnapshot(at(3, 3)))),
        .snapshotStored(n1, at(3, 3)), .truncate(n1, from: 1), .compacted(n1, first: LogIndex(4)),
        .restored(n1, ObservedSnapshot(at(3, 3))), .commit(n1, 3),
        .append(n1, first: 4, entries(3))
      ) == [])
  }

  @Test func `a snapshot that covers what is discarded is legal, across a restart too`() {
    var watch = Watch(start + [.compacted(n1, first: LogIndex(3)), .crashed(n1)])
    #expect(
      watch.found(
        .restarted(
          n1, HardState(term: Term(2)), snapshot: ObservedSnapshot(at(2, 1)), first: LogIndex(2),
          log: Array(log[1...])),
        .restored(n1, ObservedSnapshot(at(2, 1))), .commit(n1, 3), .apply(n1, 3, log[2])) == [])
    #expect(watch.stands(.compactionCovered) == .held)
  }
}
