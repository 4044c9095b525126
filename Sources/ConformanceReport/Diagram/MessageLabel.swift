import AdapterProtocol
import Conformance
import RaftTypes

/// What a diagram writes on a message: what it is, and the fields that its wire carries.
public struct MessageLabel: Sendable, Hashable {
  /// Type or answer, and term: `AppendEntries t4`, `granted t4`, `ok m6 t4`.
  public var head: String
  /// The fields: `prev 4@1 [5@3 6@3] c8`. Empty where there are none.
  public var detail: String

  /// Both, on one line.
  public var text: String { detail.isEmpty ? head : head + " " + detail }

  /// The most entries that are written out.
  private static let entriesShown = 3

  /// - Parameter names: the names of payloads that were proposed under one.
  public init(_ message: WireMessage, names: [[UInt8]: String]) {
    var head = [Self.title(of: message)]
    var detail: [String] = []
    if let match = message.matchIndex { head.append("m\(match.rawValue)") }
    if let term = message.term { head.append("t\(term.rawValue)") }
    if let index = message.lastLogIndex {
      detail.append("last \(Self.position(index, message.lastLogTerm))")
    }
    if message.disrupt == true { detail.append("disrupt") }
    if let index = message.prevLogIndex {
      detail.append("prev \(Self.position(index, message.prevLogTerm))")
    }
    if let entries = message.entries, message.type != .heartbeat || !entries.isEmpty {
      detail.append(Self.entries(entries, after: message.prevLogIndex, names: names))
    }
    if let commit = message.leaderCommit { detail.append("c\(commit.rawValue)") }
    if let hint = message.hint { detail.append("hint \(Rendering.position(hint))") }
    self.head = Escaping.plain(head.joined(separator: " "))
    self.detail = Escaping.plain(detail.joined(separator: " "))
  }

  private static func title(of message: WireMessage) -> String {
    switch message.type {
    case .requestVote, .preVote, .appendEntries, .heartbeat, .installSnapshot,
      .installSnapshotResponse, .timeoutNow, .readIndex, .readIndexResponse:
      message.type.rawValue
    case .requestVoteResponse:
      verdict(message.granted, "granted", "denied") ?? message.type.rawValue
    case .preVoteResponse:
      verdict(message.granted, "pre-vote granted", "pre-vote denied") ?? message.type.rawValue
    case .appendEntriesResponse, .heartbeatResponse:
      verdict(message.success, "ok", "rejected") ?? message.type.rawValue
    }
  }

  private static func verdict(_ value: Bool?, _ yes: String, _ no: String) -> String? {
    value.map { $0 ? yes : no }
  }

  private static func position(_ index: LogIndex, _ term: Term?) -> String {
    "\(index.rawValue)" + (term.map { "@\($0.rawValue)" } ?? "")
  }

  /// `[5@3 x:6@3 +2]`: an entry by its position, a proposed one with its name before that.
  private static func entries(
    _ entries: [WireEntry], after prev: LogIndex?, names: [[UInt8]: String]
  ) -> String {
    let shown = entries.count > entriesShown + 1 ? entriesShown : entries.count
    var texts = entries.prefix(shown).enumerated().map { offset, entry in
      let name = names[entry.data].map { $0 + ":" } ?? ""
      let index = prev.map { "\(Self.index($0, plus: offset + 1))" } ?? ""
      return "\(name)\(index)@\(entry.term.rawValue)"
    }
    if shown < entries.count { texts.append("+\(entries.count - shown)") }
    return "[" + texts.joined(separator: " ") + "]"
  }

  /// The index `count` positions on. What an adapter says may be anything: the sum wraps around.
  private static func index(_ index: LogIndex, plus count: Int) -> UInt64 {
    index.rawValue &+ UInt64(count)
  }
}
