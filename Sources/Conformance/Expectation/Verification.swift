import AdapterProtocol
import RaftTypes
import TraceFormat

/// Whether what must hold after a step does.
extension Execution {
  /// Checks a step's expectation; variables that it mentions first get their values here.
  ///
  /// - Throws: with every field that is not as expected.
  mutating func verify(_ expectation: Expectation) throws(Interruption) {
    bindVariables(of: expectation)
    var found = mismatches(of: expectation)
    if !expectation.oneOf.isEmpty {
      let outcomes = expectation.oneOf.map { mismatches(of: $0.expectation) }
      if let taken = outcomes.firstIndex(where: \.isEmpty) {
        if expectation.oneOf[taken].isNonStrict { world.tookNonStrict = true }
      } else {
        found += outcomes.enumerated().flatMap { place, unmet in
          unmet.map {
            Mismatch(
              path: "one-of[\(place + 1)].\($0.path)", expected: $0.expected, actual: $0.actual)
          }
        }
      }
    }
    guard found.isEmpty else {
      let fields = found.count == 1 ? "1 field is" : "\(found.count) fields are"
      throw .failed(
        StepFailure(
          kind: .expectation, summary: "\(fields) not as expected", mismatches: found))
    }
  }

  private mutating func bindVariables(of expectation: Expectation) {
    let named = (expectation.nodes + expectation.observed).map(\.value)
    let all = expectation.each.map { each in
      world.runningNodes.map { NodeExpectationFor(node: $0.name, expectation: each) }
    }
    for one in named + (all ?? []) {
      guard case .equals(.variable(let name, 0)) = one.expectation.term,
        world.variables[name] == nil
      else { continue }
      world.variables[name] = world.node(one.node).term.rawValue
    }
    for vote in expectation.votes {
      guard case .variable(let name, 0) = vote.term, world.variables[name] == nil else { continue }
      world.variables[name] = world.node(vote.by).term.rawValue
    }
  }

  /// Everything but `one-of` that is not as expected.
  func mismatches(of expectation: Expectation) -> [Mismatch] {
    var found: [Mismatch] = []
    for node in expectation.nodes {
      found += mismatches(of: node.value.expectation, at: node.value.node)
    }
    for node in expectation.observed {
      found += mismatches(of: observable(node.value.expectation), at: node.value.node)
    }
    if let each = expectation.each {
      for node in world.runningNodes { found += mismatches(of: each, at: node.name) }
    }
    found += messageMismatches(of: expectation)
    for result in expectation.results { found += mismatches(of: result) }
    return found
  }

  // MARK: Nodes

  /// What is left of an expectation where fields that the system does not show are free.
  private func observable(_ expected: NodeExpectation) -> NodeExpectation {
    var observable = expected
    if !world.declared.contains(.readVote) { observable.votedFor = nil }
    if !world.declared.contains(.readLog) {
      observable.log = nil
      observable.last = nil
    }
    if !world.declared.contains(.readConfiguration) { observable.configuration = nil }
    if !world.declared.contains(.snapshot) {
      observable.snapshot = nil
      observable.first = nil
    }
    if !world.declared.contains(.readLedger) {
      observable.ledger = nil
      if case .entries = expected.applied { observable.applied = nil }
    }
    return observable
  }

  /// Everything about one node that is not as expected.
  func mismatches(of expected: NodeExpectation, at name: NodeName) -> [Mismatch] {
    let node = world.node(name)
    var fields = FieldComparison(prefix: name.rawValue)
    if let status = expected.status {
      fields.compare("status", status, node.status, \.rawValue)
    }
    let asksForState =
      expected.role != nil || expected.term != nil || expected.votedFor != nil
      || expected.leader != nil || expected.log != nil || expected.last != nil
      || expected.commit != nil || expected.applied != nil || expected.ledger != nil
      || expected.configuration != nil || expected.snapshot != nil || expected.first != nil
    guard asksForState else { return fields.found }
    guard node.isRunning else {
      fields.add("status", expected: "running", actual: node.status.rawValue)
      return fields.found
    }
    if let role = expected.role { fields.compare("role", role, node.role, \.rawValue) }
    if let votedFor = expected.votedFor {
      fields.compare("votedFor", votedFor, OptionalNode(node.votedFor), Rendering.optionalNode)
    }
    if let leader = expected.leader {
      fields.compare("leader", leader, OptionalNode(node.leader), Rendering.optionalNode)
    }
    if let term = expected.term { compare(term, node.term.rawValue, "term", node, &fields) }
    if let commit = expected.commit {
      compare(commit, node.commitIndex.rawValue, "commit", node, &fields)
    }
    compareLog(expected, node, &fields)
    compareApplied(expected, node, &fields)
    compareSnapshot(expected, node, &fields)
    if let configuration = expected.configuration, !configuration.fits(node.configuration) {
      fields.add(
        "config", expected: Rendering.configuration(configuration),
        actual: node.configuration.map(Rendering.configuration) ?? "not shown")
    }
    return fields.found
  }

