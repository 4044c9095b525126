import AdapterProtocol
import RaftTypes
import TraceFormat

/// The verbs of messages.
extension Execution {
  mutating func performMessages(_ action: Action) throws(Interruption) {
    switch action {
    case .receive(let message):
      let wire = try wireMessage(message)
      try receive(wire, from: message.from, at: message.to)
    case .answer(let answer):
      for peer in answer.from { try self.answer(answer, by: peer) }
    case .deliver(let selector):
      for flight in try take(selector) { try world.deliver(flight) }
    case .drop(let selector):
      for flight in try take(selector) { world.lose(flight) }
    case .duplicate(let selector):
      try duplicate(selector)
    case .capture(let selector, let name, let copy):
      try capture(selector, name: name, copy: copy)
    case .holdMessages(let selector):
      try hold(selector)
    case .releaseMessages(let selector):
      try release(selector)
    case .exchange(let exchange):
      try self.exchange(exchange)
    case .settle(let settle):
      try self.settle(settle)
    default:
      preconditionFailure("performMessages was given a verb of another group")
    }
  }

  // MARK: Hand-written messages

  /// Hands a node a message that no real node sent.
  mutating func receive(_ message: WireMessage, from: NodeName, at node: NodeName)
    throws(Interruption)
  {
    let number = world.nextNumber()
    world.record(.sent(number: number, from: from, to: node, message))
    guard world.node(node).isRunning else {
      world.record(.lost(number: number))
      // A node that stopped itself loses what comes, as it would lose a real message.
      if world.node(node).status == .halted { return }
      throw .verb("\(node) does not run and can't receive")
    }
    world.record(.delivered(number: number))
    world.observe(received: message, by: node, from: from)
    try world.perform(.receive(node: node, from: from, message))
  }

  private mutating func wireMessage(_ message: HandMessage) throws(Interruption) -> WireMessage {
    var wire = try wireBody(message)
    wire.context = message.context
    return wire
  }

  private mutating func wireBody(_ message: HandMessage) throws(Interruption) -> WireMessage {
    let term = try value(of: message.term)
    switch message.body {
    case .installSnapshot(let piece):
      return installSnapshot(piece, term: term)
    case .installSnapshotResponse(let last, let next, let installed):
      var wire = WireMessage(type: .installSnapshotResponse, term: term)
      wire.lastIncluded = last
      wire.nextOffset = UInt64(next)
      wire.installed = installed
      return wire
    case .timeoutNow:
      return WireMessage(type: .timeoutNow, term: term)
    case .readIndex:
      return WireMessage(type: .readIndex, term: term)
    case .readIndexResponse(let index):
      var wire = WireMessage(type: .readIndexResponse, term: term)
      wire.index = index
      return wire
    case .heartbeatResponse:
      return WireMessage(type: .heartbeatResponse, term: term)
    case .requestVote(let last, let disrupt):
      var wire = WireMessage(type: .requestVote, term: term)
      wire.lastLogIndex = last.index
      wire.lastLogTerm = last.term
      wire.disrupt = disrupt
      return wire
    case .preVote(let last):
      var wire = WireMessage(type: .preVote, term: term)
      wire.lastLogIndex = last.index
      wire.lastLogTerm = last.term
      return wire
    case .requestVoteResponse(let granted):
      return .vote(.requestVoteResponse, term: term, granted: granted)
    case .preVoteResponse(let granted):
      return .vote(.preVoteResponse, term: term, granted: granted)
    case .appendEntries(let prev, let entries, let commit):
      var wire = WireMessage(type: .appendEntries, term: term)
      wire.prevLogIndex = prev.index
      wire.prevLogTerm = prev.term
      wire.entries = try entries.map { entry throws(Interruption) in try wireEntry(entry) }
      wire.leaderCommit = commit
      return wire
    case .appendEntriesAccepted(let match):
      return .accepted(term: term, match: match)
    case .appendEntriesRejected(let prev, let hint):
      return .rejected(term: term, prev: prev, hint: hint)
    case .heartbeat(let matched, let commit):
      var wire = WireMessage(type: .heartbeat, term: term)
      wire.prevLogIndex = matched.index
      wire.prevLogTerm = matched.term
      wire.entries = []
      wire.leaderCommit = commit
      return wire
    }
  }

  private mutating func installSnapshot(_ piece: HandSnapshot, term: Term) -> WireMessage {
    var wire = WireMessage(type: .installSnapshot, term: term)
    let bytes = SnapshotBytes.encode(commands(piece.ledger))
    let start = min(piece.offset, bytes.count)
    let end = min(start + (piece.length ?? bytes.count), bytes.count)
    wire.lastIncluded = piece.last
    wire.configuration = WireConfiguration(piece.configuration ?? world.trace.configuration)
    wire.offset = UInt64(piece.offset)
    wire.data = Array(bytes[start..<end])
    wire.done = piece.done ?? (end == bytes.count)
    return wire
  }

