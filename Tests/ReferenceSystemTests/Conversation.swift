import AdapterProtocol
import RaftTypes
import ReferenceSystem
import Testing

/// A talk with the reference system about one trace: sends requests, and keeps what the answers
/// tell of each node.
final class Conversation {
  let system = ReferenceSystem(disks: OnEveryDisk.disks)
  private(set) var nodes: [NodeName: Observed] = [:]
  /// What `settle` heard of the clients' proposals, changes and reads.
  private(set) var results: [ProposalResult] = []
  private(set) var changes: [ChangeResult] = []
  private(set) var reads: [ReadResult] = []

  init(seed: UInt64 = 1) throws {
    try ask(.begin(trace: "test", seed: seed))
  }

  /// What the answers have told of a node.
  func node(_ name: NodeName) throws -> Observed { try #require(nodes[name]) }

  /// Sends a request that has to be answered with a result.
  ///
  /// - Parameter takesOver: whether what it tells is added to what is known of the node.
  @discardableResult
  func ask(
    _ request: Request, takesOver: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> OperationResult {
    let answer = system.perform(request)
    guard case .ok(let result) = answer else {
      Issue.record("\(request) was answered with \(answer)", sourceLocation: sourceLocation)
      throw Unanswered()
    }
    if takesOver { takeOver(result, of: request) }
    return result
  }

  /// Sends a request that may be answered with an error.
  func offer(_ request: Request) -> OperationResult? {
    guard case .ok(let result) = system.perform(request) else { return nil }
    takeOver(result, of: request)
    return result
  }

  private func takeOver(_ result: OperationResult, of request: Request) {
    guard let name = result.node, let delta = result.state else { return }
    switch request {
    case .create, .restart: nodes[name] = Observed()
    default: break
    }
    nodes[name, default: Observed()].apply(delta)
  }

  struct Unanswered: Error {}

  /// Builds a node of three voters n1, n2 and n3.
  @discardableResult
  func create(
    _ name: NodeName = n1, voters: [NodeName] = [n1, n2, n3], term: UInt64? = nil,
    votedFor: NodeName? = nil, snapshot: WireSnapshot? = nil, log: [UInt64] = [],
    settings: (inout NodeSettings) -> Void = { _ in }
  ) throws -> OperationResult {
    var asked = NodeSettings()
    settings(&asked)
    return try ask(
      .create(
        NodeSpecification(
          node: name, configuration: WireConfiguration(voters: voters),
          term: Term(term ?? log.last ?? snapshot?.position.term.rawValue ?? 0),
          votedFor: votedFor, snapshot: snapshot,
          log: wireEntries(from: (snapshot?.position.index.rawValue ?? 0) + 1, log),
          settings: asked)))
  }

  /// Makes a node lead by the hand-written votes of voters.
  @discardableResult
  func lead(_ name: NodeName = n1, by voters: [NodeName] = [n2]) throws -> OperationResult {
    var result = try ask(.timeout(name))
    for voter in voters {
      result = try receive(.vote(term: try node(name).term.rawValue), from: voter, at: name)
    }
    #expect(try node(name).role == .leader)
    return result
  }

  @discardableResult
  func receive(
    _ message: WireMessage, from: NodeName = n2, at node: NodeName = n1
  ) throws -> OperationResult {
    try ask(.receive(node: node, from: from, message))
  }

  /// Delivers messages, oldest first, until none is left between nodes that run.
  func settle(from result: OperationResult) throws {
    var handles = result.sent.map(\.handle)
    while !handles.isEmpty {
      let handle = handles.removeFirst()
      guard let answer = offer(.deliver(handle)) else { continue }
      handles += answer.sent.map(\.handle)
      results += answer.results
      changes += answer.changes
      reads += answer.reads
    }
  }

  @discardableResult
  func propose(_ data: String, to node: NodeName = n1) throws -> OperationResult {
    try ask(.propose(node, data: Array(data.utf8)))
  }
}

/// What the answers have told of a node so far.
struct Observed: Equatable {
  var status: NodeStatus?
  var role: NodeRole?
  var term = Term.zero
  var votedFor: NodeName?
  var leader: NodeName?
  var commitIndex = LogIndex.zero
  var configuration: WireConfiguration?
  var snapshot: LogPosition?
  var transferTarget: NodeName?
  /// The position of the first entry of `log`.
  var firstIndex = LogIndex(1)
  var log: [WireEntry] = []
  var restored: WireSnapshot?
  var applied: [AppliedEntry] = []

  /// The terms of the entries, from `firstIndex` on.
  var terms: [UInt64] { log.map(\.term.rawValue) }

  /// The state machine: all commands, as text.
  var ledger: [String] {
    let commands = (restored?.commands ?? []) + applied.filter { $0.kind == .command }.map(\.data)
    return commands.map { String(decoding: $0, as: UTF8.self) }
  }

  mutating func apply(_ delta: StateDelta) {
    if let value = delta.status { status = value }
    if let value = delta.role { role = value }
    if let value = delta.term { term = value }
    if let value = delta.votedFor { votedFor = value.value }
    if let value = delta.leader { leader = value.value }
    if let value = delta.commitIndex { commitIndex = value }
    if let value = delta.configuration { configuration = value }
    if let value = delta.snapshot { snapshot = value }
    if let value = delta.transferTarget { transferTarget = value.value }
    if let from = delta.truncatedFrom { cut(from: from) }
    if let first = delta.firstIndex {
      // A delta that tells all starts from a log that begins at 1.
      if first > firstIndex { log.removeFirst(min(first - firstIndex, log.count)) }
      firstIndex = first
    }
    log += delta.appended
    if let value = delta.restored {
      restored = value
      applied.removeAll()
    }
    applied += delta.applied
  }

  private mutating func cut(from index: LogIndex) {
    #expect(index >= LogIndex(1) && index <= firstIndex + log.count)
    if index <= firstIndex {
      log.removeAll()
    } else {
      log.removeLast(log.count - (index - firstIndex))
    }
  }
}

let n1 = NodeName("n1")
let n2 = NodeName("n2")
let n3 = NodeName("n3")
let n4 = NodeName("n4")

/// Entries with their positions as bytes.
func wireEntries(from first: UInt64, _ terms: [UInt64]) -> [WireEntry] {
  zip(first..., terms).map { index, term in
    WireEntry(term: Term(term), data: Array("\(index)@\(term)".utf8))
  }
}

func position(_ index: UInt64, _ term: UInt64) -> LogPosition {
  LogPosition(index: LogIndex(index), term: Term(term))
}

extension WireMessage {
  static func vote(term: UInt64, granted: Bool = true) -> WireMessage {
    var message = WireMessage(type: .requestVoteResponse, term: Term(term))
    message.granted = granted
    return message
  }

  static func requestVote(term: UInt64, last: LogPosition = .zero) -> WireMessage {
    var message = WireMessage(type: .requestVote, term: Term(term))
    message.lastLogIndex = last.index
    message.lastLogTerm = last.term
    message.disrupt = false
    return message
  }

  /// An AppendEntries whose entries are named by their positions.
  static func append(
    term: UInt64, prev: LogPosition = .zero, _ terms: [UInt64] = [], commit: UInt64 = 0
  ) -> WireMessage {
    append(
      term: term, prev: prev, entries: wireEntries(from: prev.index.rawValue + 1, terms),
      commit: commit)
  }

  static func append(
    term: UInt64, prev: LogPosition, entries: [WireEntry], commit: UInt64 = 0
  ) -> WireMessage {
    var message = WireMessage(type: .appendEntries, term: Term(term))
    message.prevLogIndex = prev.index
    message.prevLogTerm = prev.term
    message.entries = entries
    message.leaderCommit = LogIndex(commit)
    return message
  }

  static func accepted(term: UInt64, match: UInt64) -> WireMessage {
    var message = WireMessage(type: .appendEntriesResponse, term: Term(term))
    message.success = true
    message.matchIndex = LogIndex(match)
    return message
  }

  static func rejected(term: UInt64, prev: UInt64, hint: LogPosition?) -> WireMessage {
    var message = WireMessage(type: .appendEntriesResponse, term: Term(term))
    message.success = false
    message.prevLogIndex = LogIndex(prev)
    message.hint = hint
    return message
  }
}

extension [SentMessage] {
  /// The messages without their handles.
  var messages: [WireMessage] { map(\.message) }
}

/// The same numbers for the same seed: SplitMix64.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

// Messages about snapshots and reads.
extension WireMessage {
  /// A snapshot of these commands, whole or a part of its bytes.
  static func installSnapshot(
    term: UInt64, at last: LogPosition, _ commands: [String], voters: [NodeName] = [n1, n2, n3],
    bytes: Range<Int>? = nil
  ) -> WireMessage {
    let whole = SnapshotBytes.encode(commands.map { Array($0.utf8) })
    let part = bytes ?? 0..<whole.count
    var message = WireMessage(type: .installSnapshot, term: Term(term))
    message.lastIncluded = last
    message.configuration = WireConfiguration(voters: voters)
    message.offset = UInt64(part.lowerBound)
    message.data = Array(whole[part])
    message.done = part.upperBound == whole.count
    return message
  }

  static func installed(
    term: UInt64, at last: LogPosition, next: UInt64, _ isInstalled: Bool = true
  ) -> WireMessage {
    var message = WireMessage(type: .installSnapshotResponse, term: Term(term))
    message.lastIncluded = last
    message.nextOffset = next
    message.installed = isInstalled
    return message
  }

  static func readIndex(term: UInt64, context: String) -> WireMessage {
    var message = WireMessage(type: .readIndex, term: Term(term))
    message.context = context
    return message
  }
}
