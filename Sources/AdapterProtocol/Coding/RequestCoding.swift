import RaftTypes

/// Requests as lines: what the suite writes, and what an adapter in Swift reads.
public enum RequestCoding {
  /// A request as a line, its end included.
  public static func encode(_ request: Request, id: UInt64) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("id")
      json.unsigned(id)
      json.key("op")
      json.string(request.operation)
      json.arguments(of: request)
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  /// Reads a line, with or without its end. An operation that is not known is `.unknown`.
  ///
  /// - Throws: what is wrong, and the line's id where that much can be read.
  public static func decode(_ line: [UInt8]) throws(ProtocolProblem) -> (id: UInt64, Request) {
    let root = try JSONParser.parse(line).root
    let id = try root.required("id").unsigned()
    do throws(ProtocolProblem) {
      return (id, try request(root))
    } catch {
      var problem = error
      problem.id = id
      throw problem
    }
  }

  private static func request(_ root: JSONValue) throws(ProtocolProblem) -> Request {
    let name = try root.required("op").text()
    guard let operation = Operation(rawValue: name) else { return .unknown(operation: name) }
    switch operation {
    case .hello: return try hello(root)
    case .begin:
      return .begin(
        trace: try root.required("trace").text(), seed: try seed(try root.required("seed")))
    case .create: return .create(try specification(root))
    case .timeout: return .timeout(try node(root))
    case .campaign: return .campaign(try node(root))
    case .lapse: return .lapse(try node(root))
    case .beat: return .beat(try node(root))
    case .tick:
      return .tick(try node(root), times: try root.member("times")?.count(from: 1) ?? 1)
    case .receive:
      return .receive(
        node: try node(root), from: try root.required("from").nodeName(),
        try root.required("message").message())
    case .deliver: return .deliver(try root.required("handle").handle())
    case .drop: return .drop(try root.required("handle").handle())
    case .duplicate: return .duplicate(try root.required("handle").handle())
    case .propose: return .propose(try node(root), data: try root.required("data").data())
    case .hold: return .hold(try node(root), try root.required("what").choice())
    case .release: return .release(try node(root), try root.required("what").choice())
    case .complete:
      return .complete(
        try node(root), try extent(root), fails: try root.member("fails")?.bool() ?? false)
    case .storageFault: return .storageFault(try node(root), try fault(root))
    case .crash:
      return .crash(
        try node(root), try root.member("unsynced")?.choice() ?? .lost,
        wipesDisk: try root.member("wipe")?.bool() ?? false)
    case .corrupt:
      return .corrupt(
        try node(root),
        Corruption(
          damage: try root.required("what").choice(), entry: try root.required("entry").index()))
    case .restart: return .restart(try node(root))
    case .snapshot: return .snapshot(try node(root))
    case .compact: return .compact(try node(root), upTo: try root.required("upTo").index())
    case .configure: return .configure(try node(root), try configure(root))
    case .read: return .read(try node(root), id: try root.required("read").text())
    case .transfer: return .transfer(try node(root), to: try root.required("to").nodeName())
    case .state: return .state(try node(root), want: try wanted(root))
    case .end: return .end
    case .bye: return .bye
    }
  }

  private static func node(_ root: JSONValue) throws(ProtocolProblem) -> NodeName {
    try root.required("node").nodeName()
  }

  private static func hello(_ root: JSONValue) throws(ProtocolProblem) -> Request {
    .hello(
      protocols: try root.required("protocols").elements(limit: ProtocolLimits.names) {
        value throws(ProtocolProblem) in try value.count()
      }, suiteVersion: try root.member("suite")?.text() ?? "")
  }

  private static func wanted(_ root: JSONValue) throws(ProtocolProblem) -> [StateField] {
    guard let want = try root.member("want") else { return [] }
    return try want.elements(limit: ProtocolLimits.names) { value throws(ProtocolProblem) in
      try value.choice()
    }
  }

  private static func fault(_ root: JSONValue) throws(ProtocolProblem) -> StorageFault {
    StorageFault(
      operation: try root.required("on").choice(),
      nth: try root.member("nth")?.count(from: 1) ?? 1,
      effect: try root.required("error").choice())
  }

  private static func extent(_ root: JSONValue) throws(ProtocolProblem) -> CompletionExtent {
    let next = try root.member("next")
    let through = try root.member("through")
    let all = try root.member("all")?.bool() ?? false
    switch (next, through, all) {
    case (let next?, nil, false): return .next(try next.count(from: 1))
    case (nil, let through?, false): return .through(try through.position())
    case (nil, nil, true): return .all
    default: throw root.problem("one of the fields 'next', 'through' and 'all'")
    }
  }

  private static func configure(_ root: JSONValue) throws(ProtocolProblem) -> ConfigureRequest {
    let id = try root.required("change").text()
    let voters = try root.member("voters")
    let leaves = try root.member("leave")?.bool() ?? false
    switch (voters, leaves) {
    case (let voters?, false):
      return ConfigureRequest(
        id: id,
        change: .to(
          voters: try voters.servers(), learners: try root.member("learners")?.servers() ?? [],
          joint: try root.member("joint")?.choice() ?? .automatic))
    case (nil, true): return ConfigureRequest(id: id, change: .leave)
    default: throw root.problem("one of the fields 'voters' and 'leave'")
    }
  }

  private static func specification(
    _ root: JSONValue
  ) throws(ProtocolProblem) -> NodeSpecification {
    let hardState = try root.member("hardState")
    return NodeSpecification(
      node: try root.required("node").nodeName(), configuration: try root.configuration(),
      term: try hardState?.member("term")?.term() ?? .zero,
      votedFor: try hardState?.member("votedFor")?.nodeName(),
      snapshot: try root.member("snapshot")?.snapshot(),
      log: try root.member("log")?.entries() ?? [],
      settings: try root.member("config").map { value throws(ProtocolProblem) in
        try settings(value)
      } ?? NodeSettings())
  }

  private static func settings(_ value: JSONValue) throws(ProtocolProblem) -> NodeSettings {
    var settings = NodeSettings()
    settings.electionTicks = try value.member("electionTicks")?.count()
    settings.heartbeatTicks = try value.member("heartbeatTicks")?.count()
    settings.preVote = try value.member("preVote")?.bool()
    settings.checkQuorum = try value.member("checkQuorum")?.bool()
    settings.maxEntriesPerAppend = try value.member("maxEntriesPerAppend")?.count()
    settings.maxBytesPerAppend = try value.member("maxBytesPerAppend")?.count()
    settings.maxInflightAppends = try value.member("maxInflightAppends")?.count()
    settings.maxBytesPerSnapshotChunk = try value.member("maxBytesPerSnapshotChunk")?.count()
    settings.leaseReads = try value.member("leaseReads")?.bool()
    return settings
  }

  private static func seed(_ value: JSONValue) throws(ProtocolProblem) -> UInt64 {
    let digits = try value.text()
    guard digits.utf8.count == 16, let seed = UInt64(digits, radix: 16) else {
      throw value.problem("a seed of 16 hexadecimal digits")
    }
    return seed
  }
}
