import RaftTypes

/// Within a life each entry is applied once, in the order of the log.
///
/// A state machine may outlive a crash, so a further life may go on behind anything that an earlier
/// one applied. A snapshot may bring it forward, and never back. Entries without a command need not
/// be shown as applied.
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
    guard let skipped = Self.skippedCommand(record, after: last, before: position.index, ledger)
    else {
      return
    }
    fail(
      by: [record.id],
      """
      \(record.id) applied entry \(position) directly after index \(last): it left out the \
      entry at index \(skipped)
      """, &findings)
  }

  /// A server's state machine was replaced by what a snapshot holds.
  mutating func restore(
    _ record: inout ServerRecord, to position: LogPosition, _ findings: inout Findings
  ) {
    arm()
    findings.comparisons += 1
    let last = record.lastApplied
    record.lastApplied = position.index
    record.appliedBefore = max(record.appliedBefore, position.index)
    guard position.index < last else { return }
    fail(
      by: [record.id],
      """
      \(record.id) took its state machine back to the snapshot of entry \(position) after it had \
      applied the entries up to index \(last) in this life
      """, &findings)
  }

  /// The first entry between two indices that is not known to be without a command.
  static func skippedCommand(
    _ record: ServerRecord, after last: LogIndex, before index: LogIndex, _ ledger: Ledger
  ) -> LogIndex? {
    var next = last.next
    while next < index {
      guard let number = record.entry(at: next), !ledger.isCommand(number) else { return next }
      next = next.next
    }
    return nil
  }
}
