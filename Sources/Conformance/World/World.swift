import AdapterProtocol
import RaftInvariants
import RaftTypes
import TraceFormat

/// One run of one trace: what the system said so far, the network between its nodes, and the names
/// that the trace has given to things.
struct World {
  let trace: Trace
  let system: any SystemUnderTest
  /// What the system says it can do and show.
  let declared: Set<Capability>
  /// The real nodes, in the order they are written.
  var nodes: [ObservedNode]
  var network: Network
  var checker: InvariantChecker
  var transcript: Transcript
  /// What was emitted since the step before ended.
  var emitted: [Flight] = []
  /// The payloads of proposed entries, by their names.
  var payloads: [String: [UInt8]] = [:]
  /// The names of proposed entries, by their payloads.
  var namesOfPayloads: [[UInt8]: String] = [:]
  /// What became of proposals, changes and reads, by name.
  var results: [String: ProposalOutcome] = [:]
  /// Where the first entries of changes stand, by the changes' names.
  var changes: [String: LogPosition] = [:]
  /// The reads that were asked for, by name.
  var reads: [String: ReadRecord] = [:]
  /// What clients did, to be judged as a whole.
  var history = ClientHistory()
  /// Variables, by name without the dollar sign.
  var variables: [String: UInt64] = [:]
  /// Whether an alternative marked as non-strict was taken.
  var tookNonStrict = false
  var random: SeededSource
  var step = 0
  /// What a chaos did so far.
  var chaos = ChaosLog()
  /// The terms in which somebody was seen to lead.
  var termsLed: Set<Term> = []
  /// Whether what happens is written down, for reports and diagrams.
  var isRecording = true
  /// Whether what reads see is kept, for expectations.
  var keepsSights = true
  /// How indices of the trace and of the implementation translate, once a node was created.
  private var shift = IndexShift(base: .zero)
  private var operations = 0
  /// Messages that are gone, which the system has not been told.
  private var forgotten: [MessageHandle] = []
  private var messages = 0
  /// How many messages there were so far.
  var messagesSent: Int { messages }
  private let numbers: [NodeName: Int]
  /// The configuration that the cluster starts from, by the numbers of its servers.
  let firstConfiguration: Configuration

  init(
    trace: Trace, system: any SystemUnderTest, implementation: Implementation, seed: UInt64
  ) {
    self.trace = trace
    declared = Set(implementation.capabilities.compactMap(Capability.init(rawValue:)))
    self.system = system
    let servers = trace.servers + trace.strangers
    numbers = Dictionary(uniqueKeysWithValues: zip(servers, servers.indices))
    firstConfiguration = Configuration(
      voters: trace.configuration.voters.map { [numbers] in ServerID(UInt64(numbers[$0] ?? 0)) },
      learners: trace.configuration.learners.map { [numbers] in
        ServerID(UInt64(numbers[$0] ?? 0))
      })
    nodes = trace.nodes.map { [numbers] boot in
      ObservedNode(name: boot.name, id: ServerID(UInt64(numbers[boot.name] ?? 0)))
    }
    network = Network(nodes: trace.nodes.count)
    checker = InvariantChecker(
      servers: servers.count, trustsPeers: trace.impossible == nil,
      observing: declared.contains(.readLog) ? .all : .commits)
    transcript = Transcript(
      servers: trace.nodes.map(\.name) + trace.peers + trace.strangers,
      peers: Set(trace.peers + trace.strangers))
    random = SeededSource(seed: seed)
  }

  // MARK: Servers

  func id(of server: NodeName) -> ServerID {
    ServerID(UInt64(numbers[server] ?? numbers.count))
  }

  /// Every server of the trace, ascending: the place of each is its number.
  var servers: [NodeName] { trace.servers }

  func isPeer(_ server: NodeName) -> Bool { transcript.peers.contains(server) }

  /// The place of a real node; the lint has made sure that it is one.
  func place(of node: NodeName) -> Int {
    guard let place = nodes.firstIndex(where: { $0.name == node }) else {
      preconditionFailure("'\(node)' is no real node of \(trace.fullID); the lint lets none pass")
    }
    return place
  }

