import RaftTypes

/// The log with its bytes, as a shell keeps it beside the storage: what it sends, applies and shows
/// is read here and never from a disk that may have failed.
///
/// It also knows what changed since somebody last asked, so that telling costs the change and never
/// the log.
struct EntryCache {
  /// The position before the first entry held.
  private(set) var base: LogIndex
  /// The entries after `base`.
  private(set) var entries: [Entry]
  /// The first index as it was told; `nil` before it was.
  private var toldFirst: LogIndex?
  /// The last entry that was told about.
  private var told: LogIndex
  /// The position from which on told entries are gone, if any are.
  private var truncatedFrom: LogIndex?

  /// A log of which nothing was told.
  init(base: LogIndex, _ entries: [Entry]) {
    self.base = base
    self.entries = entries
    told = base
  }

  var lastIndex: LogIndex { base + entries.count }

  /// Cuts the log at the first entry's position, and puts the entries there.
  mutating func replace(with written: [Entry]) {
    guard let first = written.first else { return }
    cut(after: first.index.previous)
    entries.append(contentsOf: written)
  }

  /// Drops the entries up to `index`, which the log reaches.
  mutating func discard(upTo index: LogIndex) {
    guard index > base else { return }
    entries.removeFirst(index - base)
    base = index
    told = max(told, index)
  }

  /// Drops all entries: a snapshot that ends at `base` stands for them.
  mutating func reset(to base: LogIndex) {
    entries.removeAll()
    if told > base { truncatedFrom = min(truncatedFrom ?? base.next, base.next) }
    self.base = base
    told = base
  }

  private mutating func cut(after keep: LogIndex) {
    guard keep < lastIndex else { return }
    entries.removeLast(lastIndex - keep)
    if keep < told {
      told = keep
      truncatedFrom = min(truncatedFrom ?? keep.next, keep.next)
    }
  }

  /// The entries of a range, which lies inside the log.
  func entries(_ range: LogRange) -> ArraySlice<Entry> {
    let start = range.first - base.next
    return entries[start..<start + range.count]
  }

  /// Whether anything happened since it was last asked.
  var hasChanged: Bool {
    told != lastIndex || truncatedFrom != nil || toldFirst != base.next
  }

  /// What happened since it was last asked, in this order.
  struct Changes {
    /// Told entries from here on are gone.
    var truncatedFrom: LogIndex?
    /// The first index, where it is another one.
    var firstIndex: LogIndex?
    /// The entries that follow.
    var appended: ArraySlice<Entry>
  }

  /// Tells what happened since it was last asked.
  mutating func takeChanges() -> Changes {
    let isFirstNew = toldFirst != base.next
    let changes = Changes(
      truncatedFrom: truncatedFrom, firstIndex: isFirstNew ? base.next : nil,
      appended: entries[(told - base)...])
    truncatedFrom = nil
    toldFirst = base.next
    told = lastIndex
    return changes
  }
}
