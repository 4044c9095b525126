import RaftTypes

/// The log with its bytes, as a shell keeps it beside the storage: what it sends, applies and shows
/// is read here and never from a disk that may have failed.
///
/// It also knows what changed since somebody last asked, so that telling costs the change and never
/// the log.
struct EntryCache {
  /// The entries from position 1 on.
  private(set) var entries: [Entry]
  /// How many of the entries were told about.
  private var told = 0

  init(_ entries: [Entry]) { self.entries = entries }

  /// Cuts the log at the first entry's position, and puts the entries there.
  mutating func replace(with written: [Entry]) {
    guard let first = written.first else { return }
    let keep = Int(first.index.rawValue) - 1
    if keep < entries.count { cut(to: keep) }
    entries.append(contentsOf: written)
  }

  /// The position from which on told entries are gone, if any are.
  private var truncatedFrom: LogIndex?

  private mutating func cut(to count: Int) {
    entries.removeLast(entries.count - count)
    if count < told {
      told = count
      truncatedFrom = LogIndex(UInt64(count) + 1)
    }
  }

  /// The entries of a range, which lies inside the log.
  func entries(_ range: LogRange) -> ArraySlice<Entry> {
    let start = Int(range.first.rawValue) - 1
    return entries[start..<start + range.count]
  }

  /// What happened since it was last asked: a cut, if there was one, then the entries that follow.
  mutating func takeChanges() -> (truncatedFrom: LogIndex?, appended: ArraySlice<Entry>) {
    defer {
      truncatedFrom = nil
      told = entries.count
    }
    return (truncatedFrom, entries[told...])
  }
}
