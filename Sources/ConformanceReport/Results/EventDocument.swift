import AdapterProtocol
import Conformance
import Foundation
import RaftTypes

/// One event of a transcript: the kind's name, and the members that the kind has.
struct EventDocument: Codable {
  var event: Transcript.Event

  init(_ event: Transcript.Event) { self.event = event }

  private enum Key: String, CodingKey {
    case step, kind, number, copy, from, to, node, message, role, term, index, count, text
  }

  /// The names of the kinds.
  enum Kind: String, CaseIterable {
    case step, sent, delivered, lost, duplicated, held, became, committed, applied, timeout, ticked
    case proposed, storage, noted, crashed, restarted, halted, links, failed
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    func write(_ kind: Kind) throws { try container.encode(kind.rawValue, forKey: .kind) }
    func write(_ kind: Kind, _ node: NodeName) throws {
      try write(kind)
      try container.encode(node.rawValue, forKey: .node)
    }
    func write(_ kind: Kind, text: String) throws {
      try write(kind)
      try container.encode(text, forKey: .text)
    }
    func write(_ kind: Kind, number: Int) throws {
      try write(kind)
      try container.encode(number, forKey: .number)
    }
    try container.encode(event.step, forKey: .step)
    switch event.kind {
    case .step(let text): try write(.step, text: text)
    case .sent(let number, let from, let to, let message):
      try write(.sent, number: number)
      try container.encode(from.rawValue, forKey: .from)
      try container.encode(to.rawValue, forKey: .to)
      try container.encode(MessageDocument(message), forKey: .message)
    case .delivered(let number): try write(.delivered, number: number)
    case .lost(let number): try write(.lost, number: number)
    case .duplicated(let number, let copy):
      try write(.duplicated, number: number)
      try container.encode(copy, forKey: .copy)
    case .held(let number): try write(.held, number: number)
    case .became(let node, let role, let term):
      try write(.became, node)
      try container.encode(Word(role), forKey: .role)
      try container.encode(term.rawValue, forKey: .term)
    case .committed(let node, let index):
      try write(.committed, node)
      try container.encode(index.rawValue, forKey: .index)
    case .applied(let node, let index):
      try write(.applied, node)
      try container.encode(index.rawValue, forKey: .index)
    case .timeout(let node): try write(.timeout, node)
    case .ticked(let node, let count):
      try write(.ticked, node)
      try container.encode(count, forKey: .count)
    case .proposed(let node, let name):
      try write(.proposed, node)
      try container.encode(name, forKey: .text)
    case .storage(let node, let what):
      try write(.storage, node)
      try container.encode(what, forKey: .text)
    case .noted(let node, let what):
      try write(.noted, node)
      try container.encode(what, forKey: .text)
    case .crashed(let node): try write(.crashed, node)
    case .restarted(let node): try write(.restarted, node)
    case .halted(let node): try write(.halted, node)
    case .linksChanged(let text): try write(.links, text: text)
    case .failed(let text): try write(.failed, text: text)
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let step = try container.decode(Int.self, forKey: .step)
    event = Transcript.Event(step: step, kind: try Self.kind(container))
  }

  private static func kind(
    _ container: KeyedDecodingContainer<Key>
  ) throws -> Transcript.Kind {
    func text() throws -> String { try container.decode(String.self, forKey: .text) }
    func number(_ key: Key = .number) throws -> Int { try container.decode(Int.self, forKey: key) }
    func node(_ key: Key = .node) throws -> NodeName {
      NodeName(try container.decode(String.self, forKey: key))
    }
    func index() throws -> LogIndex { LogIndex(try container.decode(UInt64.self, forKey: .index)) }
    switch try container.decode(Word<Kind>.self, forKey: .kind).value {
    case .step: return .step(try text())
    case .sent:
      let message = try container.decode(MessageDocument.self, forKey: .message)
      return .sent(
        number: try number(), from: try node(.from), to: try node(.to), message.message)
    case .delivered: return .delivered(number: try number())
    case .lost: return .lost(number: try number())
    case .duplicated: return .duplicated(number: try number(), copy: try number(.copy))
    case .held: return .held(number: try number())
    case .became:
      let role = try container.decode(Word<NodeRole>.self, forKey: .role).value
      return .became(try node(), role, Term(try container.decode(UInt64.self, forKey: .term)))
    case .committed: return .committed(try node(), try index())
    case .applied: return .applied(try node(), try index())
    case .timeout: return .timeout(try node())
    case .ticked: return .ticked(try node(), try number(.count))
    case .proposed: return .proposed(try node(), try text())
    case .storage: return .storage(try node(), try text())
    case .noted: return .noted(try node(), try text())
    case .crashed: return .crashed(try node())
    case .restarted: return .restarted(try node())
    case .halted: return .halted(try node())
    case .links: return .linksChanged(try text())
    case .failed: return .failed(try text())
    }
  }
}

/// A message in canonical form; a field that the wire does not carry is not there.
struct MessageDocument: Codable {
  var type: Word<MessageType>
  var term: UInt64?
  var lastLogIndex: UInt64?
  var lastLogTerm: UInt64?
  var disrupt: Bool?
  var granted: Bool?
  var prevLogIndex: UInt64?
  var prevLogTerm: UInt64?
  var entries: [Entry]?
  var leaderCommit: UInt64?
  var success: Bool?
  var matchIndex: UInt64?
  var hint: Position?

  struct Entry: Codable {
    var term: UInt64
    var kind: UInt8
    /// In base 64.
    var data: Data
  }

  struct Position: Codable {
    var index: UInt64
    var term: UInt64
  }

  init(_ message: WireMessage) {
    type = Word(message.type)
    term = message.term?.rawValue
    lastLogIndex = message.lastLogIndex?.rawValue
    lastLogTerm = message.lastLogTerm?.rawValue
    disrupt = message.disrupt
    granted = message.granted
    prevLogIndex = message.prevLogIndex?.rawValue
    prevLogTerm = message.prevLogTerm?.rawValue
    entries = message.entries?.map {
      Entry(term: $0.term.rawValue, kind: $0.kind.rawValue, data: Data($0.data))
    }
    leaderCommit = message.leaderCommit?.rawValue
    success = message.success
    matchIndex = message.matchIndex?.rawValue
    hint = message.hint.map { Position(index: $0.index.rawValue, term: $0.term.rawValue) }
  }

  /// An entry of a kind that this suite does not know counts as a command.
  var message: WireMessage {
    var message = WireMessage(type: type.value, term: term.map { Term($0) })
    message.lastLogIndex = lastLogIndex.map { LogIndex($0) }
    message.lastLogTerm = lastLogTerm.map { Term($0) }
    message.disrupt = disrupt
    message.granted = granted
    message.prevLogIndex = prevLogIndex.map { LogIndex($0) }
    message.prevLogTerm = prevLogTerm.map { Term($0) }
    message.entries = entries?.map {
      WireEntry(
        term: Term($0.term), kind: EntryKind(rawValue: $0.kind) ?? .command, data: Array($0.data))
    }
    message.leaderCommit = leaderCommit.map { LogIndex($0) }
    message.success = success
    message.matchIndex = matchIndex.map { LogIndex($0) }
    message.hint = hint.map { LogPosition(index: LogIndex($0.index), term: Term($0.term)) }
    return message
  }
}
