import RaftTypes

/// What a server owes to those who relied on it.
struct Promises: Sendable {
  /// Whether it promised anything: by an acknowledgement, by a vote, or by the state it booted from.
  var exist = false
  /// The index up to which its log must outlive a crash, as entries or in a snapshot.
  var durable = 0
  /// The term of the last leader that it acknowledged entries to, and up to which index.
  var leaderTerm: Term = .zero
  var match: LogIndex = .zero
}

/// A server acknowledges what it holds, keeps it while the same term lasts, and finds it again
/// after a crash, as it does its votes.
///
/// - Source: Raft paper, Figure 2 (persistent state, updated before responding to RPCs).
struct DurableAcknowledgement: Checker {
  static let invariant = Invariant.durableAcknowledgement
  var standing = Standing.unobserved

  /// A server acknowledged the leader's log of `term` up to `match`.
  mutating func accept(
    _ record: inout ServerRecord, _ match: LogIndex, in term: Term, seesLog: Bool,
    _ findings: inout Findings
  ) {
    record.promises.exist = true
    guard seesLog, record.isLogWhole else { return }
    findings.comparisons += 1
    if match > record.reach {
      fail(
        by: [record.id],
        """
        \(record.id) acknowledged entries up to index \(match) with a log that ends at index \
        \(record.lastIndex)
        """, &findings)
    }
    let held = min(match, record.reach)
    record.promises.durable = max(record.promises.durable, Int(held.rawValue))
    if term > record.promises.leaderTerm {
      record.promises.leaderTerm = term
      record.promises.match = held
    } else if term == record.promises.leaderTerm {
      record.promises.match = max(record.promises.match, held)
    }
  }

  /// A follower removed an entry. Up to `match` its log is that of the leader, which only grows, so
  /// nothing of it can conflict while the term lasts.
  mutating func removed(
    _ number: EntryNumber, by record: ServerRecord, _ ledger: Ledger, _ findings: inout Findings
  ) {
    guard record.promises.leaderTerm == record.term, record.promises.match > .zero else {
      return
    }
    arm()
    findings.comparisons += 1
    let position = ledger.position(number)
    guard position.index <= record.promises.match else { return }
    fail(
      by: [record.id],
      """
      \(record.id) removed entry \(position) from its log, which it had acknowledged to the leader \
      of term \(record.term), in the same term
      """, &findings)
  }

  /// A server starts a further life: compares what its storage held with what it promised.
  ///
  /// - Parameters:
  ///   - log: the log that it read, while the record has the one from before the crash.
  ///   - snapshot: the snapshot that it read.
  ///   - keptTerm: whether its term has kept up; otherwise there is no vote to be known.
  ///   - seesLog: whether logs are known.
  mutating func restart(
    _ record: inout ServerRecord, from state: HardState, log: ObservedLog, snapshot: LogPosition,
    keptTerm: Bool, seesLog: Bool, _ ledger: Ledger, _ findings: inout Findings
  ) {
    guard record.promises.exist else { return }
    arm()
    findings.comparisons += 1
    if keptTerm, state.votedFor == nil, let candidate = record.votes.told[state.term.rawValue] {
      fail(
        by: [record.id],
        """
        \(record.id) voted for \(candidate) in term \(state.term) and restarted in that term \
        without knowing of its vote
        """, &findings)
    }
    guard seesLog, record.isLogWhole else { return }
    var index = max(log.base, Int(snapshot.index.rawValue)) + 1
    while index <= record.promises.durable {
      findings.comparisons += 1
      // Of what was discarded only the index is known.
      let isKept =
        log[index] != nil && (log[index] == record.log[index] || index <= record.log.base)
      guard isKept else { break }
      index += 1
    }
    if index <= record.promises.durable {
      forgot(record, index, instead: log[index], ledger, &findings)
    }
    let reach = max(log.last, Int(snapshot.index.rawValue))
    record.promises.durable = min(record.promises.durable, reach)
    record.promises.match = min(record.promises.match, LogIndex(UInt64(reach)))
  }

  private mutating func forgot(
    _ record: ServerRecord, _ index: Int, instead found: EntryNumber?, _ ledger: Ledger,
    _ findings: inout Findings
  ) {
    let lost = LogIndex(UInt64(index))
    guard let number = record.log[index] else {
      return fail(
        by: [record.id],
        """
        \(record.id) restarted without entry \(lost), which its snapshot of entry \
        \(record.snapshot) had covered
        """, &findings)
    }
    let position = ledger.position(number)
    guard let found else {
      return fail(
        by: [record.id],
        """
        \(record.id) restarted with a log that ends at index \(lost.previous), without entry \
        \(position), which was durable or acknowledged before
        """, &findings)
    }
    fail(
      by: [record.id],
      """
      \(record.id) restarted with entry \(ledger.position(found)) in place of entry \(position), \
      which was durable or acknowledged before
      """, &findings)
  }
}
