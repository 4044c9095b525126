import AdapterProtocol
import Conformance
import RaftTypes

/// Lays a transcript's events out in rows.
struct DiagramBuilder {
  private let transcript: Transcript
  private let names: [[UInt8]: String]
  private let places: [NodeName: Int]
  /// The last step, where the run failed in it.
  private let failingStep: Int?
  private(set) var lanes: [Diagram.Lane]
  private(set) var rows: [Diagram.Row] = []
  private(set) var messages: [Diagram.Message] = []
  private var messagesByNumber: [Int: Int] = [:]
  /// Messages of which more is told after they were sent.
  private let followed: Set<Int>

  init(_ transcript: Transcript, names: [[UInt8]: String], boots: [NodeName: String]) {
    self.transcript = transcript
    self.names = names
    let servers = transcript.servers
    places = Dictionary(zip(servers, servers.indices)) { first, _ in first }
    lanes = servers.map { server in
      Diagram.Lane(
        name: Escaping.plain(server.rawValue), isPeer: transcript.peers.contains(server),
        start: Escaping.plain(boots[server] ?? ""), startRole: .follower, startsAlive: true)
    }
    failingStep =
      transcript.events.last { event in
        if case .failed = event.kind { return true }
        return false
      }?.step
    followed = Set(transcript.events.flatMap { Self.messagesFollowed(by: $0.kind) })
  }

  private static func messagesFollowed(by kind: Transcript.Kind) -> [Int] {
    switch kind {
    case .delivered(let number), .lost(let number), .held(let number): [number]
    case .duplicated(let number, let copy): [number, copy]
    case .step, .sent, .became, .committed, .applied, .timeout, .ticked, .proposed, .storage,
      .noted, .crashed, .restarted, .halted, .linksChanged, .failed:
      []
    }
  }

  mutating func build(_ window: Diagram.Window) {
    let events = transcript.events
    let start = firstEvent(of: window)
    foldAway(events[..<start])
    if start > 0 {
      append(.omitted(start == 1 ? "1 event before" : "\(start) events before"), step: 0)
      resumeStep(at: start)
    }
    var place = start
    while place < events.count {
      place += add(events[place], next: place + 1 < events.count ? events[place + 1] : nil)
    }
  }

  /// The place of the first event that is shown.
  private func firstEvent(of window: Diagram.Window) -> Int {
    let events = transcript.events
    var start = 0
    if let steps = window.steps, let last = events.last?.step {
      start = events.firstIndex { $0.step > last - steps } ?? 0
    }
    if let limit = window.events { start = max(start, events.count - limit) }
    return start
  }

  // MARK: Before the first row

  /// Takes over what the events before the window left: states of servers, messages on their way.
  private mutating func foldAway(_ events: ArraySlice<Transcript.Event>) {
    var states: [Int: LaneState] = [:]
    for event in events {
      switch event.kind {
      case .sent(let number, let from, let to, let message):
        addMessage(number, from: from, to: to, message, departure: nil)
      case .duplicated(let number, let copy):
        addCopy(copy, of: number, departure: nil)
      case .became(let node, let role, let term):
        change(node, in: &states) {
          $0.role = role
          $0.term = term
        }
      case .committed(let node, let index):
        change(node, in: &states) { $0.commit = index }
      case .crashed(let node), .halted(let node):
        change(node, in: &states) {
          $0.isAlive = false
          $0.commit = nil
        }
      case .restarted(let node):
        change(node, in: &states) {
          $0.role = .follower
          $0.isAlive = true
        }
      case .step, .delivered, .lost, .held, .applied, .timeout, .ticked, .proposed, .storage,
        .noted,
        .linksChanged, .failed:
        break
      }
    }
    if !events.isEmpty {
      for lane in lanes.indices { lanes[lane].take(states[lane]) }
    }
  }

