import RaftTypes
import YAMLTree

/// Checks that what a trace names is there: servers, entries, variables and captured messages.
struct References {
  private let context: DecodeContext
  /// The single entries proposed so far.
  private var entries: Set<String> = []
  /// The names given to proposals, and where.
  private var proposals: [String: SourceLocation] = [:]
  private var variables: [String: (location: SourceLocation, isUsed: Bool)] = [:]
  /// The reads named so far, and where.
  private var reads: [String: SourceLocation] = [:]
  private var captures: [String: (location: SourceLocation, isUsed: Bool)] = [:]
  /// The greatest index that boot states and hand-written messages have filled so far.
  private var greatestIndex: UInt64

  /// Checks the mentions of one case in their order.
  static func check(_ nodes: [NodeBoot], _ context: DecodeContext) {
    var references = References(nodes, context)
    for mention in context.mentions { references.check(mention) }
    references.checkUse()
  }

  private init(_ nodes: [NodeBoot], _ context: DecodeContext) {
    self.context = context
    greatestIndex = nodes.map(\.last.index.rawValue).max() ?? 0
  }

  private mutating func check(_ mention: Mention) {
    switch mention.subject {
    case .server(let name): checkServer(name, mention.location)
    case .realNode(let name): checkRealNode(name, mention.location)
    case .peer(let name): checkPeer(name, mention.location)
    case .entryNamed(let name, let each): nameEntries(name, each, mention.location)
    case .entryKnown(let name): entries.insert(name)
    case .readNamed(let name): nameRead(name, mention.location)
    case .workUsed(let name):
      if reads[name] == nil { checkEntry(name, true, mention.location) }
    case .entryUsed(let name, let groups): checkEntry(name, groups, mention.location)
    case .variableBound(let name): bind(name, mention.location)
    case .variableBoundOrUsed(let name):
      if variables[name] == nil {
        bind(name, mention.location)
      } else {
        use(name, mention.location)
      }
    case .variableUsed(let name): use(name, mention.location)
    case .captureNamed(let name): nameCapture(name, mention.location)
    case .captureUsed(let name): useCapture(name, mention.location)
    case .literalIndex(let index): checkIndex(index, mention)
    case .message(let message, _): fill(message)
    }
  }

  private func report(_ message: String, at location: SourceLocation) {
    context.report(message, at: location)
  }

  // MARK: Servers

  private func checkServer(_ name: NodeName, _ location: SourceLocation) {
    guard !context.servers.contains(name), !context.strangers.contains(name) else { return }
    report("unknown node '\(name)'" + known(context.servers, near: name), at: location)
  }

  private func checkRealNode(_ name: NodeName, _ location: SourceLocation) {
    guard !context.nodes.contains(name) else { return }
    report(
      context.peers.contains(name)
        ? "'\(name)' is a peer, and a real node is needed here" + known(context.nodes, near: name)
        : "unknown node '\(name)'" + known(context.nodes, near: name), at: location)
  }

  private func checkPeer(_ name: NodeName, _ location: SourceLocation) {
    guard !context.peers.contains(name), !context.strangers.contains(name) else { return }
    report(
      context.nodes.contains(name)
        ? "'\(name)' is a real node: it answers by itself, when messages are delivered to it"
        : "unknown peer '\(name)'" + known(context.peers, near: name), at: location)
  }

  private func known(_ names: [NodeName], near name: NodeName) -> String {
    let words = names.sorted().map(\.rawValue)
    return words.isEmpty
      ? "; the trace has none" : "; expected \(ShapeDescription.either(words))"
  }

  // MARK: Entries

  private mutating func nameEntries(
    _ name: String, _ each: [String], _ location: SourceLocation
  ) {
    if let earlier = proposals[name] ?? reads[name] {
      report("'\(name)' was proposed before, on line \(earlier.line)", at: location)
    } else if entries.contains(name) {
      report("'\(name)' is in a snapshot already", at: location)
    }
    if context.servers.contains(NodeName(name)) || ["all", "none", "some"].contains(name) {
      report("'\(name)' means something else in expectations; choose another name", at: location)
    }
    proposals[name] = location
    entries.formUnion(each)
  }

