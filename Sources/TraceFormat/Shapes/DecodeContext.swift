import RaftTypes
import YAMLTree

/// What a decoder learns and complains about on its way through one trace.
final class DecodeContext {
  private(set) var problems: [TraceProblem] = []
  private(set) var mentions: [Mention] = []
  /// The capabilities that what was decoded so far implies.
  private(set) var capabilities: Set<Capability> = []
  /// The real nodes, in the order they are written.
  var nodes: [NodeName] = []
  /// The servers that exist only as the other end of hand-written messages.
  var peers: [NodeName] = []
  /// Senders of hand-written messages that are in no configuration.
  var strangers: [NodeName] = []
  /// Servers of the first configuration without a vote.
  var learners: [NodeName] = []
  /// The columns of `cases`, for words that nearly are one.
  var columns: [String] = []
  /// Whether what is decoded may go unobserved, so that it asks for no capability.
  var isObservedOnly = false
  /// Whether what is decoded states what must not happen.
  var isNegated = false

  /// Nodes and peers, ascending.
  var servers: [NodeName] { (nodes + peers).sorted() }

  func report(
    _ message: String, at location: SourceLocation, severity: TraceProblem.Severity = .error
  ) {
    problems.append(TraceProblem(location: location, severity: severity, message: message))
  }

  /// Reports that `node` is not what its place asks for.
  func reportMismatch(_ node: YAMLNode, expected: String) {
    guard let name = node.scalar.flatMap(Column.name(in:)) else {
      report("expected \(expected), found \(found(node))", at: node.location)
      return
    }
    let hint = NearestWord.hint(for: "$" + name, among: columns.map { "$" + $0 })
    report(
      columns.contains(name)
        ? "no column can stand here; expected \(expected)" : "unknown column '$\(name)'\(hint)",
      at: node.location)
  }

  func note(_ subject: Mention.Subject, at location: SourceLocation) {
    mentions.append(
      Mention(subject: subject, location: location, isNegated: isNegated))
  }

  func imply(_ capability: Capability) {
    if !isObservedOnly { capabilities.insert(capability) }
  }
}

/// What a node of the tree is, as a message says it after "found".
func found(_ node: YAMLNode) -> String {
  switch node.content {
  case .scalar(let scalar):
    scalar.isNull ? "nothing" : scalar.isPlain ? "'\(clipped(scalar.text))'" : quote(scalar.text)
  case .sequence(let items): items.isEmpty ? "an empty list" : "a list"
  case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "a mapping"
  }
}

private func quote(_ text: String) -> String { "the text \"\(clipped(text))\"" }

/// Text of a file as a message shows it: on one line and of a readable length.
func clipped(_ text: String) -> String {
  let longest = 60
  let line = String(text.map { $0.isNewline ? " " : $0 })
  return line.count > longest ? line.prefix(longest) + "…" : line
}

/// Something that a trace names, in the order of the trace: a step's verb before its expectation.
struct Mention {
  /// What is named.
  enum Subject {
    /// A server of any kind.
    case server(NodeName)
    /// A node that must be real.
    case realNode(NodeName)
    /// A server that must be a peer.
    case peer(NodeName)
    /// A name that a proposal gives to its entries, with the names of the single entries.
    case entryNamed(String, each: [String])
    /// A command that is in a snapshot by this name, however often it is said.
    case entryKnown(String)
    /// A read by the name that is given to it.
    case readNamed(String)
    /// An entry by its name; a group's name where `groups` are allowed.
    case entryUsed(String, groups: Bool)
    /// A proposal, a change or a read by its name.
    case workUsed(String)
    /// A variable that receives its value here.
    case variableBound(String)
    /// A variable that receives its value here, unless it has one, which is then compared.
    case variableBoundOrUsed(String)
    case variableUsed(String)
    case captureNamed(String)
    case captureUsed(String)
    /// An index written as a number where something is expected to be there.
    case literalIndex(UInt64)
    /// A hand-written message, with the places of its fields.
    case message(HandMessage, fields: [String: SourceLocation])
  }

  var subject: Subject
  var location: SourceLocation
  /// Whether it stands where something must not happen.
  var isNegated: Bool
}
