import RaftTypes

// Terms, indices, entries and messages, as both requests and answers carry them.

extension JSONValue {
  func term() throws(ProtocolProblem) -> Term { Term(try unsigned()) }

  func index() throws(ProtocolProblem) -> LogIndex { LogIndex(try unsigned()) }

  func position() throws(ProtocolProblem) -> LogPosition {
    LogPosition(index: try required("index").index(), term: try required("term").term())
  }

  func nodeName() throws(ProtocolProblem) -> NodeName {
    let name = NodeName(try text())
    guard !name.rawValue.isEmpty else { throw problem("the name of a node") }
    return name
  }

  /// The name of a node, or null.
  func nodeNameOrNull() throws(ProtocolProblem) -> NodeName? { isNull ? nil : try nodeName() }

  func handle() throws(ProtocolProblem) -> MessageHandle { MessageHandle(rawValue: try unsigned()) }

  func entryKind() throws(ProtocolProblem) -> EntryKind {
    EntryKind(try choice(EntryKindWord.self))
  }

  func entry() throws(ProtocolProblem) -> WireEntry {
    var entry = WireEntry(
      term: try required("term").term(), kind: try member("kind")?.entryKind() ?? .command,
      data: try member("data")?.data() ?? [])
    entry.configuration = try configuration(of: entry.kind)
    return entry
  }

  /// The configuration beside the data of an entry; only an entry of that kind has one.
  func configuration(of kind: EntryKind) throws(ProtocolProblem) -> WireConfiguration? {
    guard let value = try member("configuration") else { return nil }
    guard kind == .configuration else {
      throw problem("an entry of the kind \"configuration\" where it has a 'configuration'")
    }
    return try value.configuration()
  }

  func entries() throws(ProtocolProblem) -> [WireEntry] {
    try elements(limit: ProtocolLimits.entries) { value throws(ProtocolProblem) in
      try value.entry()
    }
  }

  func message() throws(ProtocolProblem) -> WireMessage {
    var message = WireMessage(type: try required("type").choice())
    message.term = try member("term")?.term()
    message.lastLogIndex = try member("lastLogIndex")?.index()
    message.lastLogTerm = try member("lastLogTerm")?.term()
    message.disrupt = try member("disrupt")?.bool()
    message.granted = try member("granted")?.bool()
    message.prevLogIndex = try member("prevLogIndex")?.index()
    message.prevLogTerm = try member("prevLogTerm")?.term()
    message.entries = try member("entries")?.entries()
    message.leaderCommit = try member("leaderCommit")?.index()
    message.success = try member("success")?.bool()
    message.matchIndex = try member("matchIndex")?.index()
    message.hint = try member("hint")?.position()
    try readUpperFields(into: &message)
    return message
  }

  /// The fields of snapshots and reads.
  private func readUpperFields(into message: inout WireMessage) throws(ProtocolProblem) {
    message.context = try member("context")?.text()
    message.lastIncluded = try member("lastIncluded")?.position()
    message.configuration = try member("configuration")?.configuration()
    message.offset = try member("offset")?.unsigned()
    message.data = try member("data")?.data()
    message.done = try member("done")?.bool()
    message.nextOffset = try member("nextOffset")?.unsigned()
    message.installed = try member("installed")?.bool()
    message.index = try member("index")?.index()
  }
}

extension WireMessage {
  /// The names of a message's fields.
  static let fieldNames: Set<String> = [
    "term", "lastLogIndex", "lastLogTerm", "disrupt", "granted", "prevLogIndex", "prevLogTerm",
    "entries", "leaderCommit", "success", "matchIndex", "hint", "context", "lastIncluded",
    "configuration", "offset", "data", "done", "nextOffset", "installed", "index",
  ]
}

extension JSONWriter {
  mutating func message(_ message: WireMessage) {
    object { json in
      json.key("type")
      json.string(message.type.rawValue)
      json.optional("term", message.term?.rawValue)
      json.optional("lastLogIndex", message.lastLogIndex?.rawValue)
      json.optional("lastLogTerm", message.lastLogTerm?.rawValue)
      json.optional("disrupt", message.disrupt)
      json.optional("granted", message.granted)
      json.optional("success", message.success)
      json.optional("prevLogIndex", message.prevLogIndex?.rawValue)
      json.optional("prevLogTerm", message.prevLogTerm?.rawValue)
      if let entries = message.entries {
        json.key("entries")
        json.entries(entries)
      }
      json.optional("leaderCommit", message.leaderCommit?.rawValue)
      json.optional("matchIndex", message.matchIndex?.rawValue)
      json.optional("hint", message.hint)
      json.optional("context", message.context)
      json.upperFields(of: message)
    }
  }

  /// The fields of snapshots and reads.
  private mutating func upperFields(of message: WireMessage) {
    optional("lastIncluded", message.lastIncluded)
    optional("configuration", message.configuration)
    optional("offset", message.offset)
    if let data = message.data {
      key("data")
      self.data(data)
    }
    optional("done", message.done)
    optional("nextOffset", message.nextOffset)
    optional("installed", message.installed)
    optional("index", message.index?.rawValue)
  }

  mutating func entries(_ entries: [WireEntry]) {
    array(entries) { json, entry in
      json.object { json in
        json.key("term")
        json.unsigned(entry.term.rawValue)
        json.content(entry.kind, entry.data, entry.configuration)
      }
    }
  }

  /// The members `kind`, where it is not a command, and `data` or the configuration.
  mutating func content(
    _ kind: EntryKind, _ bytes: [UInt8], _ configuration: WireConfiguration?
  ) {
    let word = EntryKindWord(kind)
    if word != .command {
      key("kind")
      string(word.rawValue)
    }
    if word == .configuration, let configuration {
      key("configuration")
      self.configuration(configuration)
      if bytes.isEmpty { return }
    }
    key("data")
    data(bytes)
  }

  mutating func position(_ position: LogPosition) {
    object { json in
      json.key("index")
      json.unsigned(position.index.rawValue)
      json.key("term")
      json.unsigned(position.term.rawValue)
    }
  }

  /// A member that is left out where it has no value.
  mutating func optional(_ name: StaticString, _ value: UInt64?) {
    guard let value else { return }
    key(name)
    unsigned(value)
  }

  /// A member that is left out where it has no value.
  mutating func optional(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    key(name)
    string(value)
  }

  /// A member that is left out where it has no value.
  mutating func optional(_ name: StaticString, _ value: Bool?) {
    guard let value else { return }
    key(name)
    bool(value)
  }

  /// A member that is left out where it has no value.
  mutating func optional(_ name: StaticString, count value: Int?) {
    guard let value else { return }
    key(name)
    count(value)
  }

  /// A member with the name of a node.
  mutating func node(_ name: StaticString, _ node: NodeName) {
    key(name)
    string(node.rawValue)
  }
}

/// The kinds of entries, as the protocol writes them.
private enum EntryKindWord: String, CaseIterable {
  case command
  case internalEntry = "internal"
  case configuration

  init(_ kind: EntryKind) {
    switch kind {
    case .command: self = .command
    case .internalEntry: self = .internalEntry
    case .configuration: self = .configuration
    }
  }
}

extension EntryKind {
  fileprivate init(_ word: EntryKindWord) {
    switch word {
    case .command: self = .command
    case .internalEntry: self = .internalEntry
    case .configuration: self = .configuration
    }
  }
}
