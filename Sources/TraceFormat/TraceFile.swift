import RaftTypes
import YAMLTree

/// A file with a trace, decoded and checked as far as it can be by itself.
public struct TraceFile: Sendable {
  /// The file's name as its problems say it.
  public var file: String
  /// The trace's id and where it stands, if there is one.
  public var id: Located<String>?
  /// The TODO that the trace says it belongs to, and where, if there is one.
  public var todo: Located<String>?
  /// The clauses that the trace names, and where.
  public var clauses: [Located<String>]
  /// The trace, or one for each row of its `cases`; empty where `problems` has an error.
  public var traces: [Trace]
  /// Everything that is wrong, by place.
  public var problems: [TraceProblem]

  /// Whether the trace can be run.
  public var isRunnable: Bool { !problems.contains { $0.severity == .error } }

  /// Reads the file at `path`, which messages call `file`, or `path` where that is nil.
  public static func load(path: String, file: String? = nil) -> TraceFile {
    let name = file ?? path
    do {
      return decode(try YAMLParser.parse(path: path, file: name), problems: [], file: name)
    } catch {
      return recovered(from: error, file: name)
    }
  }

  /// Reads `text` as the contents of a file that messages call `file`.
  public static func decode(text: String, file: String) -> TraceFile {
    do {
      return decode(try YAMLParser.parse(text, file: file), problems: [], file: file)
    } catch {
      return recovered(from: error, file: file)
    }
  }

  private static func recovered(from error: YAMLProblems, file: String) -> TraceFile {
    let problems = error.problems.map {
      TraceProblem(location: $0.location, message: $0.message)
    }
    guard let root = error.recoveredRoot else {
      return TraceFile(
        file: file, id: nil, todo: nil, clauses: [], traces: [], problems: problems)
    }
    return decode(root, problems: problems, file: file)
  }

  private static func decode(
    _ root: YAMLNode, problems earlier: [TraceProblem], file: String
  ) -> TraceFile {
    let blanks = Blanks.problems(in: root)
    let context = DecodeContext()
    let header = TopLevel.shape.decode(root, context)
    let decoder = CaseDecoder(root: root, header: header)
    // A mistake elsewhere in the header must not hide the columns from the steps.
    let table = root["cases"].map { CaseTable.shape.decode($0, context) }
    var rows: [CaseTable.Row?] = [nil]
    var columns: [String] = []
    if let table {
      rows = table?.rows ?? []
      columns = table?.columns.map(\.name) ?? []
      table?.checkUse(in: decoder.parts, context)
    }
    var traces: [Trace] = []
    var problems = earlier + context.problems
    for row in rows {
      let decoded = decoder.decode(row, columns: columns)
      decoded.trace.map { traces += $0.perSeed() }
      problems += decoded.problems
    }
    let ordered = inOrder(problems, blanks: blanks)
    let failed = ordered.contains { $0.severity == .error }
    return TraceFile(
      file: file, id: text("id", of: root), todo: text("todo", of: root),
      clauses: (root["clauses"]?.items ?? []).compactMap(located),
      traces: failed ? [] : traces, problems: ordered)
  }

  /// The problems by place and once each; where a blank stands, that it is one says enough.
  private static func inOrder(_ problems: [TraceProblem], blanks: [TraceProblem]) -> [TraceProblem]
  {
    let blankPlaces = Set(blanks.map(\.location))
    let others = Set(problems).filter { !blankPlaces.contains($0.location) }
    return (blanks + others).sorted()
  }

  private static func text(_ key: String, of root: YAMLNode) -> Located<String>? {
    root[key].flatMap(located)
  }

  private static func located(_ node: YAMLNode) -> Located<String>? {
    node.text.map { Located($0, at: node.location) }
  }
}

/// Decodes and checks one case of a file, or its only one.
private struct CaseDecoder {
  let root: YAMLNode
  /// What is around the steps; nil after mistakes there, which don't hide those in the steps.
  let header: TopLevel.Header?

  /// The parts that columns reach.
  var parts: [YAMLNode] {
    ["config", "nodes", "peers", "strangers", "learners", "steps"].compactMap { root[$0] }
  }

