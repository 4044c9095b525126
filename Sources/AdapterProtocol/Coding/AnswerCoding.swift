import RaftTypes

/// Answers as lines: what an adapter in Swift writes, and what the suite reads.
public enum AnswerCoding {
  /// An answer as a line, its end included.
  public static func encode(_ answer: Answer, id: UInt64) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("id")
      json.unsigned(id)
      switch answer {
      case .ok(let result):
        json.key("ok")
        json.object { $0.result(result) }
      case .unsupported(let capability, let reason):
        json.key("unsupported")
        json.object { json in
          json.key("capability")
          json.string(capability)
          json.key("reason")
          json.string(reason)
        }
      case .error(let message, let detail):
        json.key("error")
        json.object { json in
          json.key("message")
          json.string(message)
          json.key("detail")
          json.string(detail)
        }
      }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  /// Reads a line, with or without its end.
  ///
  /// - Throws: what is wrong, and the line's id where that much can be read.
  public static func decode(_ line: [UInt8]) throws(ProtocolProblem) -> (id: UInt64, Answer) {
    let root = try JSONParser.parse(line).root
    let id = try root.required("id").unsigned()
    do throws(ProtocolProblem) {
      return (id, try answer(root))
    } catch {
      var problem = error
      problem.id = id
      throw problem
    }
  }

  private static func answer(_ root: JSONValue) throws(ProtocolProblem) -> Answer {
    let limit = ProtocolLimits.textBytes
    switch (try root.member("ok"), try root.member("unsupported"), try root.member("error")) {
    case (let ok?, nil, nil):
      return .ok(try result(ok))
    case (nil, let unsupported?, nil):
      return .unsupported(
        capability: try unsupported.required("capability").text(),
        reason: try unsupported.member("reason")?.text(limit: limit) ?? "")
    case (nil, nil, let error?):
      return .error(
        message: try error.required("message").text(limit: limit),
        detail: try error.member("detail")?.text(limit: limit) ?? "")
    default:
      throw root.problem("one of the fields 'ok', 'unsupported' and 'error'")
    }
  }

  private static func result(_ ok: JSONValue) throws(ProtocolProblem) -> OperationResult {
    var result = OperationResult(outcome: try outcome(ok))
    result.node = try ok.member("node")?.nodeName()
    if let sent = try ok.member("sent") {
      result.sent = try sent.elements(limit: ProtocolLimits.messages) {
        message throws(ProtocolProblem) in
        SentMessage(
          handle: try message.required("handle").handle(),
          to: try message.required("to").nodeName(),
          message: try message.required("message").message())
      }
    }
    result.state = try ok.member("state").map { state throws(ProtocolProblem) in
      try delta(state)
    }
    try readResults(of: ok, into: &result)
    result.handle = try ok.member("handle")?.handle()
    result.base = try ok.member("base")?.position()
    result.implementation = try implementation(ok)
    return result
  }

  private static func readResults(
    of ok: JSONValue, into result: inout OperationResult
  ) throws(ProtocolProblem) {
    if let results = try ok.member("results") {
      _ = try results.elements(limit: ProtocolLimits.messages) { fate throws(ProtocolProblem) in
        if let change = try fate.member("change") {
          guard try fate.member("data") == nil else {
            throw fate.problem("one of the fields 'data' and 'change'")
          }
          result.changes.append(
            ChangeResult(id: try change.text(), fate: try fate.required("fate").choice()))
        } else {
          result.results.append(
            ProposalResult(
              data: try fate.required("data").data(), fate: try fate.required("fate").choice()))
        }
      }
    }
    if let reads = try ok.member("reads") {
      result.reads = try reads.elements(limit: ProtocolLimits.messages) {
        read throws(ProtocolProblem) in try self.read(read)
      }
    }
  }

  private static func read(_ read: JSONValue) throws(ProtocolProblem) -> ReadResult {
    let fate: ReadResult.Fate =
      switch try read.required("fate").choice(ReadFateWord.self) {
      case .done: .done(index: try read.required("index").index())
      case .lost: .lost
      }
    return ReadResult(id: try read.required("read").text(), fate: fate)
  }

