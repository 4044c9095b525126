import RaftTypes

/// Entries of the same index and term hold the same and follow the same, in every log and message,
/// now and ever before.
///
/// That entries before the last one agree follows by induction: each is entered with the term of
/// the one before it.
///
/// - Source: Raft paper, Figure 3 and §5.3.
struct LogMatching: Checker {
  static let invariant = Invariant.logMatching
  var standing = Standing.unobserved

  /// Enters an entry that a server showed, and compares it with what was shown before.
  mutating func enter(
    _ entry: ObservedEntry, at index: LogIndex, after previousTerm: Term?, by server: ServerID,
    _ ledger: inout Ledger, _ findings: inout Findings
  ) -> EntryNumber {
    findings.comparisons += 1
    let (number, outcome) = ledger.enter(
      entry, at: index, after: previousTerm, shownBy: server)
    let position = LogPosition(index: index, term: entry.term)
    switch outcome {
    case .new:
      break
    case .known:
      arm()
    case .differs(let other):
      let first = ledger.shownBy(other)
      fail(
        by: server == first ? [server] : [server, first],
        """
        \(server) has \(contentOf: entry) as entry \(position), and \(first) had \
        \(contentOf: ledger.entry(other)): entries of the same index and term are the same
        """, &findings)
    case .follows(let term, let before):
      let first = ledger.shownBy(number)
      let previous = index.previous
      fail(
        by: server == first ? [server] : [server, first],
        """
        \(server) has entry \(position) behind \(LogPosition(index: previous, term: term)), and \
        it was known behind \(LogPosition(index: previous, term: before)), first from \(first): \
        logs that agree on an entry agree on all before it
        """, &findings)
    }
    return number
  }
}
