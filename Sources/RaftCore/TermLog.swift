import RaftTypes

/// The log without its bytes: which term the entry at each position has.
///
/// Positions from `base` to `last` are known; `base` is the last entry that a snapshot covers, or
/// the position before the first entry. Terms never fall from one entry to the next, so the log is
/// a few runs of one term each; the last run, which nearly every question is about, lies apart.
struct TermLog {
  /// A run of entries of one term. It ends where the next one starts.
  struct Run {
    var first: LogIndex
    var term: Term
  }

  /// The last position that a snapshot covers; `zero` without one.
  private(set) var base: LogPosition
  private(set) var lastIndex: LogIndex
  /// The last run. The first run of all starts at `base`.
  private var tail: Run
  private var earlier: [Run] = []

  init(base: LogPosition, entries: EntrySpan) {
    self.base = base
    lastIndex = base.index
    tail = Run(first: base.index, term: base.term)
    append(entries, from: 0)
  }

  var lastTerm: Term { tail.term }
  var last: LogPosition { LogPosition(index: lastIndex, term: tail.term) }

  /// The term of the entry at `index`; `nil` below the base and above the last entry.
  func term(at index: LogIndex) -> Term? {
    guard index <= lastIndex else { return nil }
    if index >= tail.first { return tail.term }
    guard index >= base.index else { return nil }
    return earlier[runHolding(index)].term
  }

  /// Appends `count` entries of one term.
  mutating func append(term: Term, count: Int) {
    if term != tail.term {
      earlier.append(tail)
      tail = Run(first: lastIndex.next, term: term)
    }
    lastIndex = lastIndex + count
  }

  /// Appends the entries of a span from the offset `skip` on.
  mutating func append(_ entries: EntrySpan, from skip: Int) {
    if let term = entries.singleTerm {
      return append(term: term, count: entries.count - skip)
    }
    var passed = 0
    for run in entries.runs {
      let fresh = min(run.count, passed + run.count - skip)
      if fresh > 0 { append(term: run.term, count: fresh) }
      passed += run.count
    }
  }

  /// Cuts off everything after `keep`, which is in the log.
  mutating func truncate(after keep: LogIndex) {
    precondition(keep >= base.index && keep <= lastIndex, "cut outside the log")
    lastIndex = keep
    while tail.first > keep { tail = earlier.removeLast() }
  }

  /// Forgets what lies before `index`, which is in the log; its term stays known.
  mutating func compact(through index: LogIndex) {
    guard index > base.index, let term = term(at: index) else { return }
    let holding = runHolding(index)
    base = LogPosition(index: index, term: term)
    earlier.removeFirst(holding)
    if earlier.isEmpty { tail.first = index } else { earlier[0].first = index }
  }

  /// How many of the entries from the offset `skip` on are in the log already, counted up to the
  /// first that is missing or has another term.
  ///
  /// - Parameter previous: the position before the span's first entry.
  func matching(_ entries: EntrySpan, from skip: Int, after previous: LogIndex) -> Int {
    if skip == entries.count || previous + skip == lastIndex { return 0 }
    if let term = entries.singleTerm {
      return matching(term: term, count: entries.count - skip, from: (previous + skip).next)
    }
    var matched = 0
    var passed = 0
    for run in entries.runs {
      let first = max(skip - passed, 0)
      let wanted = run.count - first
      if wanted > 0 {
        let start = (previous + passed + first).next
        let found = matching(term: run.term, count: wanted, from: start)
        matched += found
        if found < wanted { return matched }
      }
      passed += run.count
    }
    return matched
  }

  /// How many of the `count` positions from `first` on hold entries of `term`, without a gap.
  private func matching(term: Term, count: Int, from first: LogIndex) -> Int {
    var matched = 0
    while matched < count {
      let index = first + matched
      guard self.term(at: index) == term else { break }
      matched += min(count - matched, lastOfRun(holding: index) - index + 1)
    }
    return matched
  }

  /// The last position at or below `index` whose term is at most `term`; the base if there is none.
  ///
  /// Two logs that do not match at a position can't match where one of them has a higher term than
  /// the other has there, so both sides of a rejection skip whole terms with this.
  ///
  /// - Source: Raft paper, §5.3 (reducing the number of rejected AppendEntries RPCs).
  func lastPosition(upTo index: LogIndex, termAtMost term: Term) -> LogPosition {
    let index = min(index, lastIndex)
    if index >= tail.first && tail.term <= term {
      return LogPosition(index: index, term: tail.term)
    }
    guard index > base.index else { return base }
    var run = runHolding(index)
    var end = index
    while run > 0, self.run(run).term > term {
      end = self.run(run).first.previous
      run -= 1
    }
    let found = self.run(run)
    return found.term <= term ? LogPosition(index: end, term: found.term) : base
  }

  /// The entries from `first` on, `count` of them, all in the log and after the base.
  func span(from first: LogIndex, count: Int) -> EntrySpan {
    if first >= tail.first { return EntrySpan(term: tail.term, count: count) }
    var runs: [TermRun] = []
    var index = first
    var left = count
    while left > 0 {
      let run = self.run(runHolding(index))
      let taken = min(left, lastOfRun(holding: index) - index + 1)
      runs.append(TermRun(term: run.term, count: taken))
      index = index + taken
      left -= taken
    }
    return EntrySpan(runs: runs)
  }

  private func run(_ number: Int) -> Run { number < earlier.count ? earlier[number] : tail }

  private func lastOfRun(holding index: LogIndex) -> LogIndex {
    let number = runHolding(index)
    return number < earlier.count ? run(number + 1).first.previous : lastIndex
  }

  /// The number of the run that holds `index`: the last one that starts at or before it.
  private func runHolding(_ index: LogIndex) -> Int {
    if index >= tail.first { return earlier.count }
    var low = 0
    var high = earlier.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if earlier[middle].first <= index { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
