import RaftTypes

// Configurations and snapshots, as both requests and answers carry them.

extension JSONValue {
  /// A configuration: an object with `voters`, and the other lists where they are not empty.
  func configuration() throws(ProtocolProblem) -> WireConfiguration {
    WireConfiguration(
      voters: try required("voters").servers(),
      outgoing: try member("outgoing")?.servers() ?? [],
      learners: try member("learners")?.servers() ?? [],
      learnersNext: try member("learnersNext")?.servers() ?? [])
  }

  /// A list of names of servers. That each is in it once is for the implementation to see.
  func servers() throws(ProtocolProblem) -> [NodeName] {
    try elements(limit: ProtocolLimits.names) { value throws(ProtocolProblem) in
      try value.nodeName()
    }
  }

  func snapshot() throws(ProtocolProblem) -> WireSnapshot {
    WireSnapshot(
      position: try position(), configuration: try member("configuration")?.configuration(),
      commands: try required("commands").elements(limit: ProtocolLimits.entries) {
        command throws(ProtocolProblem) in try command.data()
      })
  }
}

extension JSONWriter {
  mutating func configuration(_ configuration: WireConfiguration) {
    object { $0.members(of: configuration) }
  }

  /// The members of a configuration; lists without a server are left out, but for `voters`.
  mutating func members(of configuration: WireConfiguration) {
    key("voters")
    servers(configuration.voters)
    optional("outgoing", configuration.outgoing)
    optional("learners", configuration.learners)
    optional("learnersNext", configuration.learnersNext)
  }

  mutating func servers(_ servers: [NodeName]) {
    array(servers) { $0.string($1.rawValue) }
  }

  mutating func snapshot(_ snapshot: WireSnapshot) {
    object { json in
      json.key("index")
      json.unsigned(snapshot.position.index.rawValue)
      json.key("term")
      json.unsigned(snapshot.position.term.rawValue)
      json.optional("configuration", snapshot.configuration)
      json.key("commands")
      json.array(snapshot.commands) { $0.data($1) }
    }
  }

  /// A member that is left out where it has no value.
  mutating func optional(_ name: StaticString, _ value: WireConfiguration?) {
    guard let value else { return }
    key(name)
    configuration(value)
  }

  /// A member that is left out where it has no value.
  mutating func optional(_ name: StaticString, _ value: LogPosition?) {
    guard let value else { return }
    key(name)
    position(value)
  }

  private mutating func optional(_ name: StaticString, _ list: [NodeName]) {
    guard !list.isEmpty else { return }
    key(name)
    servers(list)
  }
}
