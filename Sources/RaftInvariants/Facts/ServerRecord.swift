import RaftTypes

/// What is known of one server.
struct ServerRecord: Sendable {
  let id: ServerID
  var term: Term = .zero
  /// The term that it leads now.
  var leads: Term?
  /// Its log; the entry of index i lies at place i - 1.
  var log: [EntryNumber] = []
  /// Whether `log` is known without gaps. After a hole nothing is compared with it.
  var isLogWhole = true
  var commitIndex: LogIndex = .zero
  var lastApplied: LogIndex = .zero
  /// The highest index that it applied in an earlier life: a state machine may outlive a crash.
  var appliedBefore: LogIndex = .zero
  /// How many entries of its log, from the first on, are known to be the committed ones.
  var agreed = 0
  /// Whether it was told that the log disagrees with the committed entries.
  var isDisputed = false
  /// The entries of the last truncation, while it is open whether they are put back.
  var removed: [EntryNumber] = []
  /// The place in the log where `removed` began.
  var removedFrom = 0
  /// The highest term that a message of it has made known, or that it booted from.
  var exposedTerm: Term = .zero
  var votes = Votes()
  var promises = Promises()

  init(_ id: ServerID) { self.id = id }

  var lastIndex: LogIndex { LogIndex(UInt64(log.count)) }

  /// The term of the entry before an index, if it is known; 0 before the first.
  func term(before index: LogIndex, _ ledger: Ledger) -> Term? {
    guard index.rawValue > 1 else { return .zero }
    guard isLogWhole, index.rawValue - 2 < UInt64(log.count) else { return nil }
    return ledger.term(log[Int(index.rawValue) - 2])
  }

  /// From `place` on the log is no longer what was compared and promised.
  mutating func forget(from place: Int) {
    agreed = min(agreed, place)
    isDisputed = false
    promises.durable = min(promises.durable, place)
    promises.match = min(promises.match, LogIndex(UInt64(place)))
  }

  /// A further life starts with the log that storage held.
  mutating func startLife(log: [EntryNumber]) {
    var same = 0
    while same < min(agreed, log.count), log[same] == self.log[same] { same += 1 }
    agreed = same
    self.log = log
    isLogWhole = true
    isDisputed = false
    leads = nil
    commitIndex = .zero
    appliedBefore = max(appliedBefore, lastApplied)
    lastApplied = .zero
  }
}