  private func change(
    _ node: NodeName, in states: inout [Int: LaneState], _ change: (inout LaneState) -> Void
  ) {
    guard let lane = places[node] else { return }
    change(&states[lane, default: LaneState()])
  }

  /// Names the step that the first event shown is in the middle of.
  private mutating func resumeStep(at start: Int) {
    let first = transcript.events[start]
    if case .step = first.kind { return }
    for event in transcript.events[..<start].reversed() where event.step == first.step {
      if case .step(let text) = event.kind { return addStep(text, number: event.step) }
    }
  }

  // MARK: Rows

  /// Adds an event and, where the one after it belongs to it, that one too.
  ///
  /// - Returns: how many events were taken.
  private mutating func add(_ event: Transcript.Event, next: Transcript.Event?) -> Int {
    switch event.kind {
    case .step(let text):
      addStep(text, number: event.step)
    case .sent(let number, let from, let to, let message):
      return addDeparture(number, from: from, to: to, message, step: event.step, next: next)
    case .delivered(let number):
      end(number, step: event.step, content: Diagram.Content.arrival) { .arrived(row: $0) }
    case .lost(let number):
      end(number, step: event.step, content: Diagram.Content.loss) { .lost(row: $0) }
    case .held(let number):
      guard let message = messagesByNumber[number] else { break }
      messages[message].holds.append(rows.count)
      append(.hold(message: message), step: event.step)
    case .duplicated(let number, let copy):
      guard let original = messagesByNumber[number] else { break }
      addCopy(copy, of: number, departure: rows.count)
      append(.copy(original: original, copy: messages.count - 1), step: event.step)
    case .linksChanged(let text):
      append(.links(Escaping.plain(text)), step: event.step)
    case .failed(let summary):
      append(.failure(Escaping.plain(summary)), step: event.step)
    case .became, .committed, .applied, .timeout, .ticked, .proposed, .storage, .noted,
      .crashed, .restarted, .halted:
      if let (node, mark) = Mark.at(event.kind) { add(mark, at: node, step: event.step) }
    }
    return 1
  }

  private mutating func append(_ content: Diagram.Content, step: Int) {
    rows.append(Diagram.Row(step: step, content: content))
  }

  private mutating func addStep(_ text: String, number: Int) {
    append(
      .step(number: number, text: Escaping.plain(text), isFailing: number == failingStep),
      step: number)
  }

  /// Marks of one server that follow each other share a row.
  private mutating func add(_ mark: Mark, at node: NodeName, step: Int) {
    guard let lane = places[node] else { return }
    if let last = rows.last, last.step == step, case .marks(lane, let marks) = last.content,
      marks.count < 3
    {
      rows[rows.count - 1].content = .marks(lane: lane, marks + [mark])
    } else {
      append(.marks(lane: lane, [mark]), step: step)
    }
  }

  // MARK: Messages

  private mutating func addDeparture(
    _ number: Int, from: NodeName, to: NodeName, _ message: WireMessage, step: Int,
    next: Transcript.Event?
  ) -> Int {
    guard let sender = places[from], let receiver = places[to] else { return 1 }
    let (fate, taken) = fate(of: number, to: receiver, next: next)
    let place = messages.count
    addMessage(number, from: from, to: to, message, departure: nil)
    let hop = Diagram.Hop(message: place, lane: receiver, fate: fate)
    if let hops = hopsToJoin(from: sender, step: step), let first = hops.first,
      messages[first.message].label == messages[place].label,
      !hops.contains(where: { $0.lane == receiver })
    {
      rows[rows.count - 1].content = .departures(lane: sender, hops + [hop])
    } else {
      append(.departures(lane: sender, [hop]), step: step)
    }
    let row = rows.count - 1
    messages[place].departure = row
    switch fate {
    case .leaves: break
    case .arrives: messages[place].end = .arrived(row: row)
    case .isLost: messages[place].end = .lost(row: row)
    }
    return taken
  }

