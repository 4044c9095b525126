import AdapterProtocol
import RaftTypes
import TraceFormat

/// The contract between the suite and any implementation, before any rule of Raft: TODO 0.1.
///
/// Each check is reported like a trace, under an id that starts with `harness.`.
public struct HarnessContract: Sendable {
  let factory: SystemFactory
  let seed: UInt64

  /// A contract that nobody has checked yet; each check starts a system of its own.
  public init(factory: SystemFactory, seed: UInt64) {
    self.factory = factory
    self.seed = seed
  }

  /// One check.
  public struct Check: Sendable {
    /// What its result is reported under: `harness.hello`.
    public var id: String
    /// What must hold, in a sentence.
    public var title: String
    /// The slug of the clause that it tests.
    public var clause: String
    /// What to do about it where it fails.
    public var hint: String
    /// What the implementation must be able to do for the check to show anything.
    public var needs: Capability?
    /// - Returns: what is wrong; `nil` where the check holds.
    let run: @Sendable (HarnessContract) throws(SystemFailure) -> String?
  }

  /// The checks, in the order they are made.
  public static let checks: [Check] = [
    Check(
      id: "harness.hello", title: "The implementation says who it is and what it can do",
      clause: "harness.hello",
      hint: "Answer hello with the protocol, a name, a version and the capabilities",
      run: { contract throws(SystemFailure) in try contract.checkHello() }),
    Check(
      id: "harness.unknown-operation", title: "An operation that does not exist is unsupported",
      clause: "harness.unknown-operation",
      hint: "Answer what you do not know with 'unsupported', never with an error or with silence",
      run: { contract throws(SystemFailure) in try contract.checkUnknownOperation() }),
    Check(
      id: "harness.boot-state", title: "A node boots from the durable state it is given",
      clause: "harness.boot-state",
      hint: "Report term, vote and log as they were handed in, before anything happens",
      run: { contract throws(SystemFailure) in try contract.checkBootState() }),
    Check(
      id: "harness.same-seed", title: "The same requests with the same seed get the same answers",
      clause: "harness.same-seed",
      hint: "Take every random choice from the seed of 'begin', and none from clocks or hash order",
      needs: .clock,
      run: { contract throws(SystemFailure) in try contract.checkSameSeed() }),
    Check(
      id: "harness.bad-input", title: "A request about a node that does not exist is refused",
      clause: "harness.bad-input",
      hint: "Answer with an error and go on; bad input must not end the adapter",
      run: { contract throws(SystemFailure) in try contract.checkBadInput() }),
  ]

  /// Makes all checks. One in which the system hung is made once more: the machine may have been
  /// busy.
  public func run() -> [TraceResult] {
    Self.checks.map { check in
      do throws(SystemFailure) {
        do throws(SystemFailure) {
          return try make(check)
        } catch {
          guard error.isTimeOut else { throw error }
          return try make(check)
        }
      } catch {
        var result = TraceResult(check)
        result.verdict = .error
        result.reason = error.message
        return result
      }
    }
  }

  private func make(_ check: Check) throws(SystemFailure) -> TraceResult {
    var result = TraceResult(check)
    if let needed = check.needs, try !declares(needed) {
      result.verdict = .notApplicable
      result.missingCapability = needed.name
      result.reason = "needs the capability '\(needed.name)'"
    } else if let complaint = try check.run(self) {
      result.verdict = .failed
      result.reason = complaint
    }
    return result
  }

  private func declares(_ capability: Capability) throws(SystemFailure) -> Bool {
    try converse { (_, implementation) throws(SystemFailure) in
      implementation.capabilities.contains(capability.name)
    }
  }

  /// A conversation on a system of its own, from hello to bye.
  private func converse<Result>(
    _ body: (any SystemUnderTest, Implementation) throws(SystemFailure) -> Result
  ) throws(SystemFailure) -> Result {
    let system = try factory.start()
    let result = try body(system, try Self.hello(system))
    // A system that was given up on is ended already, and has been told of.
    _ = try? system.perform(.bye)
    return result
  }

  /// Opens the conversation.
  ///
  /// - Throws: where the answer is not one to `hello`.
  public static func hello(_ system: any SystemUnderTest) throws(SystemFailure) -> Implementation {
    switch try system.perform(helloRequest) {
    case .ok(let result):
      guard let implementation = result.implementation else {
        throw .protocolError("the answer to hello does not say who answers")
      }
      guard implementation.protocolVersion == protocolVersion else {
        throw .protocolError(
          "it speaks protocol \(implementation.protocolVersion); this suite speaks "
            + "\(protocolVersion)")
      }
      return implementation
    case .unsupported(let capability, let reason):
      throw .protocolError("hello was answered with unsupported (\(capability): \(reason))")
    case .error(let message, _):
      throw .protocolError("hello was answered with an error: \(message)")
    }
  }

  /// The request that opens the conversation.
  static let helloRequest = Request.hello(
    protocols: [protocolVersion], suiteVersion: Suite.version)

  /// The version of the adapter protocol that this suite speaks.
  public static let protocolVersion = 1

  // MARK: Checks

