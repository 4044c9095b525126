import AdapterProtocol
import RaftTypes
import TraceFormat

/// The conversation of one stage. Every answer is checked by the schema, understood, and added up.
final class Scene {
  /// Why a stage ends before its end; the finding is noted already.
  enum Stop: Error {
    /// The next stage can go on with the process.
    case stage
    /// The process is gone, or nobody knows where it stands.
    case system
  }

  let declared: Set<Capability>
  /// The only fields that its wire carries, for some types of messages.
  let wire: [MessageType: Set<String>]
  private let schema: JSONSchema
  private(set) var findings: [WalkFinding] = []
  private(set) var exchanges: [LineExchange] = []
  /// Who answered `hello` in this stage.
  private(set) var implementation: Implementation?
  /// Whether the process can be asked more.
  private(set) var isUsable = true
  /// Messages that were sent and neither delivered nor dropped, oldest first.
  private(set) var flights: [Flight] = []
  /// What became of proposals, of changes and of reads, in the order it was told.
  private(set) var fates: [ProposalResult] = []
  private(set) var changes: [ChangeResult] = []
  private(set) var reads: [ReadResult] = []
  /// The last handle that was delivered or dropped.
  private(set) var spentHandle: MessageHandle?
  private var system: (any RawSystem)?
  private var nodes: [NodeName: ObservedNode] = [:]
  private var servers: Set<NodeName> = []
  private var handles: Set<MessageHandle> = []
  private var shift = IndexShift(base: .zero)
  private var stage = ""

  /// A message on its way.
  struct Flight {
    var from: NodeName
    var sent: SentMessage
  }

  /// - Parameter implementation: who answered `hello`, in a stage after that.
  init(schema: JSONSchema, implementation: Implementation?) {
    self.schema = schema
    declared = Set((implementation?.capabilities ?? []).compactMap(Capability.init(rawValue:)))
    wire = implementation?.wireFields ?? [:]
  }

  /// Has the stage's conversation; what is wrong is among the findings afterwards.
  func walk(_ stage: Stage, on system: any RawSystem) {
    guard let conversation = stage.conversation else { return }
    self.system = system
    self.stage = stage.name
    do throws(Stop) {
      try conversation(self)
    } catch {
      if case .system = error { isUsable = false }
    }
  }

  // MARK: Findings

  func add(_ kind: WalkFinding.Kind, _ message: String, _ remedy: String) {
    let place = exchanges.isEmpty ? nil : exchanges.count - 1
    let finding = WalkFinding(kind: kind, message: message, remedy: remedy, exchange: place)
    if !findings.contains(where: { ($0.kind, $0.message) == (kind, message) }) {
      findings.append(finding)
    }
  }

  func fault(_ message: String, _ remedy: String) { add(.fault, message, remedy) }

  /// Notes what contradicts Raft.
  func doubt(_ message: String, rung: String) {
    add(
      .doubt, message, "If that is what the implementation did, the traces of rung \(rung) judge it"
    )
  }

  // MARK: Asking

  /// Asks, and gives back what the answer says, whatever it is.
  func answer(to request: Request) throws(Stop) -> Answer {
    guard let system else { throw .system }
    let exchange: LineExchange
    do throws(SystemFailure) {
      exchange = try system.exchange(shift.outward(request))
    } catch {
      fault(error.message, Remedy.of(error))
      throw .system
    }
    exchanges.append(exchange)
    if case .bye = request, exchange.answer.isEmpty { return .ok(OperationResult()) }
    let hasProblems = try checkBySchema(exchange)
    let id: UInt64
    let answer: Answer
    do throws(ProtocolProblem) {
      (id, answer) = try AnswerCoding.decode(exchange.answer)
    } catch {
      if !hasProblems { fault(error.message, Remedy.of(error)) }
      throw .stage
    }
    guard id == exchange.id else {
      fault(
        "the answer has the id \(id), and the request had \(exchange.id)",
        "Answer requests in their order, one line each, and repeat the request's id")
      throw .system
    }
    return answer
  }

  /// - Returns: whether the line breaks the schema.
  private func checkBySchema(_ exchange: LineExchange) throws(Stop) -> Bool {
    let found: JSONSchema.Findings
    do throws(ProtocolProblem) {
      found = try schema.findings(in: exchange.answer)
    } catch {
      fault("the answer is no JSON: \(error.message)", Remedy.noJSON)
      throw .system
    }
    for problem in found.problems.prefix(5) { fault(problem.message, Remedy.of(problem)) }
    for field in found.unknownFields.prefix(5) {
      let place = field.path.isEmpty ? "the line" : "'\(field.path)'"
      let name = Excerpt.of(field.name.utf8)
      let near = NearestWord.find(field.name, among: field.missing)
      add(
        .note, "\(place) has a field '\(name)' that the suite does not know and ignores",
        near.map { "Did you mean '\($0)'?" } ?? "")
    }
    return !found.problems.isEmpty
  }

  /// Asks for something that has to be carried out, or refused by Raft's rules.
  func ask(_ request: Request) throws(Stop) -> OperationResult {
    switch try answer(to: request) {
    case .ok(let result):
      if let base = result.base { shift = IndexShift(base: base) }
      let shifted = shift.inward(result)
      takeOver(shifted, of: request)
      return shifted
    case .unsupported(let capability, let reason):
      refused(request.operation, capability: capability, reason: reason)
      throw .stage
    case .error(let message, _):
      fault(
        "'\(request.operation)' is answered with an error: \(Excerpt.printable(message))",
        "An error is a fault that was caught. The request is right: look where it was thrown")
      throw .stage
    }
  }

