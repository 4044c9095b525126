import AdapterProtocol
import RaftTypes

extension WireMessage {
  /// A message as the protocol writes it, with every field that its type has. An AppendEntries
  /// without entries stays one.
  init(_ parcel: Parcel) {
    let message = parcel.message
    self.init(type: MessageType(message.body), term: message.term)
    switch message.body {
    case .requestVote(let request), .preVote(let request):
      lastLogIndex = request.lastLogIndex
      lastLogTerm = request.lastLogTerm
      disrupt = request.disrupt
    case .requestVoteResponse(let response), .preVoteResponse(let response):
      granted = response.granted
    case .appendEntries(let request):
      prevLogIndex = request.prevLogIndex
      prevLogTerm = request.prevLogTerm
      entries = parcel.payloads.enumerated().map { offset, payload in
        WireEntry(
          term: request.entries.term(at: offset), kind: payload.kind, data: payload.data)
      }
      leaderCommit = request.leaderCommit
    case .appendEntriesResponse(.accepted(let match)):
      success = true
      matchIndex = match
    case .appendEntriesResponse(.rejected(let refused, let hint)):
      success = false
      prevLogIndex = refused
      self.hint = hint
    case .installSnapshot, .installSnapshotResponse, .timeoutNow:
      break
    }
  }
}

extension MessageType {
  fileprivate init(_ body: MessageBody) {
    self =
      switch body {
      case .requestVote: .requestVote
      case .requestVoteResponse: .requestVoteResponse
      case .preVote: .preVote
      case .preVoteResponse: .preVoteResponse
      case .appendEntries: .appendEntries
      case .appendEntriesResponse: .appendEntriesResponse
      case .installSnapshot: .installSnapshot
      case .installSnapshotResponse: .installSnapshotResponse
      case .timeoutNow: .timeoutNow
      }
  }
}
