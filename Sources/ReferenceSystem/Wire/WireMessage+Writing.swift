import AdapterProtocol
import RaftTypes

extension Roster {
  /// A message as the protocol writes it, with every field that its type has. An AppendEntries
  /// without entries stays one.
  func wire(_ parcel: Parcel) -> WireMessage {
    let message = parcel.message
    var wire = WireMessage(type: MessageType(message.body), term: message.term)
    wire.context = contexts.token(of: message.round)
    switch message.body {
    case .requestVote(let request), .preVote(let request):
      wire.lastLogIndex = request.lastLogIndex
      wire.lastLogTerm = request.lastLogTerm
      wire.disrupt = request.disrupt
    case .requestVoteResponse(let response), .preVoteResponse(let response):
      wire.granted = response.granted
    case .appendEntries(let request):
      wire.prevLogIndex = request.prevLogIndex
      wire.prevLogTerm = request.prevLogTerm
      wire.entries = parcel.bytes.payloads.enumerated().map { offset, payload in
        self.wire(term: request.entries.term(at: offset), payload)
      }
      wire.leaderCommit = request.leaderCommit
    case .appendEntriesResponse(.accepted(let match)):
      wire.success = true
      wire.matchIndex = match
    case .appendEntriesResponse(.rejected(let refused, let hint)):
      wire.success = false
      wire.prevLogIndex = refused
      wire.hint = hint
    case .installSnapshot(let request):
      wire.lastIncluded = request.lastIncluded
      wire.configuration = self.wire(request.configuration)
      wire.offset = request.offset
      wire.data = parcel.bytes.chunk
      wire.done = request.done
    case .installSnapshotResponse(let response):
      wire.lastIncluded = response.lastIncluded
      wire.nextOffset = response.nextOffset
      wire.installed = response.installed
    case .timeoutNow:
      break
    case .readIndex(let request):
      wire.context = contexts.token(of: request.read)
    case .readIndexResponse(let response):
      wire.context = contexts.token(of: response.read)
      wire.index = response.index
    }
    return wire
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
      case .readIndex: .readIndex
      case .readIndexResponse: .readIndexResponse
      }
  }
}
