import RaftTypes

/// All servers commit and apply the same entries, those that they hold, and keep them.
///
/// - Source: Raft paper, Figure 3 and §5.4.3.
struct StateMachineSafety: Checker {
  static let invariant = Invariant.stateMachineSafety
  var standing = Standing.unobserved

  /// An entry that some server bound itself to, and how.
  private struct Claim: Sendable {
    enum Kind { case applied, committed, holds }

    let kind: Kind
    let server: ServerID
    let number: EntryNumber
  }

  /// By index, the entry that was applied there first.
  private var applied = IndexedTable<Claim>()

  // MARK: Commit

  /// A server vouches for its log up to `index`: compares it with what others committed, and
  /// extends that where it ends.
  ///
  /// - Returns: whether there are entries that nobody had committed before.
  mutating func commit(
    _ record: inout ServerRecord, upTo index: LogIndex, _ facts: inout Facts,
    _ snapshotPrefix: inout SnapshotPrefix, _ findings: inout Findings
  ) -> Bool {
    if index > .zero { arm() }
    guard record.isLogWhole, !record.isDisputed else { return false }
    if index > record.reach {
      fail(
        by: [record.id],
        """
        \(record.id) has commitIndex \(index) with a log that ends at index \(record.lastIndex): \
        it commits entries that it does not hold
        """, &findings)
    }
    let end = Int(min(index, record.lastIndex).rawValue)
    while record.agreed < min(end, facts.end), let own = record.log[record.agreed + 1] {
      findings.comparisons += 1
      let other = facts.committed[record.agreed]
      if let number = other.number {
        guard own == number else {
          record.isDisputed = true
          let claim = Claim(kind: .committed, server: other.server, number: number)
          reject(own, by: record.id, against: claim, facts.ledger, &findings)
          return false
        }
      } else if let contradiction = facts.show(own, at: record.agreed + 1) {
        record.isDisputed = true
        snapshotPrefix.contradicts(own, by: record.id, contradiction, facts.ledger, &findings)
        return false
      }
      record.agreed += 1
    }
    guard record.agreed == facts.end, end > record.agreed else { return false }
    while record.agreed < end, let number = record.log[record.agreed + 1] {
      findings.comparisons += 1
      facts.commit(number, in: record.term, by: record.id)
      if let claim = applied[UInt64(facts.end)], claim.number != number {
        reject(number, by: record.id, against: claim, facts.ledger, &findings)
      }
      record.agreed += 1
    }
    return true
  }

  /// A server committed an entry that is not the one bound to its index.
  private mutating func reject(
    _ number: EntryNumber, by server: ServerID, against claim: Claim, _ ledger: Ledger,
    _ findings: inout Findings
  ) {
    fail(
      by: [server, claim.server],
      """
      \(server) committed entry \(ledger.position(number)), \(contentOf: ledger.entry(number)), at \
      the index where \(claim.server) \(verb(claim)) entry \(ledger.position(claim.number)), \
      \(contentOf: ledger.entry(claim.number))
      """, &findings)
  }

  /// A server removed an entry that it had committed.
  mutating func removed(
    _ number: EntryNumber, by record: ServerRecord, _ ledger: Ledger, _ findings: inout Findings
  ) {
    fail(
      by: [record.id],
      """
      \(record.id) removed entry \(ledger.position(number)) from its log after it had committed it \
      (commitIndex \(record.commitIndex))
      """, &findings)
  }

  /// A server sent AppendEntries; it may call committed only what it has committed itself.
  mutating func announces(
    _ leaderCommit: LogIndex, by record: ServerRecord, _ findings: inout Findings
  ) {
    guard leaderCommit > record.commitIndex else { return }
    fail(
      by: [record.id],
      """
      \(record.id) sent AppendEntries with leaderCommit \(leaderCommit) while its own commitIndex \
      is \(record.commitIndex)
      """, &findings)
  }

  // MARK: Apply

  /// A server applied an entry beyond its commitIndex.
  mutating func appliedUncommitted(
    _ position: LogPosition, by record: ServerRecord, _ findings: inout Findings
  ) {
    fail(
      by: [record.id],
      "\(record.id) applied entry \(position) while its commitIndex is \(record.commitIndex)",
      &findings)
  }

  /// Compares an entry that a server applies with what was applied and committed at its index, and
  /// with the server's log.
  ///
  /// - Parameter seesLog: whether the server's log is known.
  /// - Returns: whether it is the entry that belongs there.
  mutating func apply(
    _ entry: ObservedEntry, _ position: LogPosition, by record: ServerRecord, seesLog: Bool,
    _ facts: Facts, _ findings: inout Findings
  ) -> Bool {
    arm()
    guard let claim = conflict(entry, position, by: record, seesLog: seesLog, facts, &findings)
    else { return true }
    let ledger = facts.ledger
    fail(
      by: claim.server == record.id ? [record.id] : [record.id, claim.server],
      """
      \(record.id) applied entry \(position), \(contentOf: entry), at the index where \
      \(claim.server) \(verb(claim)) entry \(ledger.position(claim.number)), \
      \(contentOf: ledger.entry(claim.number))
      """, &findings)
    return false
  }

  /// Remembers what was applied at an index.
  mutating func note(_ number: EntryNumber, at index: LogIndex, by server: ServerID) {
    guard applied[index.rawValue] == nil else { return }
    applied[index.rawValue] = Claim(kind: .applied, server: server, number: number)
  }

  /// The claim that an applied entry contradicts, if it contradicts one.
  private func conflict(
    _ entry: ObservedEntry, _ position: LogPosition, by record: ServerRecord, seesLog: Bool,
    _ facts: Facts, _ findings: inout Findings
  ) -> Claim? {
    if let claim = applied[position.index.rawValue] {
      findings.comparisons += 1
      if !facts.ledger.holds(claim.number, position, entry) { return claim }
    }
    if let other = facts.committed(at: position.index), let number = other.number {
      findings.comparisons += 1
      if !facts.ledger.holds(number, position, entry) {
        return Claim(kind: .committed, server: other.server, number: number)
      }
    }
    if seesLog, let own = record.entry(at: position.index) {
      findings.comparisons += 1
      if !facts.ledger.holds(own, position, entry) {
        return Claim(kind: .holds, server: record.id, number: own)
      }
    }
    return nil
  }

  private func verb(_ claim: Claim) -> String {
    switch claim.kind {
    case .applied: "applied"
    case .committed: "committed"
    case .holds: "holds"
    }
  }
}
