import RaftTypes
import YAMLTree

/// Checks boot states and hand-written messages against each other.
///
/// No run of Raft shows two prefixes before one entry, two leaders in one term or two votes of one
/// server in one term. A trace that is built from such pieces proves nothing, unless it says that
/// it means to (`impossible`).
struct Ledger {
  private var problems: [(message: String, location: SourceLocation)] = []
  /// The term of the entry before each entry.
  private var before: [LogPosition: (term: Term, location: SourceLocation)] = [:]
  /// Where the entries of each term begin.
  private var starts: [Term: (index: LogIndex, location: SourceLocation)] = [:]
  private var leaders: [Term: (node: NodeName, location: SourceLocation)] = [:]
  /// What the leader of each term has shown of its log.
  private var leaderLogs: [Term: [LogIndex: (term: Term, location: SourceLocation)]] = [:]
  /// What each entry holds, where that was said.
  private var contents: [LogPosition: (content: Content, location: SourceLocation)] = [:]
  private var snapshots: [LogPosition: (ledger: [EntryReference], location: SourceLocation)] = [:]
  private var votes: [Term: [NodeName: (candidate: NodeName, location: SourceLocation)]] = [:]

  /// Reports the contradictions of one case, unless the trace means them.
  static func check(_ nodes: [NodeBoot], _ context: DecodeContext, isWaived: Bool) {
    var ledger = Ledger()
    for node in nodes { ledger.add(node) }
    for mention in context.mentions {
      guard case .message(let message, let fields) = mention.subject else { continue }
      ledger.add(message, HandPlace(whole: mention.location, fields: fields))
    }
    // What is impossible may be so for reasons that only the run knows, such as what is committed.
    guard !isWaived else { return }
    for problem in ledger.problems { context.report(problem.message, at: problem.location) }
  }

  /// What an entry holds.
  private enum Content: Hashable {
    case command
    case configuration(TraceConfiguration)
  }

  private mutating func addContent(
    _ content: Content, of entry: LogPosition, at location: SourceLocation
  ) {
    guard let known = contents[entry] else {
      contents[entry] = (content, location)
      return
    }
    if known.content != content {
      contradict(
        "\(text(entry)) holds something else here than on line \(known.location.line)",
        at: location)
    }
  }

  /// The places of a message's parts.
  private struct HandPlace {
    var whole: SourceLocation
    var fields: [String: SourceLocation]

    subscript(key: String) -> SourceLocation { fields[key] ?? whole }
  }

  private mutating func contradict(_ message: String, at location: SourceLocation) {
    problems.append((message, location))
  }

  // MARK: Boot states

  private mutating func add(_ node: NodeBoot) {
    if let snapshot = node.snapshot {
      addCommands(snapshot.ledger, upTo: snapshot.position, at: node.location)
    }
    addEntries(node.log, after: node.base, at: node.location)
    if node.term < node.last.term {
      contradict(
        "\(node.name) has term \(node.term.rawValue), below its last entry's "
          + "\(node.last.term.rawValue)", at: node.location)
    }
    for (place, configuration) in node.configurations.sorted(by: { $0.key < $1.key }) {
      let entry = LogPosition(index: node.base.index + (place + 1), term: node.log[place])
      addContent(.configuration(configuration), of: entry, at: node.location)
    }
    if let votedFor = node.votedFor {
      addVote(of: node.name, for: votedFor, in: node.term, at: node.location)
    }
    if let heard = node.heard {
      lead(heard.from, heard.term, at: node.location)
      if node.last != .zero { show(node.last, leader: heard.term, at: node.location) }
    }
  }

  // MARK: Messages

  private mutating func add(_ message: HandMessage, _ place: HandPlace) {
    // Terms that are variables are known at run time alone; what follows holds for any term.
    let term: Term?
    switch message.term {
    case .literal(let literal): term = literal
    case .variable: term = nil
    }
    switch message.body {
    case .requestVote(let last, _):
      checkTerm(of: last, below: term, at: place["last"])
      if let term { addVote(of: message.from, for: message.from, in: term, at: place.whole) }
    case .preVote(let last):
      checkTerm(of: last, below: term, at: place["last"])
    case .requestVoteResponse(let granted):
      if granted, let term {
        addVote(of: message.from, for: message.to, in: term, at: place.whole)
      }
    case .preVoteResponse, .appendEntriesAccepted, .appendEntriesRejected, .heartbeatResponse,
      .installSnapshotResponse, .readIndex:
      break
    case .timeoutNow, .readIndexResponse:
      if let term { lead(message.from, term, at: place["from"]) }
    case .installSnapshot(let piece):
      addSnapshot(piece, message.from, term, place)
    case .appendEntries(let prev, let entries, _):
      if let term { lead(message.from, term, at: place["from"]) }
      addAppend(prev, entries, term, place)
    case .heartbeat(let matched, _):
      if let term {
        lead(message.from, term, at: place["from"])
        show(matched, leader: term, at: place["matched"])
      }
      if let term, matched.term > term {
        contradict(
          "\(text(matched)) is of a later term than the message", at: place["matched"])
      }
    }
  }

  private mutating func addSnapshot(
    _ piece: HandSnapshot, _ from: NodeName, _ term: Term?, _ place: HandPlace
  ) {
    addCommands(piece.ledger, upTo: piece.last, at: place["ledger"])
    if let known = snapshots[piece.last] {
      if known.ledger != piece.ledger {
        contradict(
          "the snapshot at \(text(piece.last)) holds something else here than on line "
            + "\(known.location.line)", at: place["ledger"])
      }
    } else {
      snapshots[piece.last] = (piece.ledger, place["ledger"])
    }
    guard let term else { return }
    lead(from, term, at: place["from"])
    show(piece.last, leader: term, at: place["last"])
    if piece.last.term > term {
      contradict("\(text(piece.last)) is of a later term than the message", at: place["last"])
    }
  }