  func node(_ name: NodeName) -> ObservedNode { nodes[place(of: name)] }

  private func link(_ from: NodeName, _ to: NodeName) -> LinkPlaces? {
    guard let from = nodes.firstIndex(where: { $0.name == from }),
      let to = nodes.firstIndex(where: { $0.name == to })
    else { return nil }
    return LinkPlaces(from: from, to: to)
  }

  var runningNodes: [ObservedNode] { nodes.filter(\.isRunning) }

  // MARK: Requests

  /// Sends one request and takes over everything its answer tells.
  ///
  /// - Parameter mover: the node that moves, where neither request nor answer names it.
  /// - Throws: when the answer is no result, when it contradicts what was said before, or when what
  ///   it tells violates a safety property.
  @discardableResult
  mutating func perform(_ request: Request, moving mover: NodeName? = nil) throws(Interruption)
    -> OperationResult
  {
    try takeOver(try answer(to: request), to: request, moving: mover)
  }

  private mutating func answer(to request: Request) throws(Interruption) -> Answer {
    guard forgotten.isEmpty else { return try answers(to: [request])[0] }
    do {
      return try system.perform(shift.outward(request))
    } catch {
      throw .broken(error)
    }
  }

  /// Sends several requests, none of which depends on the answer to another. Each answer is to be
  /// taken over, in order.
  ///
  /// Lost messages are told with them: nothing waits for the answers to that.
  mutating func answers(to requests: [Request]) throws(Interruption) -> [Answer] {
    let lost = forgotten.map(Request.drop)
    forgotten.removeAll()
    do {
      return Array(
        try system.perform(lost + requests.map { shift.outward($0) }).dropFirst(lost.count))
    } catch {
      throw .broken(error)
    }
  }

  /// Takes over everything that an answer tells.
  ///
  /// - Parameter mover: the node that moves, where neither request nor answer names it.
  /// - Throws: when the answer is no result, when it contradicts what was said before, or when what
  ///   it tells violates a safety property.
  @discardableResult
  mutating func takeOver(
    _ answer: Answer, to request: Request, moving mover: NodeName? = nil
  ) throws(Interruption) -> OperationResult {
    let result = shift.inward(try Self.result(of: answer))
    operations += 1
    let moved = result.node ?? request.node ?? mover
    if let name = moved, let place = nodes.firstIndex(where: { $0.name == name }) {
      if let delta = result.state { try takeOver(delta, at: place) }
      try takeOver(reads: result.reads, by: nodes[place])
      try takeOver(sent: result.sent, from: name)
    }
    takeOver(results: result.results, result.changes)
    try check()
    return result
  }

  /// Sends one request that builds a node or brings one back: the answer is the whole state.
  mutating func performBirth(_ request: Request, of name: NodeName) throws(Interruption)
    -> OperationResult
  {
    try takeOverBirth(try answer(to: request), of: name)
  }

  /// Takes over the answer to a request that built a node or brought one back.
  mutating func takeOverBirth(
    _ answer: Answer, of name: NodeName
  ) throws(Interruption) -> OperationResult {
    let isFirstLife = step == 0
    let answer = try Self.result(of: answer)
    operations += 1
    guard answer.outcome == .done else { return answer }
    try takeOver(base: answer.base, of: name)
    let result = shift.inward(answer)
    let place = place(of: name)
    nodes[place].reset()
    if let delta = result.state, let complaint = nodes[place].apply(delta) {
      throw .broken(.protocolError("\(name): \(complaint)"))
    }
    observeBirth(of: nodes[place], isFirstLife: isFirstLife)
    history.restart(place, nodes[place])
    try takeOver(sent: result.sent, from: name)
    try check()
    return result
  }

