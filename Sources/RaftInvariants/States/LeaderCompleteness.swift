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
    var index = record.agreed + 1
    while index <= facts.end {
      findings.comparisons += 1
      let entry = facts.committed[index - 1]
      let own = record.log[index]
      let agrees: Bool? =
        if let number = entry.number { own == number } else {
          // Only a snapshot told of it: of most of what it covers not even the term.
          entry.entryTerm.map { term in own.map { facts.ledger.term($0) } == term }
        }
      if agrees == true {
        if index == record.agreed + 1, entry.number != nil { record.agreed += 1 }
        if entry.term < term { arm() }
      } else if agrees == false, entry.term < term {
        record.isDisputed = true
        return lacks(
          entry, at: index, record, leads: term, instead: own.map { facts.ledger.position($0) },
          &findings)
      }
      index += 1
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
      if let number, let committed = entry.number { number == committed } else {
        entry.entryTerm ?? position.term == position.term
      }
    if !agrees {
      lacks(
        entry, at: Int(position.index.rawValue), leader, leads: term, instead: position, &findings)
    }
  }

  private mutating func lacks(
    _ entry: CommittedEntry, at index: Int, _ leader: ServerRecord, leads term: Term,
    instead own: LogPosition?, _ findings: inout Findings
  ) {
    // Who lacks it was compared with its term, which is therefore known.
    let position = LogPosition(index: LogIndex(UInt64(index)), term: entry.entryTerm ?? .zero)
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
