import AdapterProtocol
import RaftTypes
import TraceFormat

/// Expectations of the messages that a step made leave.
extension Execution {
  func messageMismatches(of expectation: Expectation) -> [Mismatch] {
    var found: [Mismatch] = []
    switch expectation.sent {
    case .some(.none):
      if !world.emitted.isEmpty {
        found.append(Mismatch(path: "sent", expected: "nothing", actual: renderEmitted()))
      }
    case .all(let patterns):
      found += unmatched(patterns)
    case nil:
      break
    }
    for pattern in expectation.absent {
      guard let flight = world.emitted.first(where: { matches(pattern, $0) }) else { continue }
      found.append(
        Mismatch(path: "absent", expected: "no \(pattern.text)", actual: render(flight)))
    }
    for group in expectation.absentTogether {
      guard unmatched(group).isEmpty else { continue }
      let texts = group.map(\.text).joined(separator: " and ")
      found.append(
        Mismatch(path: "absent.all-of", expected: "not all of \(texts)", actual: renderEmitted()))
    }
    for count in expectation.counts {
      let actual = world.emitted.count { matches(count.pattern, $0) }
      guard !satisfies(count.bound, UInt64(actual), log: nil) else { continue }
      found.append(
        Mismatch(
          path: "count of \(count.pattern.text)", expected: Rendering.bound(count.bound),
          actual: "\(actual)"))
    }
    for vote in expectation.votes { found += mismatches(of: vote) }
    for append in expectation.appends { found += mismatches(of: append) }
    return found
  }

  private func render(_ flight: Flight) -> String {
    Rendering.flight(flight, names: world.namesOfPayloads)
  }

  private func renderEmitted() -> String {
    world.emitted.isEmpty
      ? "nothing was sent" : world.emitted.map { render($0) }.joined(separator: "; ")
  }

  // MARK: Assignment

  /// The patterns that get no message of their own, in the best assignment there is.
  private func unmatched(_ patterns: [MessagePattern]) -> [Mismatch] {
    let candidates = patterns.map { pattern in
      world.emitted.indices.filter { matches(pattern, world.emitted[$0]) }
    }
    var takenBy: [Int: Int] = [:]
    func assign(_ pattern: Int, _ visited: inout Set<Int>) -> Bool {
      for message in candidates[pattern] where visited.insert(message).inserted {
        if let holder = takenBy[message], !assign(holder, &visited) { continue }
        takenBy[message] = pattern
        return true
      }
      return false
    }
    var found: [Mismatch] = []
    for pattern in patterns.indices {
      var visited: Set<Int> = []
      if !assign(pattern, &visited) {
        found.append(
          Mismatch(
            path: "sent[\(pattern + 1)]", expected: patterns[pattern].text,
            actual: renderEmitted()))
      }
    }
    return found
  }

  // MARK: Patterns

  private func matches(_ pattern: MessagePattern, _ flight: Flight) -> Bool {
    let message = flight.message
    if let type = pattern.type, !message.isOfClass(type) { return false }
    if let from = pattern.from, from != flight.from { return false }
    if let to = pattern.to, to != flight.to { return false }
    let sender = world.nodes.first { $0.name == flight.from }
    func within(_ bound: Bound?, _ actual: UInt64?) -> Bool {
      guard let bound else { return true }
      return actual.map { satisfies(bound, $0, log: sender) } ?? false
    }
    guard within(pattern.term, message.term?.rawValue),
      within(pattern.commit, message.leaderCommit?.rawValue),
      within(pattern.match, message.matchIndex?.rawValue),
      within(pattern.offset, message.offset), within(pattern.next, message.nextOffset),
      within(pattern.index, message.index?.rawValue)
    else { return false }
    if let granted = pattern.granted, message.granted != granted { return false }
    if let success = pattern.success, message.success != success { return false }
    if let done = pattern.done, message.done != done { return false }
    if let installed = pattern.installed, message.installed != installed { return false }
    guard carries(pattern.configuration, message), fits(pattern.context, message) else {
      return false
    }
    let lastEntry = message.lastLogIndex.flatMap { index in
      message.lastLogTerm.map { LogPosition(index: index, term: $0) }
    }
    let last = message.lastIncluded ?? lastEntry
    let prev = message.prevLogIndex.flatMap { index in
      message.prevLogTerm.map { LogPosition(index: index, term: $0) }
    }
    return isAt(pattern.last, last, sender) && isAt(pattern.prev, prev, sender)
      && carries(pattern.entries, message, sender)
  }