  /// Every node's log starts at the same place, or indices would mean different things.
  private mutating func takeOver(base: LogPosition?, of name: NodeName) throws(Interruption) {
    guard let base else { return }
    guard nodes.first?.name == name || base.index == shift.base.index else {
      throw .broken(
        .protocolError(
          "\(name)'s log starts after \(base.index.rawValue), and another's after "
            + "\(shift.base.index.rawValue)"))
    }
    shift = IndexShift(base: base)
  }

  private static func result(of answer: Answer) throws(Interruption) -> OperationResult {
    switch answer {
    case .ok(let result):
      return result
    case .unsupported(let capability, let reason):
      throw .notApplicable(capability: capability, reason: reason)
    case .error(let message, let detail):
      throw .broken(.protocolError("\(message)\(detail.isEmpty ? "" : ": \(detail)")"))
    }
  }

  // MARK: Taking over answers

  private mutating func takeOver(_ delta: StateDelta, at place: Int) throws(Interruption) {
    let before = nodes[place]
    if let complaint = nodes[place].apply(delta) {
      throw .broken(.protocolError("\(before.name): \(complaint)"))
    }
    let node = nodes[place]
    observe(delta, of: node, before: before)
    if node.role == .leader, before.role != .leader || node.term != before.term {
      termsLed.insert(node.term)
    }
    if node.role != before.role || node.term != before.term {
      record(.became(node.name, node.role, node.term))
    }
    if node.commitIndex != before.commitIndex { record(.committed(node.name, node.commitIndex)) }
    history.apply(delta, at: place)
    if let restored = delta.restored {
      record(.noted(node.name, "restores \(Rendering.position(restored.position))"))
    }
    if !delta.applied.isEmpty { record(.applied(node.name, node.appliedIndex)) }
    recordMembersAndSnapshots(of: node, before: before)
    switch delta.status {
    case .crashed where before.status != .crashed: nodeDied(node.name, event: .crashed(node.name))
    case .halted where before.status != .halted: nodeDied(node.name, event: .halted(node.name))
    case .crashed, .halted, .running, nil: break
    }
  }

  /// Messages of the dead stay on their way; messages to it are lost.
  mutating func nodeDied(_ name: NodeName, event: Transcript.Kind) {
    record(event)
    for flight in network.takeAll(where: { $0.to == name }) { lose(flight) }
  }

  private mutating func takeOver(sent: [SentMessage], from: NodeName) throws(Interruption) {
    // Of one operation, messages go by receiver: never by an implementation's own order of peers.
    let order = sent.indices.sorted {
      (sent[$0].to, $0) < (sent[$1].to, $1)
    }
    for offset in order {
      let message = sent[offset]
      observe(sent: message.message, from: from, to: message.to)
      try send(message.handle, message.message, from: from, to: message.to)
    }
  }

  private mutating func send(
    _ handle: MessageHandle, _ message: WireMessage, from: NodeName, to: NodeName
  ) throws(Interruption) {
    guard numbers[to] != nil else {
      throw .broken(.protocolError("\(from) sent a message to '\(to)', which is no server here"))
    }
    let flight = Flight(
      handle: handle, from: from, to: to, link: link(from, to), message: message,
      number: nextNumber(), emitted: operations)
    if isRecording { emitted.append(flight) }
    record(.sent(number: flight.number, from: from, to: to, message))
    if isPeer(to) {
      network.sendToPeer(flight)
    } else if network.isCut(from, to) || !node(to).isRunning {
      lose(flight)
    } else {
      network.send(flight)
    }
  }

  private mutating func recordMembersAndSnapshots(of node: ObservedNode, before: ObservedNode) {
    if node.snapshot != before.snapshot {
      record(.noted(node.name, "snapshot \(Rendering.position(node.snapshot))"))
    }
    if node.base != before.base {
      record(.noted(node.name, "log from \(node.firstIndex.rawValue)"))
    }
    if let configuration = node.configuration, configuration != before.configuration {
      record(.noted(node.name, Rendering.configuration(configuration)))
    }
  }

