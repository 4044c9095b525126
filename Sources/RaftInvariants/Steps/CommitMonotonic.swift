import RaftTypes

/// Within a life of a server its commitIndex never falls.
///
/// - Source: Raft paper, Figure 2 (commitIndex).
struct CommitMonotonic: Checker {
  static let invariant = Invariant.commitMonotonic
  var standing = Standing.unobserved

  /// A server tells its commitIndex.
  ///
  /// - Returns: whether it did not fall.
  mutating func step(
    _ record: inout ServerRecord, to index: LogIndex, _ findings: inout Findings
  ) -> Bool {
    arm()
    findings.comparisons += 1
    let before = record.commitIndex
    record.commitIndex = index
    guard index < before else { return true }
    fail(
      by: [record.id],
      "\(record.id) took its commitIndex from \(before) back to \(index)", &findings)
    return false
  }
}
