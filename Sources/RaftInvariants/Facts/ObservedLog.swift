import RaftTypes

/// A server's log by numbers of the ledger. Its start may have been discarded.
struct ObservedLog: Sendable {
  /// The last index that was discarded; 0 where the log is whole.
  private(set) var base = 0
  /// The term of the entry at `base`, if it is known; 0 at 0.
  private(set) var baseTerm: Term? = .zero
  private var entries: [EntryNumber] = []
  /// How many entries at the start of `entries` are discarded. They are dropped once they are half
  /// of them, so that discarding costs a constant an entry.
  private var dead = 0

  init() {}

  /// A log that starts behind `base`.
  init(after base: Int, of term: Term?, _ entries: [EntryNumber]) {
    self.base = base
    baseTerm = term
    self.entries = entries
  }

  /// The index of the last entry; `base` of an empty log.
  var last: Int { base + entries.count - dead }

  /// The entry at an index; `nil` where it was discarded or there is none.
  subscript(index: Int) -> EntryNumber? {
    guard index > base, index <= last else { return nil }
    return entries[dead + index - base - 1]
  }

  mutating func append(_ number: EntryNumber) { entries.append(number) }

  /// Removes the entries from an index on, into `removed`.
  mutating func truncate(from index: Int, into removed: inout [EntryNumber]) {
    let place = dead + max(index, base + 1) - base - 1
    guard place < entries.count else { return }
    removed.append(contentsOf: entries[place...])
    entries.removeSubrange(place...)
  }

  /// Discards the entries up to an index; where there are none so far, the log is empty behind it.
  ///
  /// - Parameter term: the term of the entry at `index`.
  mutating func discard(through index: Int, of term: Term?) {
    guard index > base else { return }
    if index >= last {
      entries.removeAll(keepingCapacity: true)
      dead = 0
    } else {
      dead += index - base
      if 2 * dead > entries.count {
        entries.removeSubrange(..<dead)
        dead = 0
      }
    }
    base = index
    baseTerm = term
  }
}