  private mutating func takeOver(
    results reported: [ProposalResult], _ changes: [ChangeResult]
  ) {
    for result in reported {
      history.settle(result)
      guard let name = namesOfPayloads[result.data] else { continue }
      results[name] = ProposalOutcome(result.fate)
    }
    for change in changes { results[change.id] = ProposalOutcome(change.fate) }
  }

  private mutating func takeOver(
    reads ended: [ReadResult], by node: ObservedNode
  ) throws(Interruption) {
    for result in ended {
      guard var read = reads[result.id], results[result.id] == .pending else { continue }
      switch result.fate {
      case .lost:
        results[result.id] = .lost
        history.abandon(&read)
      case .done(let index):
        guard node.appliedIndex >= index else {
          throw .broken(
            .protocolError(
              "\(node.name) served the read '\(result.id)' at index \(index.rawValue), and has "
                + "applied up to \(node.appliedIndex.rawValue)"))
        }
        results[result.id] = .done
        record(.noted(node.name, "serves \(result.id)"))
        checker.observe(.readServed(node.id, read: read.number, index: node.appliedIndex))
        if keepsSights {
          read.seen = ReadRecord.Sight(index: node.appliedIndex, ledger: node.ledger)
        }
        if declared.contains(.readLedger) { history.complete(&read, at: place(of: node.name)) }
      }
      reads[result.id] = read
    }
  }

  mutating func check() throws(Interruption) {
    guard let violation = checker.takeViolations().first else { return }
    let names = servers + trace.strangers
    let message = violation.message(naming: { id in
      Int(id.rawValue) < names.count ? names[Int(id.rawValue)].rawValue : "server \(id.rawValue)"
    })
    throw .failed(
      StepFailure(
        kind: .invariant, summary: "\(violation.invariant.title): \(message)", mismatches: []))
  }

  // MARK: Messages

  /// A number for a message that no number was given to yet.
  mutating func nextNumber() -> Int {
    messages += 1
    return messages
  }

  /// A message is gone. The system is told with the next request, so that it can free the handle;
  /// what it says to that changes no verdict.
  mutating func lose(_ flight: Flight) {
    record(.lost(number: flight.number))
    forgotten.append(flight.handle)
  }

  /// Hands a message to its receiver.
  mutating func deliver(_ flight: Flight) throws(Interruption) {
    guard !network.isCut(flight.from, flight.to), node(flight.to).isRunning else {
      return lose(flight)
    }
    record(.delivered(number: flight.number))
    // An answer `void`, an RPC that is gone, is excused: the message had no effect.
    try perform(.deliver(flight.handle), moving: flight.to)
  }

  /// Delivers the oldest messages, as many as have receivers of their own: none of them can then
  /// change what becomes of another.
  mutating func deliverOldest() throws(Interruption) {
    var flights: [Flight] = []
    while let next = network.inFlight.first, !flights.contains(where: { $0.to == next.to }),
      !network.isCut(next.from, next.to), node(next.to).isRunning
    {
      flights.append(network.take(at: 0))
    }
    guard !flights.isEmpty else { return try deliver(network.take(at: 0)) }
    let requests = flights.map { Request.deliver($0.handle) }
    for (place, answer) in try answers(to: requests).enumerated() {
      record(.delivered(number: flights[place].number))
      try takeOver(answer, to: requests[place], moving: flights[place].to)
    }
  }

  /// A second copy of a message, at the tail of its link.
  mutating func copy(_ flight: Flight) throws(Interruption) -> Flight {
    let result = try perform(.duplicate(flight.handle))
    guard let handle = result.handle else {
      throw .broken(.protocolError("the answer to 'duplicate' has no handle"))
    }
    let copy = Flight(
      handle: handle, from: flight.from, to: flight.to, link: flight.link,
      message: flight.message, number: nextNumber(), emitted: operations)
    record(.duplicated(number: flight.number, copy: copy.number))
    return copy
  }

  mutating func record(_ kind: @autoclosure () -> Transcript.Kind) {
    guard isRecording else { return }
    transcript.events.append(Transcript.Event(step: step, kind: kind()))
  }
}
