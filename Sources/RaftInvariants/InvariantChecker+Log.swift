import RaftTypes

/// Changes of logs, commits and applies.
extension InvariantChecker {
  /// Enters consecutive entries that a server showed, from index `first` on.
  ///
  /// - Parameter term: the term of the entry before them, if it is known.
  mutating func enter(
    _ entries: [ObservedEntry], at first: LogIndex, after term: Term?, shownBy server: ServerID
  ) -> [EntryNumber] {
    var before = term
    var index = first
    return entries.map { entry in
      let number = logMatching.enter(
        entry, at: index, after: before, by: server, &facts.ledger, &findings)
      before = entry.term
      index = index.next
      return number
    }
  }

  mutating func truncate(_ place: Int, from index: LogIndex) {
    settle()
    guard servers[place].isLogWhole, index <= servers[place].lastIndex else { return }
    servers[place].truncate(from: Int(index.rawValue))
    openCut = place
    openConfigurations(of: place)
  }

  /// Judges a truncation by the first entry that it removed for good.
  ///
  /// - Parameters:
  ///   - entries: what was appended directly after it.
  ///   - covered: the index up to which the log was discarded directly after it.
  mutating func settle(puttingBack entries: [ObservedEntry] = [], covered: Int = 0) {
    guard openCut != nil else { return }
    judgeCut(puttingBack: entries, covered: covered)
  }

  private mutating func judgeCut(puttingBack entries: [ObservedEntry], covered: Int) {
    guard let place = openCut else { return }
    openCut = nil
    defer { servers[place].removed.removeAll(keepingCapacity: true) }
    guard let lost = firstLoss(place, puttingBack: entries, covered: covered) else { return }
    let number = servers[place].removed[lost - servers[place].removedFrom]
    if let term = servers[place].leads {
      leaderAppendOnly.removed(number, by: servers[place], leads: term, facts.ledger, &findings)
    } else if UInt64(lost) <= servers[place].commitIndex.rawValue {
      stateMachineSafety.removed(number, by: servers[place], facts.ledger, &findings)
    } else if trustsPeers {
      durableAcknowledgement.removed(number, by: servers[place], facts.ledger, &findings)
    }
    servers[place].forget(from: lost)
  }

  /// The first index of a log whose entry was removed and neither put back nor covered.
  private mutating func firstLoss(
    _ place: Int, puttingBack entries: [ObservedEntry], covered: Int
  ) -> Int? {
    for (offset, number) in servers[place].removed.enumerated()
    where servers[place].removedFrom + offset > covered {
      findings.comparisons += 1
      guard offset < entries.count, facts.ledger.entry(number) == entries[offset] else {
        return servers[place].removedFrom + offset
      }
    }
    return nil
  }

  mutating func append(_ entries: [ObservedEntry], at first: LogIndex, to place: Int) {
    let isPutBack = openCut == place && first == servers[place].lastIndex.next
    settle(puttingBack: isPutBack ? entries : [])
    guard servers[place].isLogWhole, !entries.isEmpty else { return }
    guard adopts(first, place) else {
      servers[place].isLogWhole = false
      return
    }
    let id = servers[place].id
    let last = servers[place].lastIndex
    var before = servers[place].term(before: last.next, facts.ledger)
    contiguousIndices.compareTerms(
      of: entries, after: LogPosition(index: last, term: before ?? .zero),
      atMost: servers[place].term, shownBy: id, &findings)
    var index = last
    for entry in entries {
      index = index.next
      let number = logMatching.enter(
        entry, at: index, after: before, by: id, &facts.ledger, &findings)
      servers[place].log.append(number)
      before = entry.term
      if entry.kind == .configuration { append(configuration: entry, at: index, to: place) }
    }
  }

  /// Whether the log can go on at an index. A leader that writes over its own entries breaks
  /// Leader Append-Only; elsewhere the log has lost its order.
  private mutating func adopts(_ first: LogIndex, _ place: Int) -> Bool {
    if let term = servers[place].leads, first > .zero, first <= servers[place].lastIndex {
      if let number = servers[place].entry(at: first) {
        leaderAppendOnly.removed(number, by: servers[place], leads: term, facts.ledger, &findings)
        return false
      }
    }
    return contiguousIndices.append(at: first, to: servers[place], &findings)
  }

  mutating func commit(_ place: Int, upTo index: LogIndex) {
    settle()
    guard observing.contains(.commits),
      commitMonotonic.step(&servers[place], to: index, &findings)
    else { return }
    learnCommit(place, upTo: index)
  }

  /// A server counts its log up to an index as committed. Leaders of later terms must have it too.
  mutating func learnCommit(_ place: Int, upTo index: LogIndex) {
    guard seesLogs else { return readLinearizable.committed(index) }
    readLinearizable.committed(min(index, servers[place].reach))
    let isNew = stateMachineSafety.commit(
      &servers[place], upTo: index, &facts, &snapshotPrefix, &findings)
    guard isNew else { return }
    let term = servers[place].term
    for other in servers.indices where other != place {
      guard let leads = servers[other].leads, leads > term else { continue }
      leaderCompleteness.verify(&servers[other], leads: leads, facts, &findings)
    }
  }

  mutating func apply(_ entry: ObservedEntry, _ position: LogPosition, by place: Int) {
    settle()
    let index = position.index
    let isRight = stateMachineSafety.apply(
      entry, position, by: servers[place], seesLog: seesLogs, facts, &findings)
    guard isRight else {
      servers[place].lastApplied = max(servers[place].lastApplied, index)
      return
    }
    appliedOnce.step(&servers[place], position, facts.ledger, &findings)
    guard index > .zero else { return }
    let id = servers[place].id
    if observing.contains(.commits) {
      // What an earlier life applied was committed then.
      if index > max(servers[place].commitIndex, servers[place].appliedBefore) {
        stateMachineSafety.appliedUncommitted(position, by: servers[place], &findings)
      }
    } else if !seesLogs || index <= servers[place].lastIndex {
      learnCommit(place, upTo: index)
    }
    if entry.kind == .configuration { openConfigurations(of: place) }
    let before = seesLogs ? servers[place].term(before: index, facts.ledger) : nil
    let number = logMatching.enter(
      entry, at: index, after: before, by: id, &facts.ledger, &findings)
    stateMachineSafety.note(number, at: index, by: id)
  }
}
