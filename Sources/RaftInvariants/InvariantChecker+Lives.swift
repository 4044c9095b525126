import RaftTypes

/// What a server's storage holds at the start of a life.
struct ObservedStorage: Sendable {
  let state: HardState
  let snapshot: ObservedSnapshot?
  let log: [ObservedEntry]
  /// The position before the log, as far as its term is known.
  let base: LogIndex
  let baseTerm: Term?

  init(
    _ state: HardState, _ snapshot: ObservedSnapshot?, first: LogIndex, _ log: [ObservedEntry]
  ) {
    self.state = state
    self.snapshot = snapshot
    self.log = log
    base = first > .zero ? first.previous : .zero
    let isCovered = snapshot?.position.index == base
    baseTerm = base == .zero ? .zero : isCovered ? snapshot?.position.term : nil
  }

  var position: LogPosition { snapshot?.position ?? .zero }
}

/// Births, roles and terms.
extension InvariantChecker {
  mutating func boot(
    _ place: Int, _ storage: ObservedStorage, from configuration: Configuration?,
    _ commit: LogIndex
  ) {
    settle()
    let state = storage.state
    var record = ServerRecord(servers[place].id)
    record.term = state.term
    record.exposedTerm = state.term
    record.log = enter(storage, shownBy: record.id)
    record.snapshot = storage.position
    record.agreed = record.log.base
    record.commitIndex = commit
    record.appliedBefore = storage.position.index
    record.promises.durable = Int(record.reach.rawValue)
    record.promises.exist = state != HardState() || record.reach > .zero
    if let candidate = state.votedFor {
      oneVotePerTerm.tell(&record, candidate, in: state.term, &findings)
    }
    compareTerms(storage, shownBy: record.id)
    servers[place] = record
    startConfigurations(place, from: configuration, storage)
    begin(place, storage)
    if commit > .zero { learnCommit(place, upTo: commit) }
  }

  mutating func restart(_ place: Int, _ storage: ObservedStorage) {
    settle()
    let state = storage.state
    let log = enter(storage, shownBy: servers[place].id)
    let keptTerm = termMonotonic.restart(&servers[place], in: state.term, &findings)
    oneVotePerTerm.restart(&servers[place], from: state, &findings)
    durableAcknowledgement.restart(
      &servers[place], from: state, log: log, snapshot: storage.position, keptTerm: keptTerm,
      seesLog: seesLogs, facts.ledger, &findings)
    if keptTerm { compareTerms(storage, shownBy: servers[place].id) }
    servers[place].startLife(log: log, snapshot: storage.position)
    startConfigurations(place, from: servers[place].configurations.original, storage)
    begin(place, storage)
  }

  /// Compares the snapshot that a life starts from, and what the log leaves to it.
  private mutating func begin(_ place: Int, _ storage: ObservedStorage) {
    if seesLogs {
      compactionCovered.starts(servers[place], at: storage.base.next, &findings)
    }
    guard let snapshot = storage.snapshot else { return }
    show(snapshot, by: place)
    if seesLogs { learnCommit(place, upTo: snapshot.position.index) }
  }

  private mutating func enter(_ storage: ObservedStorage, shownBy id: ServerID) -> ObservedLog {
    let numbers = enter(storage.log, at: storage.base.next, after: storage.baseTerm, shownBy: id)
    return ObservedLog(after: Int(storage.base.rawValue), of: storage.baseTerm, numbers)
  }

  private mutating func compareTerms(_ storage: ObservedStorage, shownBy id: ServerID) {
    contiguousIndices.compareTerms(
      of: storage.log,
      after: LogPosition(index: storage.base, term: storage.baseTerm ?? .zero),
      atMost: storage.state.term, shownBy: id, &findings)
  }

  mutating func change(_ place: Int, to role: NodeRole, in term: Term) {
    settle()
    if servers[place].term != term {
      termMonotonic.step(&servers[place], to: term, &findings)
    }
    switch role {
    case .follower, .preCandidate, .candidate:
      servers[place].leads = nil
    case .leader:
      electionSafety.leads(servers[place].id, term, &findings)
      leaderAppendOnly.arm()
      guard servers[place].leads != term else { return }
      servers[place].leads = term
      if seesLogs {
        leaderCompleteness.verify(&servers[place], leads: term, facts, &findings)
      }
    }
  }
}