  private func isAt(
    _ expected: EntryReference?, _ actual: LogPosition?, _ sender: ObservedNode?
  ) -> Bool {
    switch expected {
    case nil:
      return true
    case .position(let position):
      return actual == position
    case .name(let name):
      guard let actual else { return false }
      return world.position(ofEntry: name, in: sender) == actual
    }
  }

  private func fits(_ expected: MessagePattern.ContextPattern?, _ message: WireMessage) -> Bool {
    switch expected {
    case nil: true
    case .some(.none): message.context == nil
    case .some(.some): message.context != nil
    case .exactly(let token): message.context == token
    }
  }

  /// Whether the message is about such a configuration, or carries one.
  private func carries(_ expected: ConfigurationExpectation?, _ message: WireMessage) -> Bool {
    guard let expected else { return true }
    if message.type == .installSnapshot { return expected.fits(message.configuration) }
    return (message.entries ?? []).contains { expected.fits($0.configuration) }
  }

  private func carries(
    _ expected: MessagePattern.EntriesPattern?, _ message: WireMessage, _ sender: ObservedNode?
  ) -> Bool {
    switch expected {
    case nil:
      return true
    case .some(.none):
      return !message.carriesEntries
    case .some(.some):
      return message.carriesEntries
    case .exactly(let references):
      let commands = (message.entries ?? []).filter { $0.kind == .command }
      guard commands.count == references.count else { return false }
      return zip(references, commands).allSatisfy { reference, entry in
        switch reference {
        case .name(let name):
          entry.data == world.payloads[name]
        case .position(let position):
          entry.term == position.term && entry.data == Payload.handWritten(position)
        }
      }
    }
  }

  // MARK: Votes and appends

  private func mismatches(of vote: VoteExpectation) -> [Mismatch] {
    let term = try? value(of: vote.term)
    let granted = world.emitted.contains { flight in
      flight.from == vote.by && flight.to == vote.candidate
        && flight.message.type == .requestVoteResponse && flight.message.granted == true
        && (flight.message.term == nil || flight.message.term == term)
    }
    guard granted != vote.granted else { return [] }
    let asked =
      "\(vote.by)'s vote for \(vote.candidate) in term \(term.map { "\($0.rawValue)" } ?? "?")"
    return [
      Mismatch(
        path: "vote", expected: "\(asked): \(vote.granted ? "granted" : "denied, or silence")",
        actual: renderEmitted())
    ]
  }

  private func mismatches(of append: AppendExpectation) -> [Mismatch] {
    let sender = world.node(append.by)
    let accepted = world.emitted.contains { flight in
      flight.from == append.by && flight.to == append.to
        && flight.message.isOfClass(.appendEntriesResponse) && flight.message.success == true
        && (append.match.map { bound in
          flight.message.matchIndex.map { satisfies(bound, $0.rawValue, log: sender) } ?? false
        } ?? true)
    }
    guard accepted != append.accepted else { return [] }
    let bound = append.match.map { " with match \(Rendering.bound($0))" } ?? ""
    return [
      Mismatch(
        path: "append",
        expected:
          "\(append.by)'s answer to \(append.to): "
          + (append.accepted ? "accepted\(bound)" : "rejected\(bound), or silence"),
        actual: renderEmitted())
    ]
  }
}
