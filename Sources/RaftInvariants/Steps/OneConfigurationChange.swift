import RaftTypes

/// A leader appends a configuration only once the one before it is committed.
///
/// - Source: thesis, §4.1; Raft paper, §6.
struct OneConfigurationChange: Checker {
  static let invariant = Invariant.oneConfigurationChange
  var standing = Standing.unobserved

  /// A leader has appended a configuration at an index.
  mutating func appended(
    at index: Int, by record: ServerRecord, _ findings: inout Findings
  ) {
    arm()
    findings.comparisons += 1
    guard record.configurations.isLogged(index),
      let pending = record.configurations.logged(before: index),
      UInt64(pending) > record.commitIndex.rawValue
    else { return }
    fail(
      by: [record.id],
      """
      \(record.id) appended a configuration at index \(LogIndex(UInt64(index))) while the one at \
      index \(LogIndex(UInt64(pending))) is not committed (commitIndex \(record.commitIndex))
      """, &findings)
  }
}
