import RaftTypes

/// What is known of one server.
struct ServerRecord: Sendable {
  let id: ServerID
  var term: Term = .zero
  /// The term that it leads now.
  var leads: Term?
  var log = ObservedLog()
  /// Whether `log` is known without gaps. After a hole nothing is compared with it.
  var isLogWhole = true
  /// Its newest durable snapshot.
  var snapshot = LogPosition.zero
  /// The snapshots that messages offered to it; each may arrive, and late.
  var offered: Set<LogPosition> = []
  var commitIndex: LogIndex = .zero
  var lastApplied: LogIndex = .zero
  /// The highest index that an earlier life or a snapshot has brought its state machine to.
  var appliedBefore: LogIndex = .zero
  /// The index up to which its log is known to be the committed one.
  var agreed = 0
  /// Whether it was told that the log disagrees with the committed entries.
  var isDisputed = false
  /// The entries of the last truncation, while it is open whether they are put back.
  var removed: [EntryNumber] = []
  /// The index of the first of them.
  var removedFrom = 0
  /// The highest term that a message of it has made known, or that it booted from.
  var exposedTerm: Term = .zero
  var votes = Votes()
  var promises = Promises()
  var configurations = ObservedConfigurations()

  init(_ id: ServerID) { self.id = id }

  var lastIndex: LogIndex { LogIndex(UInt64(log.last)) }

  /// The last index that its log or its snapshot reaches.
  var reach: LogIndex { max(lastIndex, snapshot.index) }

  /// The entry of its log at an index, if it is known.
  func entry(at index: LogIndex) -> EntryNumber? {
    guard isLogWhole, index <= lastIndex else { return nil }
    return log[Int(index.rawValue)]
  }

  /// The term of the entry before an index, if it is known; 0 before the first.
  func term(before index: LogIndex, _ ledger: Ledger) -> Term? {
    guard index.rawValue > 1 else { return .zero }
    guard isLogWhole, index.rawValue - 1 <= UInt64(log.last) else { return nil }
    let previous = Int(index.rawValue) - 1
    return previous == log.base ? log.baseTerm : log[previous].map { ledger.term($0) }
  }

  /// Removes the entries from an index on, and remembers them.
  mutating func truncate(from index: Int) {
    removedFrom = max(index, log.base + 1)
    log.truncate(from: removedFrom, into: &removed)
    configurations.truncate(from: removedFrom)
  }

  /// From `index` on the log is no longer what was compared and promised.
  mutating func forget(from index: Int) {
    agreed = min(agreed, index - 1)
    isDisputed = false
    promises.durable = min(promises.durable, index - 1)
    promises.match = min(promises.match, LogIndex(UInt64(index - 1)))
  }

  /// A further life starts with the log and the snapshot that storage held.
  mutating func startLife(log: ObservedLog, snapshot: LogPosition) {
    var same = log.base
    while same < min(agreed, log.last), log[same + 1] == self.log[same + 1] { same += 1 }
    agreed = same
    self.log = log
    self.snapshot = snapshot
    isLogWhole = true
    isDisputed = false
    leads = nil
    commitIndex = .zero
    appliedBefore = max(appliedBefore, lastApplied, snapshot.index)
    lastApplied = .zero
  }
}
