import AdapterProtocol
import RaftTypes
import TraceFormat

/// What the conversations have in common: nodes to begin with, elections, and what must add up.
extension Scene {
  static let n1 = NodeName("n1"), n2 = NodeName("n2"), n3 = NodeName("n3")
  static let voters = [n1, n2, n3]

  // MARK: Nodes

  /// Starts a trace with `n1` alone; the others are names.
  func boot(
    term: UInt64 = 1, votedFor: NodeName? = nil, log: [UInt64] = [1, 1],
    _ settings: (inout NodeSettings) -> Void = { _ in }
  ) throws(Stop) {
    try begin()
    try create(Self.n1, term: term, votedFor: votedFor, log: log, settings)
  }

  /// Starts a trace with three nodes that run.
  func bootCluster(
    logs: [NodeName: [UInt64]] = [:], _ settings: (inout NodeSettings) -> Void = { _ in }
  ) throws(Stop) {
    try begin()
    for name in Self.voters {
      try create(name, term: 1, votedFor: nil, log: logs[name] ?? [1], settings)
    }
  }

  private func create(
    _ name: NodeName, term: UInt64, votedFor: NodeName?, log: [UInt64],
    _ settings: (inout NodeSettings) -> Void
  ) throws(Stop) {
    var wanted = NodeSettings()
    (wanted.electionTicks, wanted.heartbeatTicks) = (10, 1)
    settings(&wanted)
    _ = try ask(
      .create(
        NodeSpecification(
          node: name, voters: Self.voters, term: Term(term), votedFor: votedFor,
          log: Self.entries(log), settings: wanted)))
  }

  /// Entries of these terms; each one's data is its position.
  static func entries(_ terms: [UInt64], from first: UInt64 = 1) -> [WireEntry] {
    zip(first..., terms).map { index, term in
      WireEntry(
        term: Term(term),
        data: Payload.handWritten(LogPosition(index: LogIndex(index), term: Term(term))))
    }
  }

  // MARK: Messages

  /// Hands `n1` a message from a server that does not run.
  func receive(_ message: WireMessage, from: NodeName) throws(Stop) -> OperationResult {
    try ask(.receive(node: Self.n1, from: from, message))
  }

  static func requestVote(term: UInt64, last: (index: UInt64, term: UInt64)) -> WireMessage {
    var message = WireMessage(type: .requestVote, term: Term(term))
    (message.lastLogIndex, message.lastLogTerm) = (LogIndex(last.index), Term(last.term))
    return message
  }

  static func appendEntries(
    term: UInt64, prev: (index: UInt64, term: UInt64), _ terms: [UInt64], commit: UInt64
  ) -> WireMessage {
    var message = WireMessage(type: .appendEntries, term: Term(term))
    (message.prevLogIndex, message.prevLogTerm) = (LogIndex(prev.index), Term(prev.term))
    message.entries = entries(terms, from: prev.index + 1)
    message.leaderCommit = LogIndex(commit)
    return message
  }

  /// Whether an AppendEntries was acknowledged.
  static func acknowledges(_ result: OperationResult) -> Bool {
    result.sent.contains { $0.message.type == .appendEntriesResponse && $0.message.success == true }
  }

  /// Delivers what is on its way until nothing is, oldest first.
  func settle() throws(Stop) {
    for _ in 0..<Limits.messagesPerRound {
      guard let flight = flights.first else { return }
      _ = try ask(.deliver(flight.sent.handle))
    }
    doubt("\(Limits.messagesPerRound) messages were delivered and more keep coming", rung: "6.3")
    throw .stage
  }

  // MARK: Elections

  /// Makes `n1` of three running nodes the leader by its timer and the others' votes.
  func elect() throws(Stop) {
    for _ in 0..<Limits.electionAttempts where !node(Self.n1).leads {
      let result = try ask(.timeout(Self.n1))
      if result.outcome == .done, result.sent.isEmpty, !node(Self.n1).leads {
        fault(
          "'timeout' of a follower sent nothing",
          "List what the node sends during an operation in 'sent'; it stands for election here")
        throw .stage
      }
      try settle()
    }
    guard !node(Self.n1).leads else { return }
    let role = node(Self.n1).role.rawValue
    doubt(
      "n1 is \(role) after \(Limits.electionAttempts) time-outs whose messages and answers were all "
        + "delivered; nobody else stood",
      rung: "3.3")
    throw .stage
  }