  /// The messages of the last row, if it shows messages that leave this server in this step.
  private func hopsToJoin(from lane: Int, step: Int) -> [Diagram.Hop]? {
    guard let last = rows.last, last.step == step, case .departures(lane, let hops) = last.content
    else { return nil }
    return hops
  }

  /// What the row in which a message leaves shows of its way, and how many events tell that.
  private func fate(
    of number: Int, to receiver: Int, next: Transcript.Event?
  ) -> (Diagram.Hop.Fate, taken: Int) {
    if case .delivered(number) = next?.kind { return (.arrives, 2) }
    if case .lost(number) = next?.kind { return (.isLost, 2) }
    // A peer has no state: what is sent to it and not lost has reached it.
    return (lanes[receiver].isPeer && !followed.contains(number) ? .arrives : .leaves, 1)
  }

  private mutating func addMessage(
    _ number: Int, from: NodeName, to: NodeName, _ message: WireMessage, departure: Int?
  ) {
    guard let sender = places[from], let receiver = places[to] else { return }
    messagesByNumber[number] = messages.count
    messages.append(
      Diagram.Message(
        number: number, from: sender, to: receiver, label: MessageLabel(message, names: names),
        family: Diagram.Message.Family(message.type), departure: departure, end: .underway))
  }

  private mutating func addCopy(_ copy: Int, of number: Int, departure: Int?) {
    guard let original = messagesByNumber[number] else { return }
    var message = messages[original]
    message.number = copy
    message.original = number
    message.departure = departure
    message.holds = []
    message.end = .underway
    messagesByNumber[copy] = messages.count
    messages.append(message)
  }

  private mutating func end(
    _ number: Int, step: Int, content: (Int) -> Diagram.Content, end: (Int) -> Diagram.Message.End
  ) {
    guard let message = messagesByNumber[number] else { return }
    messages[message].end = end(rows.count)
    append(content(message), step: step)
  }
}

/// What is known of a server where the diagram begins.
private struct LaneState {
  var role = NodeRole.follower
  var term: Term?
  var commit: LogIndex?
  var isAlive = true
}

extension Diagram.Lane {
  /// Takes over what events before the diagram's first row said of a server.
  fileprivate mutating func take(_ state: LaneState?) {
    guard let state else {
      start = ""
      return
    }
    startRole = state.role
    startsAlive = state.isAlive
    var parts = [state.isAlive ? state.role.rawValue : "down"]
    if let term = state.term { parts.append("term \(term.rawValue)") }
    if let commit = state.commit { parts.append("commit \(commit.rawValue)") }
    start = parts.joined(separator: ", ")
  }
}

extension Mark {
  /// The server and the mark of an event that happens at one.
  fileprivate static func at(_ kind: Transcript.Kind) -> (NodeName, Mark)? {
    switch kind {
    case .became(let node, let role, let term): (node, .became(role, term))
    case .committed(let node, let index): (node, .committed(index))
    case .applied(let node, let index): (node, .applied(index))
    case .timeout(let node): (node, .timeout)
    case .ticked(let node, let count): (node, .ticked(count))
    case .proposed(let node, let name): (node, .proposed(name))
    case .storage(let node, let what): (node, .storage(what))
    case .noted(let node, let what): (node, .noted(what))
    case .crashed(let node): (node, .crashed)
    case .restarted(let node): (node, .restarted)
    case .halted(let node): (node, .halted)
    case .step, .sent, .delivered, .lost, .duplicated, .held, .linksChanged, .failed: nil
    }
  }
}

extension Diagram.Message.Family {
  fileprivate init(_ type: MessageType) {
    switch type {
    case .requestVote, .requestVoteResponse, .preVote, .preVoteResponse, .timeoutNow:
      self = .election
    case .appendEntries, .appendEntriesResponse, .heartbeat, .heartbeatResponse, .installSnapshot,
      .installSnapshotResponse, .readIndex, .readIndexResponse:
      self = .replication
    }
  }
}