  /// The commands of a snapshot stand in order, at or before its last entry. Where two of them are
  /// neighbours, one follows the other in every log.
  private mutating func addCommands(
    _ ledger: [EntryReference], upTo last: LogPosition, at location: SourceLocation
  ) {
    var previous = LogPosition.zero
    for case .position(let command) in ledger {
      guard command.index > previous.index, command.term >= previous.term,
        command.index <= last.index, command.term <= last.term
      else {
        contradict(
          "\(text(command)) can't stand after \(text(previous)) in a snapshot at "
            + "\(text(last))", at: location)
        return
      }
      addContent(.command, of: command, at: location)
      if command.index == previous.index.next { addEntry(command, after: previous, at: location) }
      previous = command
    }
    if last.index == previous.index, last.term != previous.term {
      contradict("\(text(previous)) and \(text(last)) are one entry", at: location)
    }
  }

  /// A candidate's log ends below the term it stands in, for nobody leads that term yet.
  private mutating func checkTerm(
    of last: LogPosition, below term: Term?, at location: SourceLocation
  ) {
    guard let term, last.term >= term, last != .zero else { return }
    contradict(
      "\(text(last)) is an entry of a term that only begins with the election of term "
        + "\(term.rawValue)", at: location)
  }

  private mutating func addAppend(
    _ prev: LogPosition, _ entries: [HandEntry], _ term: Term?, _ place: HandPlace
  ) {
    if let term { show(prev, leader: term, at: place["prev"]) }
    var last: LogPosition? = prev
    for item in entries {
      let entry: LogPosition
      switch item {
      case .command(.position(let position)):
        entry = position
        addContent(.command, of: entry, at: place["entries"])
      case .configuration(let position, let configuration):
        entry = position
        addContent(.configuration(configuration), of: entry, at: place["entries"])
      case .command(.name):
        // A named entry stands wherever its leader put it.
        last = nil
        continue
      }
      if let last { addEntry(entry, after: last, at: place["entries"]) }
      if let term { show(entry, leader: term, at: place["entries"]) }
      last = entry
    }
    if let term, let last, last.term > term {
      contradict(
        "\(text(last)) is of a later term than the message", at: place["entries"])
    }
  }

  // MARK: The ledger

  private mutating func addEntries(
    _ terms: [Term], after start: LogPosition, at location: SourceLocation
  ) {
    var last = start
    for term in terms {
      let entry = LogPosition(index: last.index.next, term: term)
      addEntry(entry, after: last, at: location)
      last = entry
    }
  }

  private mutating func addEntry(
    _ entry: LogPosition, after previous: LogPosition, at location: SourceLocation
  ) {
    guard entry.index == previous.index.next else {
      contradict("\(text(entry)) can't follow \(text(previous)): there is a gap", at: location)
      return
    }
    guard entry.term >= previous.term else {
      contradict("\(text(entry)) follows \(text(previous)), and terms never fall", at: location)
      return
    }
    if let known = before[entry] {
      if known.term != previous.term {
        contradict(
          "\(text(entry)) follows an entry of term \(previous.term.rawValue) here and of term "
            + "\(known.term.rawValue) on line \(known.location.line)", at: location)
      }
      return
    }
    before[entry] = (previous.term, location)
    checkStart(of: entry, after: previous, at: location)
  }

  /// One leader appends all entries of a term, one after the other.
  private mutating func checkStart(
    of entry: LogPosition, after previous: LogPosition, at location: SourceLocation
  ) {
    let begins = previous.term < entry.term
    guard let start = starts[entry.term] else {
      if begins { starts[entry.term] = (entry.index, location) }
      return
    }
    if begins ? entry.index != start.index : entry.index <= start.index {
      contradict(
        "\(text(entry)) can't be: the entries of term \(entry.term.rawValue) begin at index "
          + "\(start.index.rawValue), as line \(start.location.line) says", at: location)
    }
  }

  private mutating func lead(_ node: NodeName, _ term: Term, at location: SourceLocation) {
    guard let known = leaders[term] else {
      leaders[term] = (node, location)
      addVote(of: node, for: node, in: term, at: location)
      return
    }
    if known.node != node {
      contradict(
        "\(node) leads term \(term.rawValue) here, and \(known.node) does on line "
          + "\(known.location.line)", at: location)
    }
  }

  /// A leader has this entry; it never changes its own log.
  private mutating func show(
    _ position: LogPosition, leader term: Term, at location: SourceLocation
  ) {
    guard let known = leaderLogs[term]?[position.index] else {
      leaderLogs[term, default: [:]][position.index] = (position.term, location)
      return
    }
    if known.term != position.term {
      contradict(
        "the leader of term \(term.rawValue) has \(text(position)) here and "
          + "\(position.index.rawValue)@\(known.term.rawValue) on line \(known.location.line)",
        at: location)
    }
  }

  private mutating func addVote(
    of voter: NodeName, for candidate: NodeName, in term: Term, at location: SourceLocation
  ) {
    guard let known = votes[term]?[voter] else {
      votes[term, default: [:]][voter] = (candidate, location)
      return
    }
    if known.candidate != candidate {
      contradict(
        "\(voter) votes for \(candidate) in term \(term.rawValue) here, and for "
          + "\(known.candidate) on line \(known.location.line)", at: location)
    }
  }

  private func text(_ position: LogPosition) -> String {
    "\(position.index.rawValue)@\(position.term.rawValue)"
  }
}