  private func wireEntry(_ entry: HandEntry) throws(Interruption) -> WireEntry {
    switch entry {
    case .command(.position(let position)):
      return WireEntry(term: position.term, data: Payload.handWritten(position))
    case .configuration(let position, let configuration):
      return WireEntry(term: position.term, configuration: WireConfiguration(configuration))
    case .command(.name(let name)):
      let payload = world.payloads[name] ?? []
      guard let position = world.position(ofPayload: payload) else {
        throw .verb("no server holds the entry '\(name)' that the message is to carry")
      }
      return WireEntry(term: position.term, data: payload)
    }
  }

  // MARK: Picking messages

  /// Takes the oldest message that a selector names, or all of them.
  private mutating func take(_ selector: Selector) throws(Interruption) -> [Flight] {
    if let name = selector.captured {
      guard let flight = world.network.captured.removeValue(forKey: name) else {
        throw .verb("the captured message '\(name)' was delivered or dropped already")
      }
      return [flight]
    }
    let matches = try predicate(selector)
    if selector.all {
      let taken = world.network.takeAll(where: matches)
      if taken.isEmpty, !selector.optional { throw noMatch(selector) }
      return taken
    }
    guard let offset = offset(ofNth: selector.nth, where: matches) else {
      if selector.optional { return [] }
      throw noMatch(selector)
    }
    return [world.network.take(at: offset)]
  }

  /// Where the nth match stands among the messages in flight, from 1.
  private func offset(ofNth nth: Int, where matches: (Flight) -> Bool) -> Int? {
    var left = nth
    return world.network.inFlight.firstIndex { flight in
      guard matches(flight) else { return false }
      left -= 1
      return left == 0
    }
  }

  private func noMatch(_ selector: Selector) -> Interruption {
    let flying = world.network.inFlight.map { Rendering.flight($0, names: world.namesOfPayloads) }
    let seen =
      flying.isEmpty ? "nothing is in flight" : "in flight: " + flying.joined(separator: "; ")
    return .verb("no message in flight matches \(Rendering.selector(selector)); \(seen)")
  }

  private func predicate(_ selector: Selector) throws(Interruption) -> (Flight) -> Bool {
    let payload: [UInt8]?
    var change: LogPosition?
    switch selector.carries {
    case .name(let name) where world.payloads[name] == nil:
      payload = []
      change = world.changes[name]
    case .name(let name): payload = world.payloads[name] ?? []
    case .position(let position): payload = Payload.handWritten(position)
    case nil: payload = nil
    }
    return { flight in
      let message = flight.message
      if !selector.from.isEmpty, !selector.from.contains(flight.from) { return false }
      if !selector.to.isEmpty, !selector.to.contains(flight.to) { return false }
      if let type = selector.type, !message.isOfClass(type) { return false }
      if let withEntries = selector.withEntries, message.carriesEntries != withEntries {
        return false
      }
      if let change { return message.carries(change) }
      if let payload { return (message.entries ?? []).contains { $0.data == payload } }
      return true
    }
  }

  private mutating func duplicate(_ selector: Selector) throws(Interruption) {
    let matches = try predicate(selector)
    let originals: [Flight]
    if let name = selector.captured {
      originals = world.network.captured[name].map { [$0] } ?? []
    } else if selector.all {
      originals = world.network.inFlight.filter(matches)
    } else {
      let offset = offset(ofNth: selector.nth, where: matches)
      originals = offset.map { [world.network.inFlight[$0]] } ?? []
    }
    if originals.isEmpty, !selector.optional { throw noMatch(selector) }
    for original in originals {
      let copy = try world.copy(original)
      world.network.send(copy)
    }
  }

  private mutating func capture(_ selector: Selector, name: String, copy: Bool)
    throws(Interruption)
  {
    guard copy else {
      for flight in try take(selector) {
        world.record(.held(number: flight.number))
        world.network.captured[name] = flight
      }
      return
    }
    let matches = try predicate(selector)
    guard let original = world.network.inFlight.first(where: matches) else {
      if selector.optional { return }
      throw noMatch(selector)
    }
    world.network.captured[name] = try world.copy(original)
  }

  private mutating func hold(_ selector: Selector) throws(Interruption) {
    let before = world.network.held.count
    world.network.hold(where: try predicate(selector))
    for flight in world.network.held[before...] { world.record(.held(number: flight.number)) }
  }

  private mutating func release(_ selector: Selector) throws(Interruption) {
    world.network.release(where: try predicate(selector))
  }

  // MARK: Exchange and settle

  /// Two nodes talk: one message across, its answers back, until something holds.
  private mutating func exchange(_ exchange: Exchange) throws(Interruption) {
    var unmet = mismatches(of: exchange.until)
    for _ in 0..<exchange.rounds where !unmet.isEmpty {
      try roundTrip(from: exchange.first, to: exchange.second)
      unmet = mismatches(of: exchange.until)
    }
    if unmet.isEmpty { return }
    throw .failed(
      StepFailure(
        kind: .verb,
        summary: "what 'until' asks for did not come in \(exchange.rounds) round trips",
        mismatches: unmet))
  }

