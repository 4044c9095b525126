import AdapterProtocol
import RaftTypes
import ReferenceSystem
import Testing

/// What the reference system does not do, and how it says so.
@Suite struct `Refusals of the reference system` {
  @Test func `hello tells who answers and what it can do`() throws {
    let system = ReferenceSystem()
    guard case .ok(let result) = system.perform(.hello(protocols: [1, 2], suiteVersion: "1")),
      let implementation = result.implementation
    else {
      Issue.record("hello was not answered")
      return
    }
    #expect(implementation.protocolVersion == 1)
    #expect(implementation.name == "raft-ladder reference")
    #expect(implementation.language == "swift")
    #expect(implementation.window == 64)
    #expect(Set(implementation.capabilities).count == implementation.capabilities.count)
    #expect(implementation.capabilities.contains("crash.points"))
    #expect(implementation.capabilities.contains("snapshot"))
  }

  @Test func `hello in another version only is an error`() {
    #expect(errorMessage(of: .hello(protocols: [2], suiteVersion: "9")).contains("protocol"))
  }

  @Test func `an operation that does not exist is unsupported`() {
    let answer = ReferenceSystem().perform(.unknown(operation: "levitate"))
    guard case .unsupported(let capability, let reason) = answer else {
      Issue.record("it was answered with \(answer)")
      return
    }
    #expect(capability == "levitate")
    #expect(reason.contains("levitate"))
  }

  @Test(arguments: [
    Request.tick(n2, times: 1), .timeout(n2), .campaign(n2), .lapse(n2), .beat(n2),
    .receive(node: n2, from: n1, .vote(term: 1)), .propose(n2, data: []), .hold(n2, .vote),
    .release(n2, .vote), .complete(n2, .all, fails: false), .restart(n2),
    .storageFault(n2, StorageFault(operation: .sync, nth: 1, effect: .io)),
    .crash(n2, .lost, wipesDisk: false), .state(n2, want: [.log]), .snapshot(n2),
    .compact(n2, upTo: LogIndex(1)), .read(n2, id: "r"), .transfer(n2, to: n1),
    .configure(n2, ConfigureRequest(id: "c", change: .leave)),
  ])
  func `a request to a node that was not created is an error`(request: Request) throws {
    let talk = try Conversation()
    try talk.create()
    #expect(errorMessage(of: request, in: talk).contains("'n2'"))
  }

  @Test func `numbers out of range are errors`() throws {
    let talk = try Conversation()
    try talk.create()
    let message = { (request: Request) in errorMessage(of: request, in: talk) }
    #expect(message(.tick(n1, times: -1)).contains("'times'"))
    #expect(message(.tick(n1, times: .max)).contains("'times'"))
    #expect(message(.complete(n1, .next(0), fails: false)).contains("'next'"))
    let fault = StorageFault(operation: .append, nth: 0, effect: .io)
    #expect(message(.storageFault(n1, fault)).contains("'nth'"))
    #expect(message(.deliver(MessageHandle(rawValue: 1))).contains("handle 1"))
    #expect(message(.drop(MessageHandle(rawValue: 0))).contains("handle 0"))
    #expect(message(.duplicate(MessageHandle(rawValue: .max))).contains("handle"))
  }

  @Test func `a message without a field that it needs is an error that names it`() throws {
    let talk = try Conversation()
    try talk.create()
    let append = WireMessage.append(term: 1, [1])
    let rejection = WireMessage.rejected(term: 1, prev: 1, hint: nil)
    let cases: [(WireMessage, (inout WireMessage) -> Void, String)] = [
      (.requestVote(term: 1), { $0.term = nil }, "term"),
      (.requestVote(term: 1), { $0.lastLogIndex = nil }, "lastLogIndex"),
      (.requestVote(term: 1), { $0.lastLogTerm = nil }, "lastLogTerm"),
      (.vote(term: 1), { $0.granted = nil }, "granted"),
      (append, { $0.prevLogIndex = nil }, "prevLogIndex"),
      (append, { $0.prevLogTerm = nil }, "prevLogTerm"),
      (append, { $0.entries = nil }, "entries"),
      (append, { $0.leaderCommit = nil }, "leaderCommit"),
      (rejection, { $0.success = nil }, "success"),
      (rejection, { $0.prevLogIndex = nil }, "prevLogIndex"),
      (.accepted(term: 1, match: 1), { $0.matchIndex = nil }, "matchIndex"),
      (.installSnapshot(term: 1, at: position(1, 1), ["a"]), { $0.data = nil }, "data"),
      (.installSnapshot(term: 1, at: position(1, 1), ["a"]), { $0.offset = nil }, "offset"),
      (.installSnapshot(term: 1, at: position(1, 1), ["a"]), { $0.done = nil }, "done"),
      (.installed(term: 1, at: position(1, 1), next: 0), { $0.nextOffset = nil }, "nextOffset"),
      (.readIndex(term: 1, context: "1"), { $0.context = nil }, "context"),
    ]
    for (whole, spoil, field) in cases {
      var message = whole
      spoil(&message)
      let error = errorMessage(of: .receive(node: n1, from: n2, message), in: talk)
      #expect(error.contains("'\(field)'") && error.contains(whole.type.rawValue))
    }
    #expect(try talk.ask(.state(n1, want: [])).state?.term == .zero)
  }

