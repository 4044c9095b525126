import AdapterProtocol
import RaftTypes
import TraceFormat

/// How values are written in reports: as they would be written in a trace.
public enum Rendering {
  /// Index and term: `3@2`.
  public static func position(_ position: LogPosition) -> String {
    "\(position.index.rawValue)@\(position.term.rawValue)"
  }

  static func bound(_ bound: Bound) -> String {
    switch bound {
    case .equals(let quantity): self.quantity(quantity)
    case .not(let quantity): "not \(self.quantity(quantity))"
    case .atLeast(let quantity): "at least \(self.quantity(quantity))"
    case .atMost(let quantity): "at most \(self.quantity(quantity))"
    case .before(let quantity): "before \(self.quantity(quantity))"
    case .between(let low, let high): "between \(low) and \(high)"
    }
  }

  private static func quantity(_ quantity: Quantity) -> String {
    switch quantity {
    case .number(let number): "\(number)"
    case .variable(let name, 0): "$\(name)"
    case .variable(let name, let offset): "$\(name)\(offset > 0 ? "+" : "")\(offset)"
    case .entry(let name): name
    case .lastIndex(let node): "\(node).last"
    }
  }

  static func choice<Value>(_ choice: Choice<Value>, _ render: (Value) -> String) -> String {
    switch choice {
    case .equals(let value): render(value)
    case .not(let value): "not \(render(value))"
    case .oneOf(let values): "one of " + values.map(render).joined(separator: ", ")
    }
  }

  static func optionalNode(_ node: OptionalNode) -> String {
    switch node {
    case .none: "none"
    case .node(let name): name.rawValue
    }
  }

  static func items(_ items: [LogItem]) -> String {
    let texts = items.map { item in
      switch item {
      case .term(let term): "\(term)"
      case .name(let name): name
      case .position(let position): self.position(position)
      }
    }
    return "[" + texts.joined(separator: ", ") + "]"
  }

  /// A payload by the name it was proposed under, as text, or in hexadecimal.
  public static func payload(_ data: [UInt8], names: [[UInt8]: String]) -> String {
    if let name = names[data] { return name }
    let isPlain = !data.isEmpty && data.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    if isPlain, data.count <= 32 { return String(decoding: data, as: UTF8.self) }
    return data.prefix(16).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined() + (data.count > 16 ? "... (\(data.count) bytes)" : "")
  }

  static func payloads(_ payloads: [[UInt8]]) -> String {
    "[" + payloads.map { payload($0, names: [:]) }.joined(separator: ", ") + "]"
  }

  /// A log, an entry as `name@term`; an internal entry is `(internal)@term`.
  static func log(_ log: [WireEntry], names: [[UInt8]: String]) -> String {
    "[" + log.map { entry($0, names: names) }.joined(separator: ", ") + "]"
  }

  static func entry(_ entry: WireEntry, names: [[UInt8]: String]) -> String {
    switch entry.kind {
    case .internalEntry: return "(internal)@\(entry.term.rawValue)"
    case .configuration:
      let members = entry.configuration.map(configuration) ?? "(configuration)"
      return "\(members)@\(entry.term.rawValue)"
    case .command:
      let text = payload(entry.data, names: names)
      return text.contains("@") ? text : "\(text)@\(entry.term.rawValue)"
    }
  }

  /// A message with its ends: `n1 -> n2 RequestVote term 4, last 3@2`.
  static func flight(_ flight: Flight, names: [[UInt8]: String]) -> String {
    "\(flight.from) -> \(flight.to) \(message(flight.message, names: names))"
  }

  /// A message: its type and the fields that its wire carries.
  public static func message(_ message: WireMessage, names: [[UInt8]: String]) -> String {
    var fields: [String] = []
    if let term = message.term { fields.append("term \(term.rawValue)") }
    if let index = message.lastLogIndex {
      fields.append("last \(index.rawValue)@\(message.lastLogTerm.map { "\($0.rawValue)" } ?? "?")")
    }
    if message.disrupt == true { fields.append("disrupt") }
    if let granted = message.granted { fields.append(granted ? "granted" : "denied") }
    if let success = message.success { fields.append(success ? "accepted" : "rejected") }
    if let index = message.prevLogIndex {
      let term = message.prevLogTerm.map { "@\($0.rawValue)" } ?? ""
      fields.append("prev \(index.rawValue)\(term)")
    }
    if let entries = message.entries, !entries.isEmpty {
      fields.append("entries \(log(entries, names: names))")
    }
    if let commit = message.leaderCommit { fields.append("commit \(commit.rawValue)") }
    if let match = message.matchIndex { fields.append("match \(match.rawValue)") }
    if let hint = message.hint { fields.append("hint \(position(hint))") }
    fields += snapshotFields(of: message)
    if let index = message.index { fields.append("index \(index.rawValue)") }
    if let context = message.context { fields.append("context \(context)") }
    return ([message.type.rawValue] + [fields.joined(separator: ", ")]).joined(separator: " ")
  }

  private static func snapshotFields(of message: WireMessage) -> [String] {
    var fields: [String] = []
    if let last = message.lastIncluded { fields.append("last \(position(last))") }
    if let members = message.configuration { fields.append(configuration(members)) }
    if let offset = message.offset {
      let end = offset + UInt64(message.data?.count ?? 0)
      fields.append("bytes \(offset) to \(end)\(message.done == true ? ", done" : "")")
    }
    if let next = message.nextOffset { fields.append("next \(next)") }
    if let installed = message.installed {
      fields.append(installed ? "installed" : "not installed")
    }
    return fields
  }

  /// The members of a cluster: `members [n1, n2], outgoing [n1]`.
  public static func configuration(_ configuration: WireConfiguration) -> String {
    members(
      configuration.voters,
      [
        ("outgoing", configuration.outgoing), ("learners", configuration.learners),
        ("learnersNext", configuration.learnersNext),
      ])
  }

  static func configuration(_ expected: ConfigurationExpectation) -> String {
    let lists: [(String, Set<NodeName>?)] = [
      ("voters", expected.voters), ("outgoing", expected.outgoing),
      ("learners", expected.learners), ("learnersNext", expected.learnersNext),
    ]
    return lists.compactMap { name, list in list.map { "\(name) \(names($0.sorted()))" } }
      .joined(separator: ", ")
  }

  private static func members(_ voters: [NodeName], _ others: [(String, [NodeName])]) -> String {
    let rest = others.filter { !$0.1.isEmpty }.map { "\($0.0) \(names($0.1))" }
    return (["voters \(names(voters))"] + rest).joined(separator: ", ")
  }

  private static func names(_ list: [NodeName]) -> String {
    "[" + list.map(\.rawValue).joined(separator: ", ") + "]"
  }

  static func selector(_ selector: Selector) -> String {
    if let captured = selector.captured { return "'\(captured)'" }
    var parts: [String] = []
    if let type = selector.type { parts.append(type.rawValue) }
    if !selector.from.isEmpty {
      parts.append("from " + selector.from.map(\.rawValue).joined(separator: ", "))
    }
    if !selector.to.isEmpty {
      parts.append("to " + selector.to.map(\.rawValue).joined(separator: ", "))
    }
    switch selector.carries {
    case .name(let name): parts.append("carrying \(name)")
    case .position(let position): parts.append("carrying \(self.position(position))")
    case nil: break
    }
    if let withEntries = selector.withEntries {
      parts.append(withEntries ? "with entries" : "without entries")
    }
    return parts.isEmpty ? "any message" : parts.joined(separator: " ")
  }
}