  private mutating func roundTrip(from first: NodeName, to second: NodeName) throws(Interruption) {
    func offset(_ from: NodeName, _ to: NodeName) -> Int? {
      world.network.inFlight.firstIndex { $0.from == from && $0.to == to }
    }
    if let request = offset(first, second) {
      try world.deliver(world.network.take(at: request))
    } else if offset(second, first) == nil, world.node(first).leads {
      try world.perform(.beat(first))
      if let request = offset(first, second) {
        try world.deliver(world.network.take(at: request))
      }
    }
    for _ in 0..<Limits.messagesPerRound {
      guard let answer = offset(second, first) else { return }
      try world.deliver(world.network.take(at: answer))
    }
  }

  mutating func settle(_ settle: Settle) throws(Interruption) {
    switch settle {
    case .deliveriesOnly:
      try deliverEverything()
    case .quiescent:
      try settleQuiescent()
    case .within(let rounds):
      for round in 0...rounds {
        try settleQuiescent()
        if hasSettledLeader { return }
        guard round < rounds else { break }
        try timeOutSomebody()
      }
    }
  }

  /// Delivers oldest first, until nothing deliverable remains.
  private mutating func deliverEverything() throws(Interruption) {
    for _ in 0..<Limits.messagesPerRound {
      guard !world.network.inFlight.isEmpty else { return }
      try world.deliverOldest()
    }
    throw .verb("the cluster does not settle: \(Limits.messagesPerRound) messages in one round")
  }

  private mutating func settleQuiescent() throws(Interruption) {
    for _ in 0..<Limits.settleBeats {
      let before = world.nodes.map(\.progress)
      try deliverEverything()
      let sent = world.emitted.count
      for node in world.nodes where node.leads {
        try world.perform(.beat(node.name))
      }
      try deliverEverything()
      // A refusal is news for a leader that it may act on with its next beat only.
      let hasRefusal = world.emitted[sent...].contains { $0.message.success == false }
      if !hasRefusal, world.nodes.map(\.progress) == before { return }
    }
    throw .verb("the cluster does not settle: it still changes after \(Limits.settleBeats) beats")
  }

  /// Whether one node leads in the highest term and every running node follows it.
  private var hasSettledLeader: Bool {
    guard !world.runningNodes.isEmpty else { return true }
    guard let leader = world.currentLeader else { return false }
    let members = world.runningNodes.filter { world.isMember($0.name, of: leader) }
    return members.allSatisfy { $0.term == leader.term }
      && members.count { $0.role == .leader } == 1
  }

  private mutating func timeOutSomebody() throws(Interruption) {
    let running = world.runningNodes
    let voters = running.filter { world.votes($0) }
    let candidates = voters.isEmpty ? running : voters
    guard !candidates.isEmpty else { return }
    let chosen = candidates[world.random.below(candidates.count)]
    for node in running where node.name != chosen.name {
      do throws(Interruption) {
        try world.perform(.lapse(node.name))
      } catch .notApplicable {
        // Without 'lapse' the node gives its leader up in its own time.
      }
    }
    world.record(.timeout(chosen.name))
    try world.perform(.timeout(chosen.name))
  }
}

extension ObservedNode {
  /// What a beat must not change once the cluster has settled.
  fileprivate var progress: [UInt64] {
    let role = UInt64(NodeRole.allCases.firstIndex(of: role) ?? 0)
    let status = UInt64(NodeStatus.allCases.firstIndex(of: status) ?? 0)
    return [
      status, role, term.rawValue, commitIndex.rawValue, appliedIndex.rawValue, lastIndex.rawValue,
      snapshot.index.rawValue, base.index.rawValue,
    ]
  }
}

extension WireMessage {
  /// Whether an entry that it carries stands at this position.
  func carries(_ position: LogPosition) -> Bool {
    guard let prev = prevLogIndex, let entries, position.index > prev else { return false }
    let offset = position.index - prev - 1
    return offset < entries.count && entries[offset].term == position.term
  }

  /// Whether it counts as of this type. An AppendEntries without entries and a heartbeat are one
  /// class, and so are their answers.
  func isOfClass(_ other: MessageType) -> Bool {
    switch other {
    case .heartbeat: isAppend && !carriesEntries
    case .appendEntries: isAppend
    case .heartbeatResponse, .appendEntriesResponse:
      type == .appendEntriesResponse || type == .heartbeatResponse
    case .requestVote, .requestVoteResponse, .preVote, .preVoteResponse, .installSnapshot,
      .installSnapshotResponse, .timeoutNow, .readIndex, .readIndexResponse:
      type == other
    }
  }

  static func vote(_ type: MessageType, term: Term, granted: Bool) -> WireMessage {
    var wire = WireMessage(type: type, term: term)
    wire.granted = granted
    return wire
  }

  static func accepted(term: Term, match: LogIndex) -> WireMessage {
    var wire = WireMessage(type: .appendEntriesResponse, term: term)
    wire.success = true
    wire.matchIndex = match
    return wire
  }

  static func rejected(term: Term, prev: LogIndex, hint: LogPosition) -> WireMessage {
    var wire = WireMessage(type: .appendEntriesResponse, term: term)
    wire.success = false
    wire.prevLogIndex = prev
    wire.hint = hint
    return wire
  }
}
