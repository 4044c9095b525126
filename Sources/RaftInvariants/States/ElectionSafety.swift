import RaftTypes

/// At most one leader a term, whether its role shows it or its AppendEntries does.
///
/// - Source: Raft paper, Figure 3 and §5.2.
struct ElectionSafety: Checker {
  static let invariant = Invariant.electionSafety
  var standing = Standing.unobserved
  private var leaders = IndexedTable<ServerID>()
  private var lastContested: Term?

  /// A server leads a term.
  mutating func leads(_ server: ServerID, _ term: Term, _ findings: inout Findings) {
    arm()
    findings.comparisons += 1
    guard let leader = leaders[term.rawValue] else {
      leaders[term.rawValue] = server
      return
    }
    guard leader != server, lastContested != term else { return }
    lastContested = term
    fail(
      by: [server, leader],
      "\(server) acts as leader of term \(term), whose leader is \(leader): a term has at most one",
      &findings)
  }
}
