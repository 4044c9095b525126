import RaftTypes

/// What an entry consists of, apart from its place in the log.
struct Payload: Hashable, Sendable {
  var kind: EntryKind
  var data: [UInt8]
}

/// A message with the bytes that belong to it.
///
/// It is shared, never changed: on its way it passes several lists, and the large value would be
/// copied each time.
final class Parcel {
  let message: Message
  let bytes: Bytes

  init(message: Message, bytes: Bytes = Bytes()) {
    self.message = message
    self.bytes = bytes
  }
}

extension Parcel {
  /// Packs an AppendEntries with entries; more than `maxBytes` of payload go into several: each
  /// carries at least one entry and follows on the one before it, so that they mean the same
  /// together.
  ///
  /// - Parameter log: holds the entries that the message names.
  static func pack(
    _ message: Message, _ request: AppendEntries, from log: EntryCache, maxBytes: Int
  ) -> [Parcel] {
    let entries = log.entries(
      LogRange(first: request.prevLogIndex.next, count: request.entries.count))
    let groups = split(entries, maxBytes: maxBytes)
    guard groups.count > 1 else {
      return [Parcel(message: message, bytes: Bytes(payloads: entries.map(Payload.init)))]
    }
    var previous = LogPosition(index: request.prevLogIndex, term: request.prevLogTerm)
    return groups.map { group in
      var part = message
      part.body = .appendEntries(request.part(after: previous, carrying: group))
      previous = group.last?.position ?? previous
      return Parcel(message: part, bytes: Bytes(payloads: group.map(Payload.init)))
    }
  }

  /// Cuts entries into groups of at most `maxBytes` each, or of a single entry that is larger.
  private static func split(_ entries: ArraySlice<Entry>, maxBytes: Int) -> [ArraySlice<Entry>] {
    var groups: [ArraySlice<Entry>] = []
    var start = entries.startIndex
    var room = maxBytes
    for place in entries.indices {
      let size = entries[place].payload.count
      if place > start && size > room {
        groups.append(entries[start..<place])
        start = place
        room = maxBytes
      }
      room -= size
    }
    groups.append(entries[start...])
    return groups
  }
}

extension Payload {
  init(_ entry: Entry) {
    self.init(kind: entry.kind, data: entry.payload)
  }
}

extension AppendEntries {
  /// The same request for some of its entries only.
  fileprivate func part(
    after previous: LogPosition, carrying group: ArraySlice<Entry>
  ) -> AppendEntries {
    let skipped = previous.index - prevLogIndex
    let configurations = entries.configurations.compactMap { item -> SpanConfiguration? in
      let offset = item.offset - skipped
      guard group.indices.count > offset, offset >= 0 else { return nil }
      return SpanConfiguration(offset: offset, configuration: item.configuration)
    }
    let span = EntrySpan(
      runs: group.map { TermRun(term: $0.term, count: 1) }, configurations: configurations)
    return AppendEntries(
      prevLogIndex: previous.index, prevLogTerm: previous.term, entries: span,
      leaderCommit: leaderCommit)
  }
}
