import AdapterProtocol
import RaftTypes

extension WireMessage {
  /// The message as the core takes it, with the bytes of its entries.
  ///
  /// - Throws: `.malformed` with the name of a field that is missing or out of range;
  ///   `.unsupported` for what belongs to snapshots and configurations.
  func parcel(from: ServerID, to: ServerID) throws(Refusal) -> Parcel {
    let term = try required(self.term, "term")
    let body: MessageBody
    switch type {
    case .requestVote: body = .requestVote(try voteRequest())
    case .preVote: body = .preVote(try voteRequest())
    case .requestVoteResponse:
      body = .requestVoteResponse(VoteResponse(granted: try required(granted, "granted")))
    case .preVoteResponse:
      body = .preVoteResponse(VoteResponse(granted: try required(granted, "granted")))
    case .appendEntries:
      body = .appendEntries(try append(of: try required(entries, "entries")))
    case .heartbeat:
      guard (entries ?? []).isEmpty else {
        throw .malformed("a Heartbeat carries entries; AppendEntries does")
      }
      body = .appendEntries(try append(of: []))
    case .appendEntriesResponse: body = .appendEntriesResponse(try appendResponse())
    case .heartbeatResponse:
      // It says that its sender is there, and nothing of its log.
      body = .appendEntriesResponse(.accepted(match: .zero))
    case .timeoutNow: body = .timeoutNow
    case .installSnapshot, .installSnapshotResponse:
      throw .unsupported(capability: "snapshot", reason: "there are no snapshots")
    }
    return Parcel(
      message: Message(from: from, to: to, term: term, body: body),
      payloads: (entries ?? []).map(Payload.init))
  }

  private func voteRequest() throws(Refusal) -> RequestVote {
    RequestVote(
      lastLogIndex: try required(lastLogIndex, "lastLogIndex"),
      lastLogTerm: try required(lastLogTerm, "lastLogTerm"), disrupt: disrupt ?? false)
  }

  private func append(of entries: [WireEntry]) throws(Refusal) -> AppendEntries {
    try entries.checkKinds()
    return AppendEntries(
      prevLogIndex: try required(prevLogIndex, "prevLogIndex"),
      prevLogTerm: try required(prevLogTerm, "prevLogTerm"),
      entries: EntrySpan(runs: entries.map { TermRun(term: $0.term, count: 1) }),
      leaderCommit: try required(leaderCommit, "leaderCommit"))
  }

  /// A rejection without a hint is the paper's: the leader goes back by one entry.
  private func appendResponse() throws(Refusal) -> AppendEntriesResponse {
    if try required(success, "success") {
      return .accepted(match: try required(matchIndex, "matchIndex"))
    }
    let refused = try required(prevLogIndex, "prevLogIndex")
    let before = LogIndex(refused.rawValue - min(refused.rawValue, 1))
    return .rejected(
      prevLogIndex: refused, hint: hint ?? LogPosition(index: before, term: Term(.max)))
  }

  private func required<Value>(_ value: Value?, _ field: String) throws(Refusal) -> Value {
    guard let value else {
      throw .malformed("the \(type.rawValue) has no field '\(field)'")
    }
    return value
  }
}
