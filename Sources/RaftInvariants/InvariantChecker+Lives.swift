import RaftTypes

/// Births, roles and terms.
extension InvariantChecker {
  mutating func boot(
    _ place: Int, _ state: HardState, _ log: [ObservedEntry], _ commit: LogIndex
  ) {
    settle()
    let id = servers[place].id
    var record = ServerRecord(id)
    record.term = state.term
    record.exposedTerm = state.term
    record.log = enter(log, after: .zero, shownBy: id)
    record.commitIndex = commit
    record.promises.durable = log.count
    record.promises.exist = state != HardState() || !log.isEmpty
    if let candidate = state.votedFor {
      oneVotePerTerm.tell(&record, candidate, in: state.term, &findings)
    }
    contiguousIndices.compareTerms(
      of: log, after: .zero, atMost: state.term, shownBy: id, &findings)
    servers[place] = record
    if commit > .zero, seesLogs { learnCommit(place, upTo: commit) }
  }

  mutating func restart(_ place: Int, _ state: HardState, _ log: [ObservedEntry]) {
    settle()
    let id = servers[place].id
    let numbers = enter(log, after: .zero, shownBy: id)
    let keptTerm = termMonotonic.restart(&servers[place], in: state.term, &findings)
    oneVotePerTerm.restart(&servers[place], from: state, &findings)
    durableAcknowledgement.restart(
      &servers[place], from: state, log: numbers, keptTerm: keptTerm, seesLog: seesLogs,
      facts.ledger, &findings)
    if keptTerm {
      contiguousIndices.compareTerms(
        of: log, after: .zero, atMost: state.term, shownBy: id, &findings)
    }
    servers[place].startLife(log: numbers)
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
