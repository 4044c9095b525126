import RaftTypes

/// The number of an entry in the ledger. Equal numbers mean the same index, term and content.
struct EntryNumber: Hashable, Sendable {
  fileprivate let rawValue: UInt32
}

/// Every entry that anybody ever showed, by index and term.
///
/// Logs, messages and state machines are compared by the numbers that it gives out; it never
/// forgets, so that an entry that was overwritten can't come back as another one.
struct Ledger: Sendable {
  /// What became of an entry that was entered.
  enum Outcome {
    /// Nobody had shown it before.
    case new
    /// It agrees with what was shown before.
    case known
    /// Another entry of this index and term was shown before.
    case differs(from: EntryNumber)
    /// It was shown before, behind an entry of another term.
    case follows(Term, before: Term)
  }

  private struct Record: Sendable {
    let index: LogIndex
    let entry: ObservedEntry
    let shownBy: ServerID
    /// The term of the entry before it, once it is known.
    var previousTerm: Term?
    /// Whether a contradiction about the entry before it has been told.
    var isContradicted = false
    /// The entry of this index that was entered before this one.
    let older: UInt32?
  }

  private var records: [Record] = []
  /// By index, the entry that was entered last.
  private var newest = IndexedTable<UInt32>()

  func entry(_ number: EntryNumber) -> ObservedEntry { records[Int(number.rawValue)].entry }

  func position(_ number: EntryNumber) -> LogPosition {
    LogPosition(
      index: records[Int(number.rawValue)].index, term: records[Int(number.rawValue)].entry.term)
  }

  func term(_ number: EntryNumber) -> Term { records[Int(number.rawValue)].entry.term }

  func kind(_ number: EntryNumber) -> EntryKind { records[Int(number.rawValue)].entry.kind }

  func isCommand(_ number: EntryNumber) -> Bool {
    records[Int(number.rawValue)].entry.kind == .command
  }

  /// The server that was the first to show this entry.
  func shownBy(_ number: EntryNumber) -> ServerID { records[Int(number.rawValue)].shownBy }

  /// Whether the entry of this number is this one.
  func holds(_ number: EntryNumber, _ position: LogPosition, _ entry: ObservedEntry) -> Bool {
    records[Int(number.rawValue)].index == position.index
      && records[Int(number.rawValue)].entry == entry
  }

  /// Enters an entry that a server showed.
  ///
  /// - Parameter previousTerm: the term of the entry before it, if it is known; 0 at index 1.
  mutating func enter(
    _ entry: ObservedEntry, at index: LogIndex, after previousTerm: Term?, shownBy server: ServerID
  ) -> (number: EntryNumber, outcome: Outcome) {
    let head = newest[index.rawValue]
    var other: UInt32?
    var next = head
    while let place = next {
      if records[Int(place)].entry.term == entry.term {
        if records[Int(place)].entry == entry {
          return (EntryNumber(rawValue: place), link(Int(place), to: previousTerm))
        }
        other = place
      }
      next = records[Int(place)].older
    }
    let place = UInt32(records.count)
    records.append(
      Record(
        index: index, entry: entry, shownBy: server, previousTerm: previousTerm, older: head))
    newest[index.rawValue] = place
    let number = EntryNumber(rawValue: place)
    return (number, other.map { .differs(from: EntryNumber(rawValue: $0)) } ?? .new)
  }

  /// Compares or notes the term of the entry before a known one. A contradiction is told once.
  private mutating func link(_ place: Int, to previousTerm: Term?) -> Outcome {
    guard let previousTerm else { return .known }
    guard let before = records[place].previousTerm else {
      records[place].previousTerm = previousTerm
      return .known
    }
    guard before != previousTerm, !records[place].isContradicted else { return .known }
    records[place].isContradicted = true
    return .follows(previousTerm, before: before)
  }
}