  private func checkHello() throws(SystemFailure) -> String? {
    let implementation = try converse { (_, hello) throws(SystemFailure) in hello }
    if implementation.name.isEmpty { return "the implementation has no name" }
    if implementation.version.isEmpty { return "the implementation has no version" }
    if implementation.window < 1 { return "the window must be at least 1" }
    let unknown = implementation.capabilities.filter { Capability(rawValue: $0) == nil }
    return unknown.isEmpty
      ? nil : "unknown capabilities: \(unknown.sorted().joined(separator: ", "))"
  }

  private func checkUnknownOperation() throws(SystemFailure) -> String? {
    let answer = try converse { (system, _) throws(SystemFailure) in
      try system.perform(.unknown(operation: "no-such-operation"))
    }
    switch answer {
    case .unsupported: return nil
    case .ok: return "it was answered with ok"
    case .error(let message, _): return "it was answered with an error: \(message)"
    }
  }

  private func checkBootState() throws(SystemFailure) -> String? {
    let log = [Term(1), Term(1), Term(3)]
    let (node, complaint) = try converse { (system, _) throws(SystemFailure) in
      try boot(on: system, term: Term(4), votedFor: NodeName("n3"), log: log)
    }
    guard let node else { return complaint }
    if node.term != Term(4) { return "term 4 became \(node.term.rawValue)" }
    if node.votedFor != NodeName("n3") {
      return "the vote for n3 became \(node.votedFor?.rawValue ?? "none")"
    }
    if node.log.map(\.term) != log {
      return "the log [1, 1, 3] became \(Rendering.log(node.log, names: [:]))"
    }
    return node.role == .follower ? nil : "it booted as \(node.role.rawValue)"
  }

  private func checkSameSeed() throws(SystemFailure) -> String? {
    let first = try timeoutsOfSeed(1)
    guard !first.isEmpty else { return "a node that hears nobody started no election" }
    return try timeoutsOfSeed(1) == first
      ? nil : "two runs of one seed took different numbers of ticks to their elections"
  }

  /// The ticks to each of eight elections of a node that nobody answers.
  private func timeoutsOfSeed(_ seed: UInt64) throws(SystemFailure) -> [Int] {
    try converse { (system, _) throws(SystemFailure) in try timeouts(of: system, seed: seed) }
  }

  private func timeouts(
    of system: any SystemUnderTest, seed: UInt64
  ) throws(SystemFailure) -> [Int] {
    _ = try system.perform(.begin(trace: "harness.same-seed", seed: seed))
    var (node, complaint) = try boot(on: system, term: .zero, votedFor: nil, log: [])
    guard node != nil else { throw .protocolError(complaint ?? "no state after create") }
    var elections: [Int] = []
    var ticks = 0
    while elections.count < 8, ticks < 1_000 {
      ticks += 1
      guard case .ok(let result) = try system.perform(.tick(NodeName("n1"), times: 1)) else {
        throw .protocolError("a tick was refused")
      }
      let before = node?.term
      if let delta = result.state { _ = node?.apply(delta) }
      if node?.term != before { elections.append(ticks) }
    }
    return elections
  }

  private func checkBadInput() throws(SystemFailure) -> String? {
    try converse { (system, _) throws(SystemFailure) in try badInput(on: system) }
  }

  private func badInput(on system: any SystemUnderTest) throws(SystemFailure) -> String? {
    _ = try system.perform(.begin(trace: "harness.bad-input", seed: seed))
    switch try system.perform(.state(NodeName("nobody"), want: [])) {
    case .ok: return "the state of a node that does not exist was answered with ok"
    case .unsupported:
      return "the state of a node that does not exist was answered with unsupported"
    case .error: break
    }
    let (node, complaint) = try boot(on: system, term: Term(2), votedFor: nil, log: [])
    return node == nil ? "after an error it does not go on: \(complaint ?? "no state")" : nil
  }

  private func boot(
    on system: any SystemUnderTest, term: Term, votedFor: NodeName?, log: [Term]
  ) throws(SystemFailure) -> (ObservedNode?, complaint: String?) {
    let name = NodeName("n1")
    _ = try system.perform(.begin(trace: "harness", seed: seed))
    let entries = log.enumerated().map { place, term in
      WireEntry(
        term: term,
        data: Payload.handWritten(
          LogPosition(index: LogIndex(UInt64(place + 1)), term: term)))
    }
    let specification = NodeSpecification(
      node: name, voters: [name, NodeName("n2"), NodeName("n3")], term: term, votedFor: votedFor,
      log: entries, settings: NodeSettings())
    switch try system.perform(.create(specification)) {
    case .ok(let result):
      var node = ObservedNode(name: name, id: ServerID(0))
      guard let delta = result.state else { return (nil, "create was answered without a state") }
      if let complaint = node.apply(delta) { return (nil, complaint) }
      return (node, nil)
    case .unsupported(_, let reason): return (nil, "create is unsupported: \(reason)")
    case .error(let message, _): return (nil, "create was answered with an error: \(message)")
    }
  }
}

extension TraceResult {
  fileprivate init(_ check: HarnessContract.Check) {
    id = check.id
    title = check.title
    todo = "0.1"
    level = .must
    clauses = [check.clause]
    file = ""
    verdict = .passed
    invariants = []
    steps = 1
  }
}
