import RaftTypes

/// Within a life each entry is applied once, in the order of the log.
///
/// A state machine may outlive a crash, so a further life may go on behind anything that an earlier
/// one applied. Entries without a command need not be shown as applied.
///
/// - Source: Raft paper, Figure 2 (lastApplied; Rules for Servers, All Servers).
struct AppliedOnce: Checker {
  static let invariant = Invariant.appliedOnce
  var standing = Standing.unobserved

  /// A server applies the right entry at an index; is it this one's turn?
  mutating func step(
    _ record: inout ServerRecord, _ position: LogPosition, _ ledger: Ledger,
    _ findings: inout Findings
  ) {
    arm()
    findings.comparisons += 1
    guard position.index > .zero else {
      return fail(
        by: [record.id], "\(record.id) applied an entry at index 0: logs start at index 1",
        &findings)
    }
    let last = record.lastApplied
    guard position.index > last else {
      return fail(
        by: [record.id],
        """
        \(record.id) applied entry \(position) again: it had applied the entries up to index \
        \(last) in this life
        """, &findings)
    }
    record.lastApplied = position.index
    let previous = position.index.previous
    let resumes = last == .zero && previous <= record.appliedBefore
    guard previous != last, !resumes else { return }
    guard let skipped = skippedCommand(record, after: last, before: position.index, ledger) else {
      return
    }
    fail(
      by: [record.id],
      """
      \(record.id) applied entry \(position) directly after index \(last): it left out the \
      entry at index \(skipped)
      """, &findings)
  }

  /// The first entry between two indices that is not known to be without a command.
  private func skippedCommand(
    _ record: ServerRecord, after last: LogIndex, before index: LogIndex, _ ledger: Ledger
  ) -> LogIndex? {
    var next = last.next
    while next < index {
      let place = Int(next.rawValue) - 1
      guard place < record.log.count, !ledger.isCommand(record.log[place]) else { return next }
      next = next.next
    }
    return nil
  }
}
