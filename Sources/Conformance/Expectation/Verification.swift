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
    return fields.found
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
      let last = node.log.last { $0.kind == .command }
      if last?.data != world.payloads[name] {
        fields.add(
          "last", expected: name,
          actual: last.map { Rendering.payload($0.data, names: world.namesOfPayloads) } ?? "none")
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
    let entries = node.applied.filter { $0.kind == .command }
    let fits =
      entries.count == items.count
      && zip(items, entries).allSatisfy { matches($0, term: $1.position.term, data: $1.data) }
    guard !fits else { return }
    let names = world.namesOfPayloads
    fields.add(
      field, expected: Rendering.items(items),
      actual: "[" + entries.map { Rendering.payload($0.data, names: names) }.joined(separator: ", ")
        + "]")
  }

  private func matches(_ item: LogItem, term: Term, data: [UInt8]) -> Bool {
    switch item {
    case .term(let expected): term.rawValue == expected
    case .name(let name): data == world.payloads[name]
    case .position(let position):
      term == position.term && data == Payload.handWritten(position)
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
    }
    return fields.found
  }

  // MARK: Bounds

  /// Whether a number is within a bound.
  ///
  /// - Parameter log: the node whose log gives named entries their indices.
  func satisfies(_ bound: Bound, _ actual: UInt64, log node: ObservedNode?) -> Bool {
    switch bound {
    case .equals(.entry(let name)):
      guard let index = index(ofEntry: name, in: node), actual >= index else { return false }
      guard let log = node?.log, actual <= UInt64(log.count) else { return actual == index }
      return log[Int(index)..<Int(actual)].allSatisfy { $0.kind == .internalEntry }
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
    guard let payload = world.payloads[name] else { return nil }
    let position = node?.position(of: payload) ?? world.position(ofPayload: payload)
    return position?.index.rawValue
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

extension OptionalNode {
  init(_ name: NodeName?) {
    self = name.map(Self.node) ?? .none
  }
}
