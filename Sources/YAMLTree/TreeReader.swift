/// Makes the tree of one document from libyaml's events, and collects what is wrong with it.
///
/// A problem that leaves the structure readable is collected; one that ends the parse is thrown.
struct TreeReader: ~Copyable {
  /// A node with what an alias to it costs.
  private struct Anchored {
    var node: YAMLNode
    /// The nodes of the subtree, aliases in it expanded.
    var nodes: Int
    /// How many sequences and mappings enclose one another in the subtree; 0 for a scalar.
    var height: Int
  }

  /// What an anchor's name stands for.
  private enum Anchor {
    /// The node is still being read: an alias to it would make it contain itself.
    case open(SourceLocation)
    case complete(Anchored)

    var location: SourceLocation {
      switch self {
      case .open(let location): location
      case .complete(let anchored): anchored.node.location
      }
    }
  }

  private let events: EventStream
  private let file: String
  private let limits: YAMLLimits
  private var anchors: [String: Anchor] = [:]
  private var nodes = 0
  /// The problems collected so far.
  private(set) var problems: [YAMLProblem] = []

  init(events: consuming EventStream, file: String, limits: YAMLLimits) {
    self.events = events
    self.file = file
    self.limits = limits
  }

  /// Reads the whole stream, which must be one document.
  mutating func readDocument() throws(YAMLProblem) -> YAMLNode {
    var event = try events.next()
    if case .streamStart = event.kind { event = try events.next() }
    guard case .documentStart(let declaresTags) = event.kind else {
      throw Self.emptyDocument(at: SourceLocation(file: file, line: 1, column: 1))
    }
    if declaresTags {
      try report("tag directives are not used here; remove %TAG", at: event.location)
    }
    let root = try readNode(from: events.next(), depth: 0).node
    if root.scalar == YAMLScalar(text: "") { throw Self.emptyDocument(at: root.location) }
    _ = try events.next()  // The document's end.
    let after = try events.next()
    if case .documentStart = after.kind {
      try report("a second document begins here; a file holds one document", at: after.location)
    }
    return root
  }

  static func emptyDocument(at location: SourceLocation) -> YAMLProblem {
    YAMLProblem(location: location, message: "the document is empty; expected a YAML node")
  }

  // MARK: Nodes

  /// Reads the node that `event` begins, inside `depth` sequences and mappings.
  private mutating func readNode(from event: Event, depth: Int) throws(YAMLProblem) -> Anchored {
    switch event.kind {
    case .alias(let anchor):
      return try expandAlias(to: anchor, at: event.location, depth: depth)
    case .scalar(let scalar, let properties):
      guard scalar.text.utf8.count <= limits.scalarLength else {
        throw YAMLProblem(
          location: event.location,
          message: "a scalar of \(scalar.text.utf8.count) bytes; "
            + "at most \(limits.scalarLength) are allowed")
      }
      try begin(properties, at: event.location)
      let node = YAMLNode(content: .scalar(scalar), location: event.location)
      return finish(Anchored(node: node, nodes: 1, height: 0), properties)
    case .sequenceStart(let properties):
      return try readCollection(properties, at: event.location, depth: depth) {
        (reader: inout TreeReader) throws(YAMLProblem) in
        try reader.readItems(depth: depth + 1)
      }
    case .mappingStart(let properties):
      return try readCollection(properties, at: event.location, depth: depth) {
        (reader: inout TreeReader) throws(YAMLProblem) in
        try reader.readEntries(depth: depth + 1)
      }
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      preconditionFailure("libyaml's events are not nested at \(event.location)")
    }
  }

  private mutating func readCollection(
    _ properties: NodeProperties, at location: SourceLocation, depth: Int,
    read: (inout TreeReader) throws(YAMLProblem) -> (YAMLNode.Content, height: Int)
  ) throws(YAMLProblem) -> Anchored {
    try checkDepth(depth + 1, at: location)
    let nodesBefore = nodes
    try begin(properties, at: location)
    let (content, height) = try read(&self)
    let node = YAMLNode(content: content, location: location)
    return finish(
      Anchored(node: node, nodes: nodes - nodesBefore, height: height + 1), properties)
  }

  private mutating func readItems(
    depth: Int
  ) throws(YAMLProblem) -> (YAMLNode.Content, height: Int) {
    var items: [YAMLNode] = []
    var height = 0
    while true {
      let event = try events.next()
      if case .sequenceEnd = event.kind { return (.sequence(items), height) }
      let item = try readNode(from: event, depth: depth)
      height = max(height, item.height)
      items.append(item.node)
    }
  }

