import RaftTypes

/// A log starts no later than behind what the server's durable snapshot covers.
///
/// - Source: Raft paper, §7 (the log up to the snapshot's last entry is discarded once it is
///   written).
struct CompactionCovered: Checker {
  static let invariant = Invariant.compactionCovered
  var standing = Standing.unobserved

  /// A server's log starts at an index now.
  mutating func starts(
    _ record: ServerRecord, at first: LogIndex, _ findings: inout Findings
  ) {
    guard first.rawValue > 1 else { return }
    arm()
    findings.comparisons += 1
    guard first > record.snapshot.index.next else { return }
    guard record.snapshot.index > .zero else {
      return fail(
        by: [record.id],
        """
        \(record.id) has a log that starts at index \(first) and no durable snapshot of what lies \
        before
        """, &findings)
    }
    fail(
      by: [record.id],
      """
      \(record.id) has a log that starts at index \(first), and its durable snapshot ends with \
      entry \(record.snapshot)
      """, &findings)
  }
}