  private func compareSnapshot(
    _ expected: NodeExpectation, _ node: ObservedNode, _ fields: inout FieldComparison
  ) {
    let shown = node.snapshot == .zero ? "none" : Rendering.position(node.snapshot)
    switch expected.snapshot {
    case .none?:
      if node.snapshot != .zero { fields.add("snapshot", expected: "none", actual: shown) }
    case .position(let position):
      if node.snapshot != position {
        fields.add("snapshot", expected: Rendering.position(position), actual: shown)
      }
    case .index(let bound):
      if !satisfies(bound, node.snapshot.index.rawValue, log: node) {
        fields.add("snapshot", expected: Rendering.bound(bound), actual: shown)
      }
    case nil:
      break
    }
    if let first = expected.first {
      compare(first, node.firstIndex.rawValue, "first", node, &fields)
    }
  }

  private func compare(
    _ bound: Bound, _ actual: UInt64, _ field: String, _ node: ObservedNode,
    _ fields: inout FieldComparison
  ) {
    guard !satisfies(bound, actual, log: node) else { return }
    fields.add(field, expected: Rendering.bound(bound), actual: "\(actual)")
  }

  private func compareLog(
    _ expected: NodeExpectation, _ node: ObservedNode, _ fields: inout FieldComparison
  ) {
    if let log = expected.log {
      let entries = node.log.filter { $0.kind == .command }
      let fits =
        entries.count == log.count
        && zip(log, entries).allSatisfy { matches($0, term: $1.term, data: $1.data) }
      if !fits {
        fields.add(
          "log", expected: Rendering.items(log),
          actual: Rendering.log(node.log, names: world.namesOfPayloads))
      }
    }
    switch expected.last {
    case .position(let position):
      if node.lastPosition != position {
        fields.add(
          "last", expected: Rendering.position(position),
          actual: Rendering.position(node.lastPosition))
      }
    case .name(let name):
      let last = node.log.last { $0.kind == .command }?.data ?? node.ledger.last?.data
      if let change = world.changes[name] {
        if node.lastPosition != change {
          fields.add(
            "last", expected: name, actual: Rendering.position(node.lastPosition))
        }
      } else if last != world.payloads[name] {
        fields.add(
          "last", expected: name,
          actual: last.map { Rendering.payload($0, names: world.namesOfPayloads) } ?? "none")
      }
    case nil:
      break
    }
  }

  private func compareApplied(
    _ expected: NodeExpectation, _ node: ObservedNode, _ fields: inout FieldComparison
  ) {
    switch expected.applied {
    case .index(let bound): compare(bound, node.appliedIndex.rawValue, "applied", node, &fields)
    case .entries(let items): compareLedger("applied", items, node, &fields)
    case nil: break
    }
    if let ledger = expected.ledger { compareLedger("ledger", ledger, node, &fields) }
  }

  private func compareLedger(
    _ field: String, _ items: [LogItem], _ node: ObservedNode, _ fields: inout FieldComparison
  ) {
    let ledger = node.ledger
    guard !holds(ledger, items) else { return }
    fields.add(field, expected: Rendering.items(items), actual: render(ledger))
  }

  private func render(_ ledger: [LedgerCommand]) -> String {
    let names = world.namesOfPayloads
    return "[" + ledger.map { Rendering.payload($0.data, names: names) }.joined(separator: ", ")
      + "]"
  }

  /// Whether these are the commands, in this order.
  private func holds(_ ledger: [LedgerCommand], _ items: [LogItem]) -> Bool {
    ledger.count == items.count
      && zip(items, ledger).allSatisfy { matches($0, term: $1.term, data: $1.data) }
  }

  /// - Parameter term: that of the command's entry; `nil` where it came with a snapshot, and then a
  ///   hand-written command tells it.
  private func matches(_ item: LogItem, term: Term?, data: [UInt8]) -> Bool {
    switch item {
    case .term(let expected): (term ?? Payload.term(of: data))?.rawValue == expected
    case .name(let name): data == world.payloads[name]
    case .position(let position):
      (term ?? position.term) == position.term && data == Payload.handWritten(position)
    }
  }

  // MARK: Results

