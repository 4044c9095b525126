import RaftTypes

/// A leader holds every entry that was committed in an earlier term.
///
/// Each committed entry is compared once with each server's log: what is known to agree is marked
/// in the server's record, and a truncation takes the mark back.
///
/// - Source: Raft paper, Figure 3, §5.4.1 and §5.4.2.
struct LeaderCompleteness: Checker {
  static let invariant = Invariant.leaderCompleteness
  var standing = Standing.unobserved

  /// Compares the log of a server that leads `term` with the committed entries.
  mutating func verify(
    _ record: inout ServerRecord, leads term: Term, _ facts: Facts, _ findings: inout Findings
  ) {
    guard record.isLogWhole, !record.isDisputed else { return }
    if let first = facts.committed.first, first.term < term { arm() }
    var place = record.agreed
    while place < facts.committed.count {
      findings.comparisons += 1
      let entry = facts.committed[place]
      if place < record.log.count, record.log[place] == entry.number {
        if place == record.agreed { record.agreed += 1 }
        if entry.term < term { arm() }
      } else if entry.term < term {
        record.isDisputed = true
        let own = place < record.log.count ? facts.ledger.position(record.log[place]) : nil
        return lacks(entry, record, leads: term, instead: own, facts.ledger, &findings)
      }
      place += 1
    }
  }

  /// Compares one position that a leader showed of its log with the entry committed there.
  ///
  /// - Parameter number: the entry, where more than its position is known.
  mutating func verify(
    _ position: LogPosition, _ number: EntryNumber?, shownBy leader: ServerRecord,
    leads term: Term, _ facts: Facts, _ findings: inout Findings
  ) {
    guard let entry = facts.committed(at: position.index), entry.term < term else { return }
    arm()
    findings.comparisons += 1
    let agrees =
      if let number { number == entry.number } else {
        facts.ledger.term(entry.number) == position.term
      }
    if !agrees {
      lacks(entry, leader, leads: term, instead: position, facts.ledger, &findings)
    }
  }

  private mutating func lacks(
    _ entry: CommittedEntry, _ leader: ServerRecord, leads term: Term, instead own: LogPosition?,
    _ ledger: Ledger, _ findings: inout Findings
  ) {
    let position = ledger.position(entry.number)
    guard let own else {
      return fail(
        by: [leader.id, entry.server],
        """
        \(leader.id) leads term \(term) with a log that ends at index \(leader.lastIndex), without \
        entry \(position), which \(entry.server) committed in term \(entry.term)
        """, &findings)
    }
    fail(
      by: [leader.id, entry.server],
      """
      \(leader.id) leads term \(term) with entry \(own) at the index where \(entry.server) \
      committed entry \(position) in term \(entry.term)
      """, &findings)
  }
}
