import AdapterProtocol
import RaftTypes
import TraceFormat

/// What binds every adapter, whatever it can do.
extension Stage {
  /// Who answers, and what it can do.
  static let hello = Stage(
    "hello", "Says who it is, what it can do and which protocol it speaks"
  ) { scene throws(Scene.Stop) in
    let result = try scene.ask(HarnessContract.helloRequest)
    guard let implementation = result.implementation else {
      scene.fault(
        "the answer does not say who answers",
        "Answer 'protocol', 'implementation' with name and version, and 'capabilities'")
      throw .stage
    }
    guard implementation.protocolVersion == HarnessContract.protocolVersion else {
      scene.fault(
        "it picks protocol \(implementation.protocolVersion)",
        "Pick one of those that the request offers: \(HarnessContract.protocolVersion)")
      throw .stage
    }
    scene.meet(implementation)
    if implementation.name.isEmpty || implementation.version.isEmpty {
      scene.fault(
        "the implementation has no name or no version",
        "Name what is judged; lists of known failures go by name and version")
    }
    checkCapabilities(implementation.capabilities, scene)
  }

  private static func checkCapabilities(_ names: [String], _ scene: Scene) {
    let known = Capability.allCases.map(\.name)
    for name in names where !known.contains(name) {
      let near = NearestWord.find(name, among: known)
      scene.fault(
        "there is no capability '\(Excerpt.of(name.utf8))'",
        near.map { "Did you mean '\($0)'?" } ?? "Spec/Capabilities.yaml lists them")
    }
    for name in Set(names).sorted() where names.count(where: { $0 == name }) > 1 {
      scene.add(.note, "the capability '\(Excerpt.of(name.utf8))' is declared twice", "")
    }
    if names.isEmpty {
      scene.add(
        .note, "no capability is declared, so no trace applies",
        "'messages' is a good one to begin with")
    }
  }

  /// The stages that come before those of the capabilities.
  static let contract: [Stage] = [hello, unknownOperation, create, state, badInput, beginAnew]

  private static let unknownOperation = Stage(
    "unknown operation", "Answers an operation that it does not know with unsupported"
  ) { scene throws(Scene.Stop) in
    let remedy =
      "Later versions of the suite ask for things this adapter can't know: answer "
      + "{\"unsupported\":{\"capability\":\"...\",\"reason\":\"...\"}} to whatever is unknown"
    switch try scene.answer(to: .unknown(operation: "no-such-operation")) {
    case .unsupported: return
    case .ok: scene.fault("an operation that does not exist is answered with ok", remedy)
    case .error: scene.fault("an operation that does not exist is answered with an error", remedy)
    }
  }

  private static let create = Stage(
    "create", "Boots a node from the durable state that it is given"
  ) { scene throws(Scene.Stop) in
    try scene.boot(term: 4, votedFor: Scene.n3, log: [1, 1, 3])
    let node = scene.node(Scene.n1)
    let remedy =
      "Put what 'hardState' and 'log' hold on the node's disk before it starts, and report it as it is"
    if node.term != Term(4) { scene.fault("term 4 became \(node.term.rawValue)", remedy) }
    if node.role != .follower { scene.fault("it boots as \(node.role.rawValue)", remedy) }
    if scene.declared.contains(.readVote), node.votedFor != Scene.n3 {
      scene.fault("the vote for n3 became \(node.votedFor?.rawValue ?? "null")", remedy)
    }
    let log = Scene.entries([1, 1, 3])
    if scene.declared.contains(.readLog), node.log != log {
      scene.fault("the log \(Scene.text(log)) became \(Scene.text(node.log))", remedy)
    }
  }

  private static let state = Stage(
    "state", "Tells the whole state of a node when it is asked"
  ) { scene throws(Scene.Stop) in
    try scene.boot(term: 4, votedFor: Scene.n3, log: [1, 1, 3])
    try scene.checkSum(of: Scene.n1)
  }

  private static let badInput = Stage(
    "bad input", "Answers a request about nobody with an error, and goes on"
  ) { scene throws(Scene.Stop) in
    try scene.boot()
    let remedy = "Answer {\"error\":{\"message\":\"...\"}} and wait for the next request"
    switch try scene.answer(to: .state(NodeName("nobody"), want: [])) {
    case .error: break
    case .ok: scene.fault("the state of a node that does not exist is answered with ok", remedy)
    case .unsupported:
      scene.fault("the state of a node that does not exist is answered unsupported", remedy)
    }
    _ = try scene.ask(.state(Scene.n1, want: []))
  }

  private static let beginAnew = Stage(
    "begin and end", "Forgets every node of a trace when the next one begins"
  ) { scene throws(Scene.Stop) in
    try scene.boot(term: 4, votedFor: Scene.n3, log: [1, 1, 3])
    _ = try scene.ask(.end)
    try scene.begin()
    if case .ok = try scene.answer(to: .state(Scene.n1, want: [])) {
      scene.fault(
        "a node of the trace before is still there after 'begin'",
        "Drop every node and every message at 'begin'")
    }
    try scene.boot(term: 0, log: [])
    if scene.node(Scene.n1).term != .zero || !scene.node(Scene.n1).log.isEmpty {
      scene.fault(
        "a node created anew has the term or the log of the trace before",
        "Its disk begins as 'create' says, and with nothing else")
    }
  }

  /// The last stage.
  static let bye = Stage("bye", "Answers, and exits", endsConversation: true) {
    scene throws(Scene.Stop) in
    _ = try scene.ask(.bye)
  }
}
