import RaftTypes

/// Logs have no holes, terms never fall along them, and no entry is of a later term than its
/// server.
///
/// - Source: Raft paper, §5.3 and Figure 2 (log[]).
struct ContiguousIndices: Checker {
  static let invariant = Invariant.contiguousIndices
  var standing = Standing.unobserved

  /// Entries are put behind a log.
  ///
  /// - Returns: whether they start right behind its last entry.
  mutating func append(
    at first: LogIndex, to record: ServerRecord, _ findings: inout Findings
  ) -> Bool {
    arm()
    findings.comparisons += 1
    guard first != record.lastIndex.next else { return true }
    fail(
      by: [record.id],
      """
      \(record.id) appended entries from index \(first) on to a log that ends at index \
      \(record.lastIndex): the next index is \(record.lastIndex.next)
      """, &findings)
    return false
  }

  /// Compares the terms of consecutive entries that a server showed, the first of which follows
  /// `previous`, with each other and with a term that none may exceed.
  mutating func compareTerms(
    of entries: [ObservedEntry], after previous: LogPosition, atMost bound: Term,
    shownBy server: ServerID, _ findings: inout Findings
  ) {
    guard !entries.isEmpty else { return }
    arm()
    var before = previous
    for entry in entries {
      findings.comparisons += 1
      let position = LogPosition(index: before.index.next, term: entry.term)
      guard entry.term >= before.term else {
        return fail(
          by: [server],
          """
          \(server) has entry \(position) behind entry \(before): terms never fall along a log
          """, &findings)
      }
      guard entry.term <= bound else {
        return fail(
          by: [server],
          """
          \(server) has entry \(position) in term \(bound): no entry is of a term that its server \
          has not reached
          """, &findings)
      }
      before = position
    }
  }
}