  /// A feature that is lacking and was not declared costs the traces that need it, and is no fault.
  private func refused(_ operation: String, capability: String, reason: String) {
    let told = "\(Excerpt.printable(capability)): \(Excerpt.printable(reason))"
    let isOfContract = Capability(rawValue: stage) == nil
    let isDeclared =
      declared.contains { $0.name == capability } || capability == operation
    guard isOfContract || isDeclared else {
      return add(
        .note, "'\(operation)' is unsupported here (\(told)), and the stage ends",
        "That is allowed: the traces that ask for it do not apply until it is there")
    }
    fault(
      "'\(operation)' is answered unsupported (\(told))",
      isOfContract
        ? "Every adapter answers '\(operation)'"
        : "Carry '\(operation)' out, or take '\(stage)' out of hello's capabilities")
  }

  // MARK: Adding up

  func node(_ name: NodeName) -> ObservedNode {
    nodes[name] ?? ObservedNode(name: name, id: ServerID(0))
  }

  /// Starts a trace.
  func begin() throws(Stop) {
    (nodes, servers, handles, flights) = ([:], [], [], [])
    (fates, changes, reads, spentHandle) = ([], [], [], nil)
    shift = IndexShift(base: .zero)
    _ = try ask(.begin(trace: "validate/\(stage)", seed: 7))
  }

  func meet(_ implementation: Implementation) { self.implementation = implementation }

  private func takeOver(_ result: OperationResult, of request: Request) {
    switch request {
    case .create(let specification):
      servers.formUnion(specification.voters)
      nodes[specification.node] = ObservedNode(name: specification.node, id: ServerID(0))
      checkBirth(result, "create")
    case .restart(let name) where result.outcome == .done:
      nodes[name]?.reset()
      checkBirth(result, "restart")
    default: break
    }
    var receiver: NodeName?
    if case .deliver(let handle) = request {
      receiver = flights.first { $0.sent.handle == handle }?.sent.to
    }
    if case .state = request { return }
    fates += result.results
    changes += result.changes
    reads += result.reads
    let mover = result.node ?? request.node ?? receiver
    if let state = result.state { takeOver(state, of: mover) }
    for sent in result.sent { takeOver(sent, from: mover) }
    switch request {
    case .deliver(let handle), .drop(let handle):
      flights.removeAll { $0.sent.handle == handle }
      spentHandle = handle
    default: break
    }
  }

  private func checkBirth(_ result: OperationResult, _ operation: String) {
    guard let state = result.state else {
      return fault(
        "the answer to '\(operation)' has no 'state'",
        "Answer the whole state of the new life: status, role, term, votedFor, leader, "
          + "commitIndex and the whole log as 'appended'")
    }
    var missing: [String] = []
    if state.role == nil { missing.append("role") }
    if state.term == nil { missing.append("term") }
    if state.votedFor == nil, declared.contains(.readVote) { missing.append("votedFor") }
    if state.commitIndex == nil { missing.append("commitIndex") }
    if !missing.isEmpty {
      fault(
        "the state after '\(operation)' lacks \(missing.joined(separator: ", "))",
        "This answer carries the whole state, unlike the later ones, which tell what changed")
    }
  }

  private func takeOver(_ state: StateDelta, of mover: NodeName?) {
    guard let mover, var node = nodes[mover] else {
      return fault(
        "a state is told of \(mover.map { "'\($0)'" } ?? "nobody"), which is no node here",
        "'node' names the one that moved: the request's, or the receiver of a delivered message")
    }
    if let complaint = node.apply(state) {
      fault(
        complaint,
        "'truncatedFrom' is the first index that is gone, before the 'appended' come; it can't lie "
          + "beyond the end of the log")
    }
    checkApplied(state, node)
    nodes[mover] = node
  }

  private func checkApplied(_ state: StateDelta, _ node: ObservedNode) {
    for (before, after) in zip(node.applied, node.applied.dropFirst())
    where after.position.index != before.position.index.next {
      fault(
        "'applied' goes from index \(before.position.index.rawValue) to "
          + "\(after.position.index.rawValue)",
        "Tell every entry that is handed to the state machine once, in order, internal ones too")
    }
    guard declared.contains(.readLog) else { return }
    if node.commitIndex > node.lastIndex {
      fault(
        "\(node.name) has commitIndex \(node.commitIndex.rawValue), and a log of "
          + "\(node.log.count) entries adds up from 'appended' and 'truncatedFrom'",
        "Tell every entry that is added to the log as 'appended', in the answer in which it happens"
      )
    }
  }

  private func takeOver(_ sent: SentMessage, from mover: NodeName?) {
    if !handles.insert(sent.handle).inserted {
      fault(
        "the handle \(sent.handle.rawValue) was given to another message before",
        "Count handles up over the whole trace; they are not each node's own")
    }
    if !servers.contains(sent.to) {
      fault(
        "a message is sent to '\(Excerpt.printable(sent.to.rawValue))', which is no server here",
        "Name receivers as 'voters' in 'create' does: \(servers.sorted().map(\.rawValue))")
    }
    checkFields(of: sent)
    if let mover { flights.append(Flight(from: mover, sent: sent)) }
  }
}
