import AdapterProtocol
import RaftTypes

// Entries as the protocol writes them, and as the core's shell keeps them: a configuration is an
// entry's bytes here, and names there.

extension Roster {
  func wire(_ entry: Entry) -> WireEntry {
    wire(term: entry.term, Payload(entry))
  }

  func wire(term: Term, _ payload: Payload) -> WireEntry {
    var wire = WireEntry(term: term, kind: payload.kind, data: payload.data)
    if payload.kind == .configuration {
      wire.data = []
      wire.configuration = members(in: payload.data)
    }
    return wire
  }

  func applied(_ entry: Entry) -> AppliedEntry {
    guard entry.kind == .configuration else {
      return AppliedEntry(position: entry.position, kind: entry.kind, data: entry.payload)
    }
    return AppliedEntry(
      position: entry.position, kind: .configuration, data: [],
      configuration: members(in: entry.payload))
  }

  func wire(_ content: StateMachine.Restored) -> WireSnapshot {
    WireSnapshot(
      position: content.position, configuration: wire(content.configuration),
      commands: content.commands)
  }

  /// The payloads of entries.
  ///
  /// - Throws: `.malformed` for an entry of a configuration that does not say which.
  mutating func payloads(_ entries: [WireEntry]) throws(Refusal) -> [Payload] {
    var payloads: [Payload] = []
    payloads.reserveCapacity(entries.count)
    for entry in entries { payloads.append(try payload(entry)) }
    return payloads
  }

  private mutating func payload(_ entry: WireEntry) throws(Refusal) -> Payload {
    guard entry.kind == .configuration else { return Payload(kind: entry.kind, data: entry.data) }
    guard let members = entry.configuration else {
      throw .malformed("an entry of a configuration has no field 'configuration'")
    }
    return Payload(kind: .configuration, data: configuration(members).encoded)
  }

  /// The terms of entries, and the configurations among them.
  mutating func span(_ entries: [WireEntry]) -> EntrySpan {
    var configurations: [SpanConfiguration] = []
    for (offset, entry) in entries.enumerated() {
      guard entry.kind == .configuration, let members = entry.configuration else { continue }
      configurations.append(
        SpanConfiguration(offset: offset, configuration: configuration(members)))
    }
    return EntrySpan(
      runs: entries.map { TermRun(term: $0.term, count: 1) }, configurations: configurations)
  }

  private func members(in bytes: [UInt8]) -> WireConfiguration? {
    (try? Configuration(decoding: bytes)).map(wire)
  }
}
