import RaftTypes

extension JSONWriter {
  /// The members of `ok`.
  mutating func result(_ result: OperationResult) {
    if let implementation = result.implementation { self.implementation(implementation) }
    outcome(result.outcome)
    if let node = result.node { self.node("node", node) }
    if let base = result.base {
      key("base")
      position(base)
    }
    if !result.sent.isEmpty {
      key("sent")
      array(result.sent) { json, sent in
        json.object { json in
          json.key("handle")
          json.unsigned(sent.handle.rawValue)
          json.node("to", sent.to)
          json.key("message")
          json.message(sent.message)
        }
      }
    }
    if let state = result.state {
      key("state")
      object { $0.delta(state) }
    }
    results(of: result)
    optional("handle", result.handle?.rawValue)
  }

  private mutating func results(of result: OperationResult) {
    if !result.results.isEmpty || !result.changes.isEmpty {
      key("results")
      array { json in
        for proposal in result.results {
          json.object { json in
            json.key("data")
            json.data(proposal.data)
            json.key("fate")
            json.string(proposal.fate.rawValue)
          }
        }
        for change in result.changes {
          json.object { json in
            json.key("change")
            json.string(change.id)
            json.key("fate")
            json.string(change.fate.rawValue)
          }
        }
      }
    }
    guard !result.reads.isEmpty else { return }
    key("reads")
    array(result.reads) { json, read in
      json.object { json in
        json.key("read")
        json.string(read.id)
        json.key("fate")
        switch read.fate {
        case .done(let index):
          json.string(ReadFateWord.done.rawValue)
          json.key("index")
          json.unsigned(index.rawValue)
        case .lost:
          json.string(ReadFateWord.lost.rawValue)
        }
      }
    }
  }

  private mutating func outcome(_ outcome: Outcome) {
    let word: OutcomeWord
    switch outcome {
    case .done: return
    case .rejected: word = .rejected
    case .blocked: word = .blocked
    case .void: word = .void
    case .halted: word = .halted
    }
    key("outcome")
    string(word.rawValue)
    guard case .rejected(let why) = outcome else { return }
    key("why")
    string(why)
  }

  private mutating func delta(_ delta: StateDelta) {
    if let status = delta.status {
      key("status")
      string(status.rawValue)
    }
    if let role = delta.role {
      key("role")
      string(role.rawValue)
    }
    optional("term", delta.term?.rawValue)
    if let votedFor = delta.votedFor {
      key("votedFor")
      nodeOrNull(votedFor.value)
    }
    if let leader = delta.leader {
      key("leader")
      nodeOrNull(leader.value)
    }
    optional("commitIndex", delta.commitIndex?.rawValue)
    optional("configuration", delta.configuration)
    optional("snapshot", delta.snapshot)
    optional("truncatedFrom", delta.truncatedFrom?.rawValue)
    optional("firstIndex", delta.firstIndex?.rawValue)
    if !delta.appended.isEmpty {
      key("appended")
      entries(delta.appended)
    }
    if let restored = delta.restored {
      key("restored")
      snapshot(restored)
    }
    applied(delta.applied)
    guard let target = delta.transferTarget else { return }
    key("transferTarget")
    nodeOrNull(target.value)
  }

  private mutating func applied(_ entries: [AppliedEntry]) {
    guard !entries.isEmpty else { return }
    key("applied")
    array(entries) { json, entry in
      json.object { json in
        json.key("index")
        json.unsigned(entry.position.index.rawValue)
        json.key("term")
        json.unsigned(entry.position.term.rawValue)
        json.content(entry.kind, entry.data, entry.configuration)
      }
    }
  }

  private mutating func implementation(_ implementation: Implementation) {
    key("protocol")
    count(implementation.protocolVersion)
    key("implementation")
    object { json in
      json.key("name")
      json.string(implementation.name)
      json.key("version")
      json.string(implementation.version)
      json.key("language")
      json.string(implementation.language)
      json.key("homepage")
      json.string(implementation.homepage)
    }
    key("capabilities")
    array(implementation.capabilities) { $0.string($1) }
    key("window")
    count(implementation.window)
    guard !implementation.wireFields.isEmpty else { return }
    key("wire")
    object { json in
      for type in implementation.wireFields.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
        json.key(text: type.rawValue)
        json.array((implementation.wireFields[type] ?? []).sorted()) { $0.string($1) }
      }
    }
  }
}
