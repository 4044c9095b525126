import RaftTypes

/// What is known of the cluster as a whole.
struct Facts: Sendable {
  /// Every entry that anybody showed.
  var ledger = Ledger()
  /// The committed entries, as the first server to commit each showed them; index i at place i - 1.
  var committed: [CommittedEntry] = []

  /// The entry committed at an index, if one is.
  func committed(at index: LogIndex) -> CommittedEntry? {
    guard index > .zero, index.rawValue <= UInt64(committed.count) else { return nil }
    return committed[Int(index.rawValue) - 1]
  }
}

/// An entry that some server committed.
struct CommittedEntry: Sendable {
  let number: EntryNumber
  /// The term of the server that was the first to commit it. The leader that committed it was of
  /// this term or an earlier one.
  let term: Term
  let server: ServerID
}

/// What the checkers found, and how many comparisons they made for it.
struct Findings: Sendable {
  var violations: [Violation] = []
  var comparisons = 0
}