  private static func outcome(_ ok: JSONValue) throws(ProtocolProblem) -> Outcome {
    switch try ok.member("outcome")?.choice(OutcomeWord.self) ?? .done {
    case .done: .done
    case .rejected: .rejected(why: try ok.member("why")?.text() ?? "")
    case .blocked: .blocked
    case .void: .void
    case .halted: .halted
    }
  }

  private static func delta(_ state: JSONValue) throws(ProtocolProblem) -> StateDelta {
    var delta = StateDelta()
    delta.status = try state.member("status")?.choice()
    delta.role = try state.member("role")?.choice()
    delta.term = try state.member("term")?.term()
    delta.votedFor = try state.memberOrNull("votedFor").map { name throws(ProtocolProblem) in
      StateDelta.Change(try name.nodeNameOrNull())
    }
    delta.leader = try state.memberOrNull("leader").map { name throws(ProtocolProblem) in
      StateDelta.Change(try name.nodeNameOrNull())
    }
    delta.commitIndex = try state.member("commitIndex")?.index()
    delta.configuration = try state.member("configuration")?.configuration()
    delta.snapshot = try state.member("snapshot")?.position()
    delta.truncatedFrom = try state.member("truncatedFrom")?.index()
    delta.firstIndex = try state.member("firstIndex")?.index()
    delta.appended = try state.member("appended")?.entries() ?? []
    delta.restored = try state.member("restored")?.snapshot()
    if let applied = try state.member("applied") {
      delta.applied = try applied.elements(limit: ProtocolLimits.entries) {
        entry throws(ProtocolProblem) in try self.applied(entry)
      }
    }
    delta.transferTarget = try state.memberOrNull("transferTarget").map {
      name throws(ProtocolProblem) in StateDelta.Change(try name.nodeNameOrNull())
    }
    return delta
  }

  private static func applied(_ entry: JSONValue) throws(ProtocolProblem) -> AppliedEntry {
    let kind = try entry.member("kind")?.entryKind() ?? .command
    return AppliedEntry(
      position: try entry.position(), kind: kind, data: try entry.member("data")?.data() ?? [],
      configuration: try entry.configuration(of: kind))
  }

  /// The introduction that an answer to `hello` is.
  private static func implementation(_ ok: JSONValue) throws(ProtocolProblem) -> Implementation? {
    guard let value = try ok.member("implementation") else {
      // A protocol without an implementation is half an introduction.
      guard try ok.member("protocol") == nil else {
        throw ok.problem("an object with the field 'implementation' beside 'protocol'")
      }
      return nil
    }
    var implementation = Implementation(
      protocolVersion: try ok.required("protocol").count(),
      name: try value.required("name").text(), version: try value.required("version").text(),
      language: try value.member("language")?.text() ?? "",
      homepage: try value.member("homepage")?.text() ?? "",
      capabilities: try names(try ok.required("capabilities")),
      window: try ok.member("window")?.count(from: 1) ?? 1)
    if let wire = try ok.member("wire") { implementation.wireFields = try wireFields(wire) }
    return implementation
  }

  private static func names(_ value: JSONValue) throws(ProtocolProblem) -> [String] {
    try value.elements(limit: ProtocolLimits.names) { name throws(ProtocolProblem) in
      try name.text()
    }
  }

  /// The fields of some types of messages. A type that the suite does not know is left out; a field
  /// that it does not know can only be a slip.
  private static func wireFields(
    _ value: JSONValue
  ) throws(ProtocolProblem) -> [MessageType: Set<String>] {
    var result: [MessageType: Set<String>] = [:]
    for (name, fields) in try value.members(limit: ProtocolLimits.names) {
      guard let type = MessageType(rawValue: name) else { continue }
      result[type] = Set(
        try fields.elements(limit: ProtocolLimits.names) { field throws(ProtocolProblem) in
          let name = try field.text()
          guard WireMessage.fieldNames.contains(name) else {
            let known = WireMessage.fieldNames.sorted().joined(separator: ", ")
            throw field.problem("a field of a message: \(known)")
          }
          return name
        })
    }
    return result
  }
}

/// The outcomes, as the protocol writes them.
enum OutcomeWord: String, CaseIterable {
  case done, rejected, blocked, void, halted
}

/// The ends of reads, as the protocol writes them.
enum ReadFateWord: String, CaseIterable {
  case done, lost
}
