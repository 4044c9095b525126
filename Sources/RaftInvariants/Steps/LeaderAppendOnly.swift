import RaftTypes

/// While a server leads, its log only grows.
///
/// - Source: Raft paper, Figure 3 and §5.3.
struct LeaderAppendOnly: Checker {
  static let invariant = Invariant.leaderAppendOnly
  var standing = Standing.unobserved

  /// A server removed an entry while it led a term.
  mutating func removed(
    _ number: EntryNumber, by leader: ServerRecord, leads term: Term, _ ledger: Ledger,
    _ findings: inout Findings
  ) {
    fail(
      by: [leader.id],
      """
      \(leader.id) removed entry \(ledger.position(number)) from its log while it led term \
      \(term): a leader never overwrites or deletes entries of its log
      """, &findings)
  }
}