  private mutating func readEntries(
    depth: Int
  ) throws(YAMLProblem) -> (YAMLNode.Content, height: Int) {
    var entries: [YAMLEntry] = []
    var places: [String: SourceLocation] = [:]
    var height = 0
    while true {
      let event = try events.next()
      if case .mappingEnd = event.kind { return (.mapping(entries), height) }
      let key = try readNode(from: event, depth: depth)
      let isUsable = try checkKey(key.node, places: &places)
      let value = try readNode(from: events.next(), depth: depth)
      height = max(height, key.height, value.height)
      if isUsable { entries.append(YAMLEntry(key: key.node, value: value.node)) }
    }
  }

  /// Whether the key names an entry of its own; reports why not.
  private mutating func checkKey(
    _ key: YAMLNode, places: inout [String: SourceLocation]
  ) throws(YAMLProblem) -> Bool {
    guard let scalar = key.scalar else {
      try report("\(key.shape) can't be a key; expected a scalar", at: key.location)
      return false
    }
    if scalar == YAMLScalar(text: "<<") {
      try report("merge keys ('<<') are not used here; write the entries out", at: key.location)
      return false
    }
    if let first = places[scalar.text] {
      try report(
        "duplicate key \(quoted(scalar.text)); "
          + "first given at line \(first.line), column \(first.column)",
        at: key.location)
      return false
    }
    places[scalar.text] = key.location
    return true
  }

  // MARK: Anchors, tags and aliases

  /// Counts a node and checks what stands before it.
  private mutating func begin(
    _ properties: NodeProperties, at location: SourceLocation
  ) throws(YAMLProblem) {
    try countNodes(1, at: location)
    if let tag = properties.tag {
      try report(
        "tag \(quoted(Self.asWritten(tag))) is not used here; "
          + "what a value means follows from its place",
        at: location)
    }
    guard let anchor = properties.anchor else { return }
    if let first = anchors[anchor]?.location {
      try report(
        "duplicate anchor '&\(anchor)'; "
          + "first given at line \(first.line), column \(first.column)",
        at: location)
    }
    anchors[anchor] = .open(location)
  }

  /// Makes the finished node known under its anchor.
  private mutating func finish(_ anchored: Anchored, _ properties: NodeProperties) -> Anchored {
    if let anchor = properties.anchor { anchors[anchor] = .complete(anchored) }
    return anchored
  }

  private mutating func expandAlias(
    to anchor: String, at location: SourceLocation, depth: Int
  ) throws(YAMLProblem) -> Anchored {
    switch anchors[anchor] {
    case nil:
      throw YAMLProblem(
        location: location,
        message: "alias '*\(anchor)' has no node; expected '&\(anchor)' before it")
    case .open(let start):
      throw YAMLProblem(
        location: location,
        message: "alias '*\(anchor)' lies inside the node it stands for, "
          + "which begins at line \(start.line), column \(start.column)")
    case .complete(var anchored):
      try countNodes(anchored.nodes, at: location)
      try checkDepth(depth + anchored.height, at: location)
      anchored.node.location = location
      return anchored
    }
  }

  /// The tag as its author wrote it, where libyaml has put the standard prefix for `!!`.
  private static func asWritten(_ tag: String) -> String {
    let standard = "tag:yaml.org,2002:"
    return tag.hasPrefix(standard) ? "!!\(tag.dropFirst(standard.count))" : tag
  }

  // MARK: Limits

  private mutating func countNodes(_ more: Int, at location: SourceLocation) throws(YAMLProblem) {
    guard more <= limits.nodes - nodes else {
      throw YAMLProblem(
        location: location,
        message: "more than \(limits.nodes) nodes, aliases expanded; expected a smaller document")
    }
    nodes += more
  }

  private func checkDepth(_ depth: Int, at location: SourceLocation) throws(YAMLProblem) {
    guard depth <= limits.depth else {
      throw YAMLProblem(
        location: location,
        message: "nested \(depth) deep; at most \(limits.depth) levels are allowed")
    }
  }

  private mutating func report(
    _ message: String, at location: SourceLocation
  ) throws(YAMLProblem) {
    guard problems.count < limits.problems else {
      throw YAMLProblem(
        location: location,
        message: "more than \(limits.problems) problems; the rest of the file was not read")
    }
    problems.append(YAMLProblem(location: location, message: message))
  }
}
