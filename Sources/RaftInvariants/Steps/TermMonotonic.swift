import RaftTypes

/// A server's term never falls, and no restart takes it below a term that a message made known.
///
/// A term that was never told may be lost in a crash: nothing depends on it yet.
///
/// - Source: Raft paper, §5.1 and Figure 2 (currentTerm).
struct TermMonotonic: Checker {
  static let invariant = Invariant.termMonotonic
  var standing = Standing.unobserved

  /// A server tells its term.
  mutating func step(
    _ record: inout ServerRecord, to term: Term, _ findings: inout Findings
  ) {
    arm()
    findings.comparisons += 1
    if term < record.term {
      fail(
        by: [record.id],
        "\(record.id) went from term \(record.term) back to term \(term)", &findings)
    }
    record.term = term
  }

  /// A server starts a further life.
  ///
  /// - Returns: whether its storage has kept up with what it made known.
  mutating func restart(
    _ record: inout ServerRecord, in term: Term, _ findings: inout Findings
  ) -> Bool {
    arm()
    findings.comparisons += 1
    record.term = term
    guard term < record.exposedTerm else { return true }
    fail(
      by: [record.id],
      """
      \(record.id) restarted in term \(term) after it had made known that it was in term \
      \(record.exposedTerm)
      """, &findings)
    record.exposedTerm = term
    return false
  }
}
