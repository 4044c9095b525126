import RaftTypes

/// What a server voted.
struct Votes: Sendable {
  /// By term, the candidate whom a message or the boot state gave the vote.
  var told = IndexedTable<ServerID>()
  /// The last vote of its state, which a crash may still take back.
  var stated: (term: Term, candidate: ServerID)?
  /// The last term in which a second vote was found.
  var contested: Term?
}

/// A server votes for at most one candidate in a term, restarts included.
///
/// - Source: Raft paper, §5.2 and Figure 2 (votedFor).
struct OneVotePerTerm: Checker {
  static let invariant = Invariant.oneVotePerTerm
  var standing = Standing.unobserved

  /// A server's state tells whom it voted for. That it tells nobody takes no vote back.
  mutating func state(
    _ record: inout ServerRecord, _ candidate: ServerID?, in term: Term,
    _ findings: inout Findings
  ) {
    guard let candidate else { return }
    compare(&record, candidate, in: term, &findings)
    record.votes.stated = (term, candidate)
  }

  /// A message tells whom a server votes for: for its receiver, or as a candidate for itself.
  mutating func tell(
    _ record: inout ServerRecord, _ candidate: ServerID, in term: Term,
    _ findings: inout Findings
  ) {
    compare(&record, candidate, in: term, &findings)
    if record.votes.told[term.rawValue] == nil {
      record.votes.told[term.rawValue] = candidate
    }
  }

  /// A server starts a further life with the vote that its storage held.
  mutating func restart(
    _ record: inout ServerRecord, from state: HardState, _ findings: inout Findings
  ) {
    record.votes.stated = nil
    self.state(&record, state.votedFor, in: state.term, &findings)
  }

  private mutating func compare(
    _ record: inout ServerRecord, _ candidate: ServerID, in term: Term,
    _ findings: inout Findings
  ) {
    arm()
    findings.comparisons += 1
    let stated = record.votes.stated.flatMap { $0.term == term ? $0.candidate : nil }
    let told = record.votes.told[term.rawValue] ?? candidate
    let other = told != candidate ? told : stated ?? candidate
    guard other != candidate, record.votes.contested != term else { return }
    record.votes.contested = term
    fail(
      by: [record.id],
      """
      \(record.id) voted for \(candidate) in term \(term), in which it had voted for \
      \(other): a server votes for at most one candidate in a term
      """, &findings)
  }
}
