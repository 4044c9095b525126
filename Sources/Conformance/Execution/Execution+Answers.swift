import AdapterProtocol
import RaftTypes
import TraceFormat

/// The verb `answer`: a peer's answer, computed from the real request that it answers.
extension Execution {
  mutating func answer(_ answer: PeerAnswer, by peer: NodeName) throws(Interruption) {
    switch answer.with {
    case .grant, .deny:
      try repeatedly(answer, by: peer, matching: \.isVoteRequest) {
        (execution, request) throws(Interruption) in
        let term = try answer.term.map { term throws(Interruption) in
          try execution.value(of: term)
        }
        try execution.answerVote(request, granted: answer.with == .grant, term: term)
      }
    case .ack:
      try acknowledge(answer, by: peer)
    case .reject:
      try repeatedly(
        answer, by: peer, matching: { $0.isAppend || $0.type == .readIndex }
      ) { (execution, request) throws(Interruption) in
        try execution.reject(request, answer: answer)
      }
    case .beat:
      try repeatedly(answer, by: peer, matching: { $0.isAppend && !$0.carriesEntries }) {
        (execution, request) throws(Interruption) in
        var message = execution.response(.heartbeatResponse, to: request)
        message.context = request.message.context
        try execution.receive(message, from: request.to, at: request.from)
      }
    case .chunk, .install:
      try repeatedly(answer, by: peer, matching: { $0.type == .installSnapshot }) {
        (execution, request) throws(Interruption) in
        try execution.takeSnapshot(request, answer: answer)
      }
    case .index:
      guard let through = answer.through else { return }
      let index = try position(of: through, at: answer.to).index
      try repeatedly(answer, by: peer, matching: { $0.type == .readIndex }) {
        (execution, request) throws(Interruption) in
        var message = execution.response(.readIndexResponse, to: request)
        message.context = request.message.context
        message.index = index
        try execution.receive(message, from: request.to, at: request.from)
      }
    }
  }

  /// An answer in the request's own term.
  private func response(_ type: MessageType, to request: Flight) -> WireMessage {
    WireMessage(type: type, term: request.message.term ?? world.node(request.from).term)
  }

  /// Takes a piece of a snapshot: it is installed, or the next one is asked for.
  private mutating func takeSnapshot(_ request: Flight, answer: PeerAnswer) throws(Interruption) {
    var message = response(.installSnapshotResponse, to: request)
    let end = (request.message.offset ?? 0) + UInt64(request.message.data?.count ?? 0)
    message.lastIncluded = request.message.lastIncluded
    message.nextOffset = answer.next.map { UInt64($0) } ?? end
    message.installed = answer.with == .install
    try receive(message, from: request.to, at: request.from)
  }

  /// Answers the oldest fitting request, or all that there are.
  private mutating func repeatedly(
    _ answer: PeerAnswer, by peer: NodeName, matching: (WireMessage) -> Bool,
    body: (inout Execution, Flight) throws(Interruption) -> Void
  ) throws(Interruption) {
    for count in 0..<Limits.answersPerStep {
      guard let request = takeRequest(from: answer.to, to: peer, where: matching) else {
        if count == 0 { throw nothingToAnswer(answer, by: peer) }
        return
      }
      try body(&self, request)
      if !answer.all { return }
    }
  }

  private mutating func takeRequest(
    from node: NodeName, to peer: NodeName, where matching: (WireMessage) -> Bool
  ) -> Flight? {
    world.network.takeToPeer { $0.from == node && $0.to == peer && matching($0.message) }
  }

  private func nothingToAnswer(_ answer: PeerAnswer, by peer: NodeName) -> Interruption {
    .verb(
      "\(peer) can't answer with '\(answer.with.rawValue)': \(answer.to) sent it no request of that "
        + "kind that is still unanswered")
  }

  /// Sends the answer to a vote request. A denial of a pre-vote carries the term before the one
  /// that is asked for, since the voter has not reached that.
  mutating func answerVote(_ request: Flight, granted: Bool, term: Term?) throws(Interruption) {
    let message = request.message
    let isPreVote = message.type == .preVote
    let asked = message.term ?? world.node(request.from).term
    let own = isPreVote && !granted ? Term(asked.rawValue - min(asked.rawValue, 1)) : asked
    try receive(
      .vote(
        isPreVote ? .preVoteResponse : .requestVoteResponse, term: term ?? own, granted: granted),
      from: request.to, at: request.from)
  }

  // MARK: Acknowledgements

  /// Acknowledges requests, oldest first, up to the one that carries the entry `through`; without
  /// it the oldest one that carries entries, or where there is none the oldest heartbeat.
  private mutating func acknowledge(_ answer: PeerAnswer, by peer: NodeName) throws(Interruption) {
    guard let through = answer.through else {
      if world.network.toPeers.contains(where: {
        $0.from == answer.to && $0.to == peer && $0.message.carriesEntries
      }) {
        return try repeatedly(answer, by: peer, matching: \.carriesEntries, body: Self.accept)
      }
      return try repeatedly(answer, by: peer, matching: \.isAppend, body: Self.accept)
    }
    let target = try position(of: through, at: answer.to).index
    var beats = 0
    for _ in 0..<Limits.answersPerStep {
      guard world.node(answer.to).leads else {
        throw .verb("\(answer.to) does not lead, so \(peer) has nothing to acknowledge")
      }
      if let request = takeRequest(from: answer.to, to: peer, where: \.isAppend) {
        let match = min(request.message.lastSentIndex, target)
        try acknowledge(request, match: match)
        if match == target { return }
      } else if beats < 5 {
        beats += 1
        try world.perform(.beat(answer.to))
      } else {
        break
      }
    }
    throw .verb("\(answer.to) never sent \(peer) the entry that it is to acknowledge")
  }

  private static func accept(_ execution: inout Execution, _ request: Flight)
    throws(Interruption)
  {
    try execution.acknowledge(request, match: request.message.lastSentIndex)
  }

  private mutating func acknowledge(_ request: Flight, match: LogIndex) throws(Interruption) {
    let term = request.message.term ?? world.node(request.from).term
    var message = WireMessage.accepted(term: term, match: match)
    message.context = request.message.context
    try receive(message, from: request.to, at: request.from)
  }

  /// Refuses a request: the peer's log is said to end one entry before what was sent.
  private mutating func reject(_ request: Flight, answer: PeerAnswer) throws(Interruption) {
    let node = world.node(request.from)
    if request.message.type == .readIndex {
      var message = response(.readIndexResponse, to: request)
      if let term = answer.term { message.term = try value(of: term) }
      message.context = request.message.context
      return try receive(message, from: request.to, at: request.from)
    }
    let prev = request.message.prevLogIndex ?? .zero
    let before = LogIndex(prev.rawValue - min(prev.rawValue, 1))
    let hint = LogPosition(index: before, term: node.term(at: before) ?? .zero)
    let own = request.message.term ?? node.term
    let term = try answer.term.map { term throws(Interruption) in try value(of: term) } ?? own
    var message = WireMessage.rejected(term: term, prev: prev, hint: hint)
    message.context = request.message.context
    try receive(message, from: request.to, at: request.from)
  }
}

extension WireMessage {
  /// The index of the last entry that an AppendEntries covers: `prev + count`.
  fileprivate var lastSentIndex: LogIndex {
    (prevLogIndex ?? .zero) + (entries ?? []).count
  }
}
