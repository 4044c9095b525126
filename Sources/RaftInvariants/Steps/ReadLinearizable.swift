import RaftTypes

/// A read sees everything that was committed when it was asked, and nothing that is not applied.
///
/// - Source: thesis, §6.4 (processing read-only queries more efficiently).
struct ReadLinearizable: Checker {
  static let invariant = Invariant.readLinearizable
  var standing = Standing.unobserved
  /// By read, the highest index that any server had committed when it was asked.
  private var floors: [UInt64: LogIndex] = [:]
  /// The highest index that any server has committed.
  private(set) var highest = LogIndex.zero

  /// Some server has committed the log up to an index.
  mutating func committed(_ index: LogIndex) { highest = max(highest, index) }

  /// A client asks for a read.
  mutating func started(_ read: UInt64) { floors[read] = highest }

  /// A server serves a read.
  mutating func served(
    _ read: UInt64, at index: LogIndex, by record: ServerRecord, unapplied: LogIndex?,
    _ facts: Facts, _ findings: inout Findings
  ) {
    guard let floor = floors.removeValue(forKey: read) else { return }
    arm()
    findings.comparisons += 1
    if let missed = firstCommand(after: index, through: floor, facts) {
      fail(
        by: [record.id],
        """
        \(record.id) served a read as of index \(index), and the entry at index \(missed) had been \
        committed before the read was asked
        """, &findings)
    } else if let unapplied {
      fail(
        by: [record.id],
        """
        \(record.id) served a read as of index \(index) without having applied the entry at index \
        \(unapplied)
        """, &findings)
    }
  }

  /// The first entry of a range that is not known to be without a command.
  private func firstCommand(
    after index: LogIndex, through floor: LogIndex, _ facts: Facts
  ) -> LogIndex? {
    var next = index
    while next < floor {
      next = next.next
      guard let number = facts.committed(at: next)?.number, !facts.ledger.isCommand(number) else {
        return next
      }
    }
    return nil
  }
}
