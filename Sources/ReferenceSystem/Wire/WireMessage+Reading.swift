import AdapterProtocol
import RaftTypes

extension Roster {
  /// A message as the core takes it, with the bytes that belong to it.
  ///
  /// - Throws: `.malformed` with the name of a field that is missing or out of range.
  mutating func parcel(
    _ wire: WireMessage, from: ServerID, to: ServerID
  ) throws(Refusal) -> Parcel {
    var message = Message(
      from: from, to: to, term: try wire.required(wire.term, "term"), body: .timeoutNow)
    switch wire.type {
    case .requestVote: message.body = .requestVote(try wire.voteRequest())
    case .preVote: message.body = .preVote(try wire.voteRequest())
    case .requestVoteResponse: message.body = .requestVoteResponse(try wire.voteResponse())
    case .preVoteResponse: message.body = .preVoteResponse(try wire.voteResponse())
    case .appendEntries, .heartbeat:
      let entries = try wire.entriesOfItsType()
      message.body = .appendEntries(try append(wire, entries))
      message.round = contexts.number(of: wire.context)
      return Parcel(message: message, bytes: Bytes(payloads: try payloads(entries)))
    case .appendEntriesResponse:
      message.body = .appendEntriesResponse(try wire.appendResponse())
      message.round = contexts.number(of: wire.context)
    case .heartbeatResponse:
      // It says that its sender is there, and nothing of its log.
      message.body = .appendEntriesResponse(.accepted(match: .zero))
      message.round = contexts.number(of: wire.context)
    case .timeoutNow: break
    case .installSnapshot:
      let chunk = try wire.required(wire.data, "data")
      message.body = .installSnapshot(try installSnapshot(wire, length: UInt64(chunk.count)))
      return Parcel(message: message, bytes: Bytes(chunk: chunk))
    case .installSnapshotResponse:
      message.body = .installSnapshotResponse(try wire.installResponse())
    case .readIndex:
      message.body = .readIndex(ReadIndex(read: try read(wire)))
    case .readIndexResponse:
      message.body = .readIndexResponse(ReadIndexResponse(read: try read(wire), index: wire.index))
    }
    return Parcel(message: message)
  }

  private mutating func append(
    _ wire: WireMessage, _ entries: [WireEntry]
  ) throws(Refusal) -> AppendEntries {
    AppendEntries(
      prevLogIndex: try wire.required(wire.prevLogIndex, "prevLogIndex"),
      prevLogTerm: try wire.required(wire.prevLogTerm, "prevLogTerm"), entries: span(entries),
      leaderCommit: try wire.required(wire.leaderCommit, "leaderCommit"))
  }

  private mutating func installSnapshot(
    _ wire: WireMessage, length: UInt64
  ) throws(Refusal) -> InstallSnapshot {
    InstallSnapshot(
      lastIncluded: try wire.required(wire.lastIncluded, "lastIncluded"),
      configuration: configuration(try wire.required(wire.configuration, "configuration")),
      offset: try wire.required(wire.offset, "offset"), length: length,
      done: try wire.required(wire.done, "done"))
  }

  private mutating func read(_ wire: WireMessage) throws(Refusal) -> UInt64 {
    contexts.number(of: try wire.required(wire.context, "context"))
  }
}

extension WireMessage {
  fileprivate func entriesOfItsType() throws(Refusal) -> [WireEntry] {
    if type == .appendEntries { return try required(entries, "entries") }
    guard (entries ?? []).isEmpty else {
      throw .malformed("a Heartbeat carries entries; AppendEntries does")
    }
    return []
  }

  fileprivate func voteRequest() throws(Refusal) -> RequestVote {
    RequestVote(
      lastLogIndex: try required(lastLogIndex, "lastLogIndex"),
      lastLogTerm: try required(lastLogTerm, "lastLogTerm"), disrupt: disrupt ?? false)
  }

  fileprivate func voteResponse() throws(Refusal) -> VoteResponse {
    VoteResponse(granted: try required(granted, "granted"))
  }

  /// A rejection without a hint is the paper's: the leader goes back by one entry.
  fileprivate func appendResponse() throws(Refusal) -> AppendEntriesResponse {
    if try required(success, "success") {
      return .accepted(match: try required(matchIndex, "matchIndex"))
    }
    let refused = try required(prevLogIndex, "prevLogIndex")
    let before = LogIndex(refused.rawValue - min(refused.rawValue, 1))
    return .rejected(
      prevLogIndex: refused, hint: hint ?? LogPosition(index: before, term: Term(.max)))
  }

  fileprivate func installResponse() throws(Refusal) -> InstallSnapshotResponse {
    InstallSnapshotResponse(
      lastIncluded: try required(lastIncluded, "lastIncluded"),
      nextOffset: try required(nextOffset, "nextOffset"),
      installed: try required(installed, "installed"))
  }

  fileprivate func required<Value>(_ value: Value?, _ field: String) throws(Refusal) -> Value {
    guard let value else {
      throw .malformed("the \(type.rawValue) has no field '\(field)'")
    }
    return value
  }
}