  @Test func `a heartbeat with entries is an error`() throws {
    let talk = try Conversation()
    try talk.create()
    var message = WireMessage.append(term: 1, [1])
    message.type = .heartbeat
    let request = Request.receive(node: n1, from: n2, message)
    #expect(errorMessage(of: request, in: talk).contains("Heartbeat"))
  }

  @Test func `an entry of a configuration that does not say which is an error`() throws {
    let talk = try Conversation()
    try talk.create()
    let change = [WireEntry(term: Term(1), kind: .configuration, data: [])]
    let message = WireMessage.append(term: 1, prev: .zero, entries: change)
    let request = Request.receive(node: n1, from: n2, message)
    #expect(errorMessage(of: request, in: talk).contains("'configuration'"))
  }

  @Test func `a node that exists is not created again`() throws {
    let talk = try Conversation()
    try talk.create()
    let again = NodeSpecification(
      node: n1, voters: [n1], term: .zero, votedFor: nil, log: [], settings: NodeSettings())
    #expect(errorMessage(of: .create(again), in: talk).contains("already"))
    var empty = again
    empty.node = n2
    empty.configuration = WireConfiguration(voters: [])
    #expect(errorMessage(of: .create(empty), in: talk).contains("'voters'"))
  }

  @Test func `a boot state or settings that can't be are rejected with the reason`() throws {
    let talk = try Conversation()
    let falling = try talk.create(term: 3, log: [2, 1])
    #expect(falling.outcome == .rejected(why: "an entry of term 1 follows one of term 2"))
    #expect(falling.state == nil)
    let ahead = try talk.create(term: 1, log: [2])
    #expect(why(ahead)?.contains("above the current") == true)
    #expect(why(try talk.create { $0.electionTicks = 1 })?.contains("electionTicks") == true)
    #expect(why(try talk.create { $0.heartbeatTicks = 10 })?.contains("heartbeatTicks") == true)
    #expect(why(try talk.create { $0.maxBytesPerAppend = 0 })?.contains("maxBytes") == true)
    #expect(why(try talk.create { $0.maxEntriesPerAppend = 0 })?.contains("maxEntries") == true)
    #expect(try talk.create().outcome == .done)
  }

  @Test(arguments: [Request.begin(trace: "next", seed: 1), .end, .bye])
  func `nothing of a trace outlives it`(request: Request) throws {
    let talk = try Conversation()
    try talk.create()
    let handle = try #require(try talk.ask(.timeout(n1)).sent.first?.handle)
    try talk.ask(request)
    #expect(errorMessage(of: .timeout(n1), in: talk).contains("'n1'"))
    #expect(errorMessage(of: .drop(handle), in: talk).contains("handle"))
  }

  /// Messages that no Raft server sends, with numbers at the ends of their ranges.
  @Test func `no message makes it trap`() throws {
    let talk = try Conversation()
    try talk.create(log: [1, 1])
    let numbers: [UInt64] = [0, 1, 2, 3, 1 << 62, .max - 1, .max]
    for round in 0..<2 {
      if round == 1 { try talk.ask(.campaign(n1)) }
      for index in numbers {
        for term in numbers where round == 0 ? term <= 3 : true {
          let place = position(index, term)
          try talk.receive(.append(term: 3, prev: place, entries: [], commit: index))
          try talk.receive(
            .append(term: 3, prev: place, entries: wireEntries(from: 1, [term, 3]), commit: index))
          try talk.receive(.requestVote(term: term, last: place), from: n3)
          try talk.receive(.vote(term: term), from: n3)
          try talk.receive(.accepted(term: term, match: index))
          try talk.receive(.rejected(term: term, prev: index, hint: place))
          try talk.receive(.rejected(term: term, prev: index, hint: nil), from: n1)
        }
      }
    }
    #expect(try talk.ask(.state(n1, want: [.log])).outcome == .done)
  }

  // MARK: Answers that are not results

  private func errorMessage(of request: Request, in talk: Conversation? = nil) -> String {
    let answer = (talk?.system ?? ReferenceSystem()).perform(request)
    guard case .error(let message, _) = answer else {
      Issue.record("\(request) was answered with \(answer)")
      return ""
    }
    return message
  }

  private func capability(of request: Request, in talk: Conversation) -> String? {
    guard case .unsupported(let capability, _) = talk.system.perform(request) else { return nil }
    return capability
  }

  private func why(_ result: OperationResult) -> String? {
    guard case .rejected(let why) = result.outcome else { return nil }
    return why
  }
}