  private mutating func nameRead(_ name: String, _ location: SourceLocation) {
    if let earlier = proposals[name] ?? reads[name] {
      report("'\(name)' was named before, on line \(earlier.line)", at: location)
    }
    reads[name] = location
  }

  private func checkEntry(_ name: String, _ groups: Bool, _ location: SourceLocation) {
    if entries.contains(name) || (groups && proposals[name] != nil) { return }
    if proposals[name] != nil {
      report("'\(name)' names several entries; say which: '\(name).1'", at: location)
      return
    }
    if reads[name] != nil {
      report("'\(name)' is a read, and an entry is meant here", at: location)
      return
    }
    let hint = NearestWord.hint(for: name, among: Array(entries) + proposals.keys)
    report("no entry '\(name)' was proposed before\(hint)", at: location)
  }

  // MARK: Variables and captured messages

  private mutating func bind(_ name: String, _ location: SourceLocation) {
    if let earlier = variables[name] {
      report("$\(name) has its value since line \(earlier.location.line)", at: location)
      return
    }
    variables[name] = (location, false)
  }

  private mutating func use(_ name: String, _ location: SourceLocation) {
    if variables[name] != nil {
      variables[name]?.isUsed = true
      return
    }
    if context.columns.contains(name) {
      report("a column stands for a whole value; add a column for what is meant", at: location)
      return
    }
    let known = (variables.keys + context.columns).map { "$" + $0 }
    let hint = NearestWord.hint(for: "$" + name, among: known)
    report("$\(name) has no value yet\(hint)", at: location)
  }

  private mutating func nameCapture(_ name: String, _ location: SourceLocation) {
    if let earlier = captures[name] {
      report(
        "message '\(name)' was captured before, on line \(earlier.location.line)", at: location)
    }
    captures[name] = (location, false)
  }

  private mutating func useCapture(_ name: String, _ location: SourceLocation) {
    guard captures[name] == nil else {
      captures[name]?.isUsed = true
      return
    }
    let hint = NearestWord.hint(for: name, among: Array(captures.keys))
    report("no message '\(name)' was captured before\(hint)", at: location)
  }

  private func checkUse() {
    for (name, variable) in variables where !variable.isUsed {
      context.report("$\(name) is not used", at: variable.location, severity: .warning)
    }
    for (name, capture) in captures where !capture.isUsed {
      context.report(
        "captured message '\(name)' is not used", at: capture.location, severity: .warning)
    }
  }

  // MARK: Indices

  /// A leader may append entries of its own, and then what is proposed stands elsewhere. So only
  /// indices that were filled by hand are sure to mean the same in every implementation.
  private func checkIndex(_ index: UInt64, _ mention: Mention) {
    guard index > greatestIndex, !mention.isNegated else { return }
    report(
      "index \(index) is above all that boot states and hand-written messages fill so far "
        + "(\(greatestIndex)); a leader may add entries of its own, so name the entry and use its "
        + "name", at: mention.location)
  }

  private mutating func fill(_ message: HandMessage) {
    switch message.body {
    case .appendEntries(let prev, let entries, _):
      greatestIndex = max(greatestIndex, prev.index.rawValue + UInt64(entries.count))
    case .installSnapshot(let piece):
      greatestIndex = max(greatestIndex, piece.last.index.rawValue)
    case .requestVote, .requestVoteResponse, .preVote, .preVoteResponse, .appendEntriesAccepted,
      .appendEntriesRejected, .heartbeat, .heartbeatResponse, .installSnapshotResponse,
      .timeoutNow, .readIndex, .readIndexResponse:
      break
    }
  }
}