  /// Makes the leader's heartbeat due, where that can be asked for.
  func beat() throws(Stop) {
    if declared.contains(.beat) { _ = try ask(.beat(Self.n1)) }
  }

  /// Gives a leader's followers what they lack, and the news of what is committed.
  func beatAndSettle() throws(Stop) {
    for _ in 0..<2 {
      try beat()
      try settle()
    }
  }

  // MARK: What must add up

  /// Compares what the answers about a node add up to with what it says when asked for all of it.
  func checkSum(of name: NodeName) throws(Stop) {
    let known = node(name)
    var want: [StateField] = []
    if declared.contains(.readLog) { want.append(.log) }
    if declared.contains(.readLedger) { want.append(.applied) }
    let result = try ask(.state(name, want: want))
    guard let state = result.state else {
      return fault(
        "the answer to 'state' has no 'state'",
        "Answer every field, and from its first entry on what 'want' asks for")
    }
    compare("role", state.role?.rawValue, known.role.rawValue, name)
    compare("term", state.term?.rawValue.description, known.term.rawValue.description, name)
    compare(
      "commitIndex", state.commitIndex?.rawValue.description,
      known.commitIndex.rawValue.description, name)
    if declared.contains(.readVote), let told = state.votedFor {
      compare("votedFor", told.value?.rawValue ?? "null", known.votedFor?.rawValue ?? "null", name)
    }
    if declared.contains(.readLog) {
      compare("log", Self.text(state.appended), Self.text(known.log), name)
    }
    if declared.contains(.readLedger) {
      let told = state.applied.map { $0.position.index.rawValue.description }
      let added = known.applied.map { $0.position.index.rawValue.description }
      compare("applied", told.joined(separator: " "), added.joined(separator: " "), name)
    }
  }

  private func compare(_ field: String, _ told: String?, _ added: String, _ name: NodeName) {
    guard let told, told != added else { return }
    func shown(_ text: String) -> String { text.isEmpty ? "nothing" : text }
    fault(
      "asked for all of it, \(name) has \(field) \(shown(told)); the answers before add up to "
        + shown(added),
      "Tell each change in the answer in which it happens: a delta left out is never made up for")
  }

  /// A log, to be compared and shown: its terms, and data that is not an entry's position.
  static func text(_ log: [WireEntry]) -> String {
    let words = log.map { entry in
      entry.kind == .command
        ? "\(entry.term.rawValue):\(Excerpt.of(entry.data))" : "\(entry.term.rawValue):internal"
    }
    return words.joined(separator: " ")
  }

  // MARK: Fields of messages

  /// Looks whether a message that was sent carries the fields of its type, where the wire is open.
  func checkFields(of sent: SentMessage) {
    guard declared.contains(.messages) else { return }
    let (type, carried) = (sent.message.type, sent.message.presentFields)
    for field in type.expectedFields(success: sent.message.success)
    where !carried.contains(field) && wire[type]?.contains(field) ?? true {
      fault(
        "\(type.rawValue) to \(sent.to) has no '\(field)'",
        "Show messages field by field; where the implementation's wire has no such field, list "
          + "those it has under 'wire' in hello")
    }
  }
}

extension MessageType {
  /// The fields that a message of this type carries, as Spec/AdapterProtocol.md lists them.
  fileprivate func expectedFields(success: Bool?) -> [String] {
    switch self {
    case .requestVote, .preVote: ["term", "lastLogIndex", "lastLogTerm"]
    case .requestVoteResponse, .preVoteResponse: ["term", "granted"]
    case .appendEntries: ["term", "prevLogIndex", "prevLogTerm", "leaderCommit"]
    case .heartbeat: ["term", "leaderCommit"]
    case .appendEntriesResponse: ["term", "success"] + (success == true ? ["matchIndex"] : [])
    default: ["term"]
    }
  }
}

extension WireMessage {
  /// The names of the fields that are there.
  fileprivate var presentFields: Set<String> {
    var names: Set<String> = []
    if term != nil { names.insert("term") }
    if lastLogIndex != nil { names.insert("lastLogIndex") }
    if lastLogTerm != nil { names.insert("lastLogTerm") }
    if granted != nil { names.insert("granted") }
    if prevLogIndex != nil { names.insert("prevLogIndex") }
    if prevLogTerm != nil { names.insert("prevLogTerm") }
    if leaderCommit != nil { names.insert("leaderCommit") }
    if success != nil { names.insert("success") }
    if matchIndex != nil { names.insert("matchIndex") }
    return names
  }
}
