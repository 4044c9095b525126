import AdapterProtocol
import Conformance
import RaftTypes

/// Writes a transcript by hand, as a run would have recorded it.
struct Story {
  private(set) var transcript: Transcript
  private var step = 0
  private var messages = 0

  init(_ servers: [String], peers: [String] = []) {
    transcript = Transcript(
      servers: servers.map { NodeName($0) }, peers: Set(peers.map { NodeName($0) }))
  }

  private mutating func record(_ kind: Transcript.Kind) {
    transcript.events.append(Transcript.Event(step: step, kind: kind))
  }

  mutating func step(_ text: String) {
    step += 1
    record(.step(text))
  }

  /// - Returns: the message's number.
  @discardableResult
  mutating func send(_ from: String, _ to: String, _ message: WireMessage) -> Int {
    messages += 1
    record(.sent(number: messages, from: NodeName(from), to: NodeName(to), message))
    return messages
  }

  mutating func deliver(_ number: Int) { record(.delivered(number: number)) }
  mutating func lose(_ number: Int) { record(.lost(number: number)) }
  mutating func hold(_ number: Int) { record(.held(number: number)) }

  /// - Returns: the copy's number.
  mutating func duplicate(_ number: Int) -> Int {
    messages += 1
    record(.duplicated(number: number, copy: messages))
    return messages
  }

  /// A message that is sent and arrives at once.
  mutating func hand(_ from: String, _ to: String, _ message: WireMessage) {
    deliver(send(from, to, message))
  }

  mutating func became(_ node: String, _ role: NodeRole, _ term: UInt64) {
    record(.became(NodeName(node), role, Term(term)))
  }

  mutating func commit(_ node: String, _ index: UInt64, applies: Bool = true) {
    record(.committed(NodeName(node), LogIndex(index)))
    if applies { record(.applied(NodeName(node), LogIndex(index))) }
  }

  mutating func timeout(_ node: String) { record(.timeout(NodeName(node))) }
  mutating func tick(_ node: String, _ count: Int) { record(.ticked(NodeName(node), count)) }
  mutating func propose(_ node: String, _ name: String) { record(.proposed(NodeName(node), name)) }
  mutating func storage(_ node: String, _ what: String) { record(.storage(NodeName(node), what)) }
  mutating func crash(_ node: String) { record(.crashed(NodeName(node))) }
  mutating func restart(_ node: String) { record(.restarted(NodeName(node))) }
  mutating func links(_ text: String) { record(.linksChanged(text)) }
  mutating func fail(_ summary: String) { record(.failed(summary)) }
}

extension WireMessage {
  static func requestVote(_ term: UInt64, last: (UInt64, UInt64)) -> WireMessage {
    var message = WireMessage(type: .requestVote, term: Term(term))
    message.lastLogIndex = LogIndex(last.0)
    message.lastLogTerm = Term(last.1)
    return message
  }

  static func vote(_ term: UInt64, granted: Bool) -> WireMessage {
    var message = WireMessage(type: .requestVoteResponse, term: Term(term))
    message.granted = granted
    return message
  }

  static func append(
    _ term: UInt64, prev: (UInt64, UInt64), _ entries: [WireEntry], commit: UInt64
  ) -> WireMessage {
    var message = WireMessage(type: .appendEntries, term: Term(term))
    message.prevLogIndex = LogIndex(prev.0)
    message.prevLogTerm = Term(prev.1)
    message.entries = entries
    message.leaderCommit = LogIndex(commit)
    return message
  }

  static func accepted(_ term: UInt64, match: UInt64) -> WireMessage {
    var message = WireMessage(type: .appendEntriesResponse, term: Term(term))
    message.success = true
    message.matchIndex = LogIndex(match)
    return message
  }

  static func rejected(_ term: UInt64, prev: UInt64, hint: (UInt64, UInt64)) -> WireMessage {
    var message = WireMessage(type: .appendEntriesResponse, term: Term(term))
    message.success = false
    message.prevLogIndex = LogIndex(prev)
    message.hint = LogPosition(index: LogIndex(hint.0), term: Term(hint.1))
    return message
  }
}

extension WireEntry {
  static func named(_ name: String, _ term: UInt64) -> WireEntry {
    WireEntry(term: Term(term), data: Array(name.utf8))
  }
}

extension [WireEntry] {
  static func sample(_ count: Int) -> [WireEntry] {
    (0..<count).map { .named("p\($0)", 1) }
  }
}
