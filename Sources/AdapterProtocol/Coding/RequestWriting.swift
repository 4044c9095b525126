import RaftTypes

extension JSONWriter {
  /// The members of a request after `id` and `op`.
  mutating func arguments(of request: Request) {
    switch request {
    case .hello(let protocols, let suiteVersion):
      key("protocols")
      array(protocols) { $0.count($1) }
      key("suite")
      string(suiteVersion)
    case .begin(let trace, let seed):
      key("trace")
      string(trace)
      key("seed")
      let digits = String(seed, radix: 16)
      string(String(repeating: "0", count: 16 - digits.count) + digits)
    case .create(let specification):
      create(specification)
    case .timeout(let node), .campaign(let node), .lapse(let node), .beat(let node),
      .restart(let node), .snapshot(let node):
      self.node("node", node)
    case .tick(let node, let times):
      self.node("node", node)
      key("times")
      count(times)
    case .receive(let node, let from, let message):
      self.node("node", node)
      self.node("from", from)
      key("message")
      self.message(message)
    case .deliver(let handle), .drop(let handle), .duplicate(let handle):
      key("handle")
      unsigned(handle.rawValue)
    case .propose(let node, let data):
      self.node("node", node)
      key("data")
      self.data(data)
    case .hold, .release, .complete, .storageFault, .crash, .corrupt:
      storageArguments(of: request)
    case .compact(let node, let index):
      self.node("node", node)
      key("upTo")
      unsigned(index.rawValue)
    case .configure(let node, let request):
      self.node("node", node)
      configure(request)
    case .read(let node, let id):
      self.node("node", node)
      key("read")
      string(id)
    case .transfer(let node, let target):
      self.node("node", node)
      self.node("to", target)
    case .state(let node, let want):
      self.node("node", node)
      key("want")
      array(want) { $0.string($1.rawValue) }
    case .end, .bye, .unknown:
      break
    }
  }

  private mutating func storageArguments(of request: Request) {
    switch request {
    case .hold(let node, let target), .release(let node, let target):
      self.node("node", node)
      key("what")
      string(target.rawValue)
    case .complete(let node, let extent, let fails):
      self.node("node", node)
      self.extent(extent)
      if fails { optional("fails", true) }
    case .storageFault(let node, let fault):
      self.node("node", node)
      key("on")
      string(fault.operation.rawValue)
      key("nth")
      count(fault.nth)
      key("error")
      string(fault.effect.rawValue)
    case .crash(let node, let unsynced, let wipesDisk):
      self.node("node", node)
      key("unsynced")
      string(unsynced.rawValue)
      if wipesDisk { optional("wipe", true) }
    case .corrupt(let node, let corruption):
      self.node("node", node)
      key("what")
      string(corruption.damage.rawValue)
      key("entry")
      unsigned(corruption.entry.rawValue)
    case .hello, .begin, .create, .timeout, .campaign, .lapse, .beat, .tick, .receive, .deliver,
      .drop, .duplicate, .propose, .restart, .snapshot, .compact, .configure, .read, .transfer,
      .state, .end, .bye, .unknown:
      preconditionFailure("'\(request.operation)' does nothing to a storage")
    }
  }

  private mutating func extent(_ extent: CompletionExtent) {
    switch extent {
    case .next(let count):
      key("next")
      self.count(count)
    case .through(let position):
      key("through")
      self.position(position)
    case .all:
      key("all")
      bool(true)
    }
  }

  private mutating func configure(_ request: ConfigureRequest) {
    key("change")
    string(request.id)
    switch request.change {
    case .to(let voters, let learners, let joint):
      key("voters")
      servers(voters)
      key("learners")
      servers(learners)
      key("joint")
      string(joint.rawValue)
    case .leave:
      key("leave")
      bool(true)
    }
  }

  private mutating func create(_ specification: NodeSpecification) {
    node("node", specification.node)
    members(of: specification.configuration)
    key("hardState")
    object { json in
      json.key("term")
      json.unsigned(specification.term.rawValue)
      json.key("votedFor")
      json.nodeOrNull(specification.votedFor)
    }
    if let snapshot = specification.snapshot {
      key("snapshot")
      self.snapshot(snapshot)
    }
    key("log")
    entries(specification.log)
    key("config")
    settings(specification.settings)
  }

  private mutating func settings(_ settings: NodeSettings) {
    object { json in
      json.optional("electionTicks", count: settings.electionTicks)
      json.optional("heartbeatTicks", count: settings.heartbeatTicks)
      json.optional("preVote", settings.preVote)
      json.optional("checkQuorum", settings.checkQuorum)
      json.optional("maxEntriesPerAppend", count: settings.maxEntriesPerAppend)
      json.optional("maxBytesPerAppend", count: settings.maxBytesPerAppend)
      json.optional("maxInflightAppends", count: settings.maxInflightAppends)
      json.optional("maxBytesPerSnapshotChunk", count: settings.maxBytesPerSnapshotChunk)
      json.optional("leaseReads", settings.leaseReads)
    }
  }

  mutating func nodeOrNull(_ node: NodeName?) {
    guard let node else { return null() }
    string(node.rawValue)
  }
}