  private func mismatches(of expectation: ResultExpectation) -> [Mismatch] {
    let name = expectation.name
    let names =
      world.results[name] != nil
      ? [name] : world.results.keys.filter { $0.hasPrefix(name + ".") }.sorted()
    var fields = FieldComparison(prefix: "results")
    if names.isEmpty {
      fields.add(
        name, expected: Rendering.choice(expectation.outcome, \.rawValue), actual: "never proposed")
    }
    for one in names {
      guard let outcome = world.results[one] else { continue }
      fields.compare(one, expectation.outcome, outcome, \.rawValue)
      if let sight = expectation.sight, outcome == .done { compare(sight, of: one, &fields) }
    }
    return fields.found
  }

  private func compare(_ sight: ReadSight, of name: String, _ fields: inout FieldComparison) {
    guard let read = world.reads[name], let seen = read.seen else { return }
    switch sight {
    case .exactly(let items):
      guard !holds(seen.ledger, items) else { return }
      fields.add("\(name).sees", expected: Rendering.items(items), actual: render(seen.ledger))
    case .including(let items):
      let missing = items.filter { item in
        !seen.ledger.contains { matches(item, term: $0.term, data: $0.data) }
      }
      guard !missing.isEmpty else { return }
      fields.add("\(name).includes", expected: Rendering.items(items), actual: render(seen.ledger))
    case .at(let bound):
      let server = world.node(read.node)
      guard !satisfies(bound, seen.index.rawValue, log: server) else { return }
      fields.add(
        "\(name).served-at", expected: Rendering.bound(bound), actual: "\(seen.index.rawValue)")
    }
  }

  // MARK: Bounds

  /// Whether a number is within a bound.
  ///
  /// - Parameter log: the node whose log gives named entries their indices.
  func satisfies(_ bound: Bound, _ actual: UInt64, log node: ObservedNode?) -> Bool {
    switch bound {
    case .equals(.entry(let name)):
      guard let index = index(ofEntry: name, in: node), actual >= index else { return false }
      guard let node, actual <= node.lastIndex.rawValue else { return actual == index }
      return (index..<actual).allSatisfy { before in
        world.kind(at: LogIndex(before + 1), in: node).map { $0 != .command } ?? false
      }
    case .equals(let quantity):
      return value(of: quantity, in: node) == actual
    case .not(let quantity):
      return value(of: quantity, in: node) != actual
    case .atLeast(let quantity):
      return value(of: quantity, in: node).map { actual >= $0 } ?? false
    case .atMost(let quantity):
      return value(of: quantity, in: node).map { actual <= $0 } ?? false
    case .before(let quantity):
      // What comes before an entry that no log holds is everything.
      return value(of: quantity, in: node).map { actual < $0 } ?? true
    case .between(let low, let high):
      return low <= actual && actual <= high
    }
  }

  private func value(of quantity: Quantity, in node: ObservedNode?) -> UInt64? {
    switch quantity {
    case .number(let number):
      number
    case .variable(let name, let offset):
      world.variables[name].flatMap { value in
        offset >= 0
          ? value + UInt64(offset) : (value >= UInt64(-offset) ? value - UInt64(-offset) : nil)
      }
    case .entry(let name):
      index(ofEntry: name, in: node)
    case .lastIndex(let name):
      world.node(name).lastIndex.rawValue
    }
  }

  private func index(ofEntry name: String, in node: ObservedNode?) -> UInt64? {
    world.position(ofEntry: name, in: node)?.index.rawValue
  }
}

/// Collects the fields of one thing that are not as expected.
struct FieldComparison {
  let prefix: String
  private(set) var found: [Mismatch] = []

  init(prefix: String) { self.prefix = prefix }

  mutating func add(_ field: String, expected: String, actual: String) {
    found.append(Mismatch(path: "\(prefix).\(field)", expected: expected, actual: actual))
  }

  mutating func compare<Value: Hashable>(
    _ field: String, _ expected: Choice<Value>, _ actual: Value, _ render: (Value) -> String
  ) {
    let holds =
      switch expected {
      case .equals(let value): actual == value
      case .not(let value): actual != value
      case .oneOf(let values): values.contains(actual)
      }
    if !holds {
      add(field, expected: Rendering.choice(expected, render), actual: render(actual))
    }
  }
}

extension ConfigurationExpectation {
  /// Whether a configuration is as expected; one that is not shown is not.
  func fits(_ configuration: WireConfiguration?) -> Bool {
    guard let configuration else { return false }
    func fits(_ expected: Set<NodeName>?, _ actual: [NodeName]) -> Bool {
      expected.map { $0 == Set(actual) } ?? true
    }
    return fits(voters, configuration.voters) && fits(outgoing, configuration.outgoing)
      && fits(learners, configuration.learners)
      && fits(learnersNext, configuration.learnersNext)
  }
}

extension OptionalNode {
  init(_ name: NodeName?) {
    self = name.map(Self.node) ?? .none
  }
}
