import RaftTypes

/// A snapshot holds what the committed entries up to its position come to, and is made of nothing
/// that its maker has not applied.
///
/// - Source: Raft paper, §7 and Figure 13.
struct SnapshotPrefix: Checker {
  static let invariant = Invariant.snapshotPrefix
  var standing = Standing.unobserved

  /// A server showed a snapshot: compares it with what is committed, and learns from it.
  mutating func show(
    _ snapshot: ObservedSnapshot, by server: ServerID, in term: Term, _ facts: inout Facts,
    _ findings: inout Findings
  ) {
    arm()
    findings.comparisons += 1
    guard let contradiction = facts.learn(snapshot, in: term, from: server) else { return }
    let what: Statement = "the snapshot of \(server) as of entry \(snapshot.position)"
    fail(what, by: server, contradiction, &findings)
  }

  /// A server committed an entry that is not what a snapshot covers there.
  mutating func contradicts(
    _ number: EntryNumber, by server: ServerID, _ contradiction: Contradiction, _ ledger: Ledger,
    _ findings: inout Findings
  ) {
    let what: Statement =
      """
      entry \(ledger.position(number)), \(contentOf: ledger.entry(number)), which \(server) \
      committed,
      """
    fail(what, by: server, contradiction, &findings)
  }

  private mutating func fail(
    _ what: Statement, by server: ServerID, _ contradiction: Contradiction,
    _ findings: inout Findings
  ) {
    switch contradiction {
    case .position(let position, let other):
      fail(
        by: [server, other],
        "\(what) differs from what \(other) committed at its index: entry \(position)", &findings)
    case .command(let place, let given, let known, let other):
      let given = ObservedEntry(term: .zero, payload: given)
      let known = ObservedEntry(term: .zero, payload: known)
      fail(
        by: [server, other],
        """
        \(what) has \(contentOf: given) as the command at place \(count: place), where \(other) \
        has \(contentOf: known)
        """, &findings)
    case .count(let index, let given, let known, let other):
      fail(
        by: [server, other],
        """
        \(what) comes to \(count: given) commands up to index \(index), and what \(other) \
        committed to \(count: known)
        """, &findings)
    case .configuration(let given, let known, let other):
      fail(
        by: [server, other],
        "\(what) has the configuration \(given), and \(other) committed \(known)", &findings)
    }
  }

  /// A server made a snapshot durable that nobody had sent to it.
  ///
  /// - Parameter missing: the first index that it covers and whose entry was not applied.
  mutating func overtakes(
    _ position: LogPosition, missing: LogIndex, by record: ServerRecord,
    _ findings: inout Findings
  ) {
    fail(
      by: [record.id],
      """
      \(record.id) stored a snapshot as of entry \(position) without having applied the entry at \
      index \(missing), and nobody had sent it that snapshot
      """, &findings)
  }

  /// A server sent a snapshot of what it has not committed.
  mutating func announces(
    _ position: LogPosition, by record: ServerRecord, _ findings: inout Findings
  ) {
    fail(
      by: [record.id],
      """
      \(record.id) sent a snapshot as of entry \(position) while its commitIndex is \
      \(record.commitIndex)
      """, &findings)
  }
}