  func decode(
    _ row: CaseTable.Row?, columns: [String]
  ) -> (trace: Trace?, problems: [TraceProblem]) {
    let context = DecodeContext()
    context.columns = columns
    func part(_ key: String) -> YAMLNode? { root[key].map { row?.filled($0) ?? $0 } }

    let names = (part("nodes")?.entries ?? []).map(\.name)
    context.nodes = names.filter { NameRule.node.matches($0) }.map { NodeName($0) }
    context.peers = part("peers").flatMap { BootStates.peers.decode($0, context) } ?? []
    context.strangers = part("strangers").flatMap { BootStates.peers.decode($0, context) } ?? []
    context.learners = part("learners").flatMap { BootStates.peers.decode($0, context) } ?? []
    checkServers(context, peers: part("peers"), strangers: part("strangers"))
    checkLearners(context, part("learners"))
    let settings = part("config").map { BootStates.settings.decode($0, context) } ?? TraceSettings()
    let nodes = part("nodes").flatMap { BootStates.nodes.decode($0, context) }
    let steps = decodeSteps(part("steps"), context)
    References.check(nodes ?? [], context)
    Ledger.check(nodes ?? [], context, isWaived: root["impossible"] != nil)
    guard let settings, let nodes, let steps else { return (nil, context.problems) }
    let recovers = nodes.count > 1 && root["liveness"]?.entries == nil
    if recovers { Verbs.verb("recover")?.capabilities.forEach(context.imply) }
    Controls.check(steps, nodes: nodes, recovers: recovers, context)
    guard let header else { return (nil, context.problems) }
    var trace = Trace(
      id: header.id, caseName: row?.name, title: header.title, todo: header.todo,
      level: header.level, clauses: header.clauses, requires: header.requires,
      source: header.source, hint: header.hint, conclusion: header.conclusion,
      livenessWaiver: header.livenessWaiver, impossible: header.impossible, settings: settings,
      nodes: nodes, peers: context.peers, steps: steps, location: root.location)
    trace.strangers = context.strangers
    trace.learners = context.learners
    trace.seeds = header.seeds
    checkSeeds(trace, context)
    if !trace.learners.isEmpty { context.imply(.learners) }
    trace.impliedCapabilities = context.capabilities
    return (trace, context.problems)
  }

  private func checkLearners(_ context: DecodeContext, _ node: YAMLNode?) {
    for (place, learner) in context.learners.enumerated() {
      let location = node?.items?[place].location ?? root.location
      if !context.servers.contains(learner) {
        context.report("unknown node '\(learner)': a learner is a node or a peer", at: location)
      } else if context.learners[..<place].contains(learner) {
        context.report("learner \(learner) is there twice", at: location)
      }
    }
  }

  /// A chaos has seeds, and seeds are for a chaos.
  private func checkSeeds(_ trace: Trace, _ context: DecodeContext) {
    let chaos = trace.steps.first { step in
      if case .chaos = step.action { return true }
      return false
    }
    if let chaos, trace.seeds == nil {
      context.report("a 'chaos' needs 'seeds' beside the steps", at: chaos.location)
    } else if let seeds = root["seeds"], chaos == nil {
      context.report("'seeds' are for a 'chaos', and there is none", at: seeds.location)
    } else if let seeds = root["seeds"], root["cases"] != nil {
      context.report("'seeds' can't be given along with 'cases'", at: seeds.location)
    }
  }

  private func decodeSteps(_ node: YAMLNode?, _ context: DecodeContext) -> [Step]? {
    guard let node else { return nil }
    guard let items = node.items else {
      context.reportMismatch(node, expected: "a list of steps")
      return nil
    }
    guard (1...TraceLimits.steps).contains(items.count) else {
      context.report(
        items.isEmpty
          ? "a trace needs a step"
          : "\(items.count) steps, and at most \(TraceLimits.steps) are allowed",
        at: node.location)
      return nil
    }
    let steps = items.map { Steps.decode($0, context) }
    let decoded = steps.compactMap { $0 }
    return decoded.count == steps.count ? decoded : nil
  }

  private func checkServers(
    _ context: DecodeContext, peers: YAMLNode?, strangers: YAMLNode?
  ) {
    let place = root["nodes"]?.location ?? root.location
    for (index, peer) in context.peers.enumerated() {
      let location = peers?.items?[index].location ?? place
      if context.nodes.contains(peer) {
        context.report("\(peer) is a real node and can't be a peer too", at: location)
      } else if context.peers[..<index].contains(peer) {
        context.report("peer \(peer) is there twice", at: location)
      }
    }
    for (index, stranger) in context.strangers.enumerated()
    where context.servers.contains(stranger) || context.strangers[..<index].contains(stranger) {
      context.report(
        "'\(stranger)' is named already, and a stranger is nobody else",
        at: strangers?.items?[index].location ?? place)
    }
    if context.servers.count > TraceLimits.servers {
      context.report(
        "\(context.servers.count) servers, and at most \(TraceLimits.servers) are allowed",
        at: place)
    }
  }
}

/// The places that a scaffold leaves for its author to fill: `<what must happen>`.
enum Blanks {
  static func problems(in node: YAMLNode) -> [TraceProblem] {
    switch node.content {
    case .scalar(let scalar):
      let text = scalar.text
      guard text.first == "<", text.last == ">" else { return [] }
      return [
        TraceProblem(location: node.location, message: "a blank to fill in: \(clipped(text))")
      ]
    case .sequence(let items):
      return items.flatMap(problems)
    case .mapping(let entries):
      return entries.flatMap { problems(in: $0.value) }
    }
  }
}
