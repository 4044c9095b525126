import RaftStorage
import RaftTypes

/// Where an entry's record is.
struct EntryPlace: Hashable, Sendable {
  /// The segment's number; 0 while the entry is not in a file.
  var segment: UInt64
  /// Where the record begins; for an entry that is not in a file, the number of its write.
  var offset: UInt64

  static func pending(_ write: WriteSequence) -> EntryPlace {
    EntryPlace(segment: 0, offset: write.rawValue)
  }
}

/// What is kept in memory of an entry.
struct EntrySlot: Sendable {
  var term: Term
  var place: EntryPlace
  /// Bytes of the payload.
  var size: UInt32
  var kind: EntryKind
  /// The payload, unless it was left on the disk.
  var payload: [UInt8]?
}

/// The entries of a log by their positions: terms, places, and payloads of some.
struct EntryTable: Sendable {
  /// The position before the first entry.
  private(set) var base: LogPosition
  /// The slots; those before `head` are dropped, and are cleared away now and then.
  private var slots: [EntrySlot] = []
  private var head = 0

  init(base: LogPosition = .zero) { self.base = base }

  var count: Int { slots.count - head }
  var firstIndex: LogIndex { base.index.next }
  var lastIndex: LogIndex { base.index + count }

  /// The last entry, or the position before the first where there is none.
  var last: LogPosition {
    count == 0 ? base : LogPosition(index: lastIndex, term: slots[slots.count - 1].term)
  }

  /// The first entry's slot.
  var first: EntrySlot? { count == 0 ? nil : slots[head] }

  /// The slot of a position that is held. Any other traps.
  subscript(index: LogIndex) -> EntrySlot {
    get { slots[head + (index - firstIndex)] }
    set { slots[head + (index - firstIndex)] = newValue }
  }

  func contains(_ index: LogIndex) -> Bool { index > base.index && index <= lastIndex }

  /// The term at a position, the one before the first entry included.
  func term(at index: LogIndex) -> Term? {
    if index == base.index { return base.term }
    return contains(index) ? self[index].term : nil
  }

  mutating func append(_ slot: EntrySlot) { slots.append(slot) }

  /// Drops what is behind a position, which is held or the one before the first.
  mutating func truncate(after index: LogIndex) { slots.removeLast(lastIndex - index) }

  /// Drops the entries up to one that is held.
  mutating func discard(upTo index: LogIndex) {
    let dropped = index - base.index
    guard dropped > 0 else { return }
    base = LogPosition(index: index, term: self[index].term)
    for position in head..<head + dropped { slots[position].payload = nil }
    head += dropped
    if head > slots.count / 2 {
      slots.removeFirst(head)
      head = 0
    }
  }

  /// The terms of all entries in runs.
  var runs: [TermRun] {
    var runs: [TermRun] = []
    for slot in slots[head...] {
      if let last = runs.last, last.term == slot.term {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(TermRun(term: slot.term, count: 1))
      }
    }
    return runs
  }
}
