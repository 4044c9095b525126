import RaftTypes
import YAMLTree

extension DecodeContext {
  /// The configuration that the trace begins with.
  fileprivate func firstConfiguration(_ boots: [NodeBoot]) -> TraceConfiguration {
    let outside = Set(boots.filter(\.joins).map(\.name) + learners)
    return TraceConfiguration(
      voters: servers.filter { !outside.contains($0) }, learners: learners)
  }
}

/// Checks that a trace can fail.
///
/// An expectation is negative where a node that does nothing meets it: one that stays a follower
/// with the term, vote and log it booted with, commits nothing and sends nothing. A trace of
/// nothing else passes on a dead node, so it needs a positive control.
struct Controls {
  private let boots: [NodeName: NodeBoot]
  /// The configuration that the trace begins with.
  private let first: TraceConfiguration

  /// Reports a trace that can't fail.
  ///
  /// - Parameter recovers: whether the trace ends with an unasked recovery, which dead nodes fail.
  static func check(
    _ steps: [Step], nodes: [NodeBoot], recovers: Bool, _ context: DecodeContext
  ) {
    let controls = Controls(
      boots: Dictionary(nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }),
      first: context.firstConfiguration(nodes))
    if let last = steps.lastIndex(where: { $0.action != nil }),
      !steps[last...].contains(where: { $0.expect != nil }), !provesItself(steps[last].action)
    {
      context.report("the last step proves nothing: it needs an 'expect'", at: steps[last].location)
    }
    if recovers { return }
    let lastPositive = steps.lastIndex(where: controls.isPositive)
    guard let lastNegative = steps.lastIndex(where: { $0.expect != nil }) else {
      if lastPositive == nil, let first = steps.first {
        context.report("the trace can't fail: it expects nothing", at: first.location)
      }
      return
    }
    guard let lastPositive else {
      context.report(
        "a node that does nothing passes this trace; it needs a positive control, a later step "
          + "that only a live and correct node passes", at: steps[lastNegative].location)
      return
    }
    if lastPositive < lastNegative {
      context.report(
        "a node that has died meanwhile passes from here on; a positive control after it would "
          + "show that it lives", at: steps[lastNegative].location, severity: .warning)
    }
  }

  /// Whether the verb itself fails unless the nodes do something.
  private static func provesItself(_ action: Action?) -> Bool {
    switch action {
    case .elect, .exchange, .recover, .answer, .settle(.within): true
    case .chaos(let chaos): chaos.achieved != Chaos.Achievement()
    case .deliver(let selector), .drop(let selector), .duplicate(let selector): !selector.optional
    case .capture: true
    case .tick(let tick): tick.until != nil
    case .timeout, .lapse, .beat, .campaign, .receive, .holdMessages, .releaseMessages,
      .holdStorage, .releaseStorage, .holdApply, .releaseApply, .releaseAll,
      .settle(.quiescent), .settle(.deliveriesOnly), .partition, .isolate, .cut, .heal, .propose,
      .complete, .failStorage, .crash, .corrupt, .restart, .snapshot, .compact, .configure,
      .transfer, .read, nil:
      false
    }
  }

  private func isPositive(_ step: Step) -> Bool {
    if case .tick(let tick)? = step.action, let until = tick.until {
      return tick.nodes.contains { !isNegative(until, of: boots[$0]) }
    }
    return Self.provesItself(step.action) || step.expect.map { !isNegative($0) } ?? false
  }

  private func isNegative(_ expectation: Expectation) -> Bool {
    if case .all? = expectation.sent { return false }
    if expectation.votes.contains(where: \.granted) { return false }
    if expectation.appends.contains(where: \.accepted) { return false }
    if expectation.counts.contains(where: { !admits($0.bound, 0) }) { return false }
    if expectation.results.contains(where: { !isNegative($0.outcome) }) { return false }
    let named = expectation.nodes.map(\.value)
    if named.contains(where: { !isNegative($0.expectation, of: boots[$0.node]) }) { return false }
    if let each = expectation.each {
      if boots.values.contains(where: { !isNegative(each, of: $0) }) { return false }
    }
    if expectation.oneOf.isEmpty { return true }
    return expectation.oneOf.contains { isNegative($0.expectation) }
  }

  private func isNegative(_ state: NodeExpectation, of boot: NodeBoot?) -> Bool {
    guard let boot else { return false }
    let last = boot.last
    let covered = boot.base.index.rawValue
    let voted = boot.votedFor.map { OptionalNode.node($0) } ?? OptionalNode.none
    return (state.role.map { admits($0, .follower) } ?? true)
      && (state.status.map { admits($0, .running) || admits($0, .crashed) } ?? true)
      && (state.term.map { admits($0, boot.term.rawValue) } ?? true)
      && (state.votedFor.map { admits($0, voted) } ?? true)
      && (state.leader.map { admits($0, .none) } ?? true)
      && (state.log.map { isBoot($0, boot) } ?? true)
      && (state.last.map { $0 == .position(last) } ?? true)
      && (state.commit.map { admits($0, covered) } ?? true)
      && (state.applied.map { isNothing($0, boot) } ?? true)
      && (state.ledger.map { isBoot($0, boot.snapshot) } ?? true)
      && (state.snapshot.map { isBoot($0, boot.base) } ?? true)
      && (state.first.map { admits($0, covered + 1) } ?? true)
      && (state.configuration.map { isBoot($0, boot) } ?? true)
  }

  private func isBoot(_ items: [LogItem], _ boot: NodeBoot) -> Bool {
    let commands = boot.log.enumerated().filter { boot.configurations[$0.offset] == nil }
    guard items.count == commands.count else { return false }
    return zip(items, commands).allSatisfy { item, entry in
      let index = boot.base.index + (entry.offset + 1)
      return item == .term(entry.element.rawValue)
        || item == .position(LogPosition(index: index, term: entry.element))
    }
  }

  private func isBoot(_ items: [LogItem], _ snapshot: NodeBoot.Snapshot?) -> Bool {
    let ledger = snapshot?.ledger ?? []
    guard items.count == ledger.count else { return false }
    return zip(items, ledger).allSatisfy { item, command in
      switch command {
      case .name(let name): item == .name(name)
      case .position(let position):
        item == .position(position) || item == .term(position.term.rawValue)
      }
    }
  }

  private func isBoot(_ snapshot: SnapshotExpectation, _ base: LogPosition) -> Bool {
    switch snapshot {
    case .none: base == .zero
    case .position(let position): position == base
    case .index(let bound): admits(bound, base.index.rawValue)
    }
  }

  /// Whether a node that does nothing shows this configuration: its boot log's last one.
  private func isBoot(_ expected: ConfigurationExpectation, _ boot: NodeBoot) -> Bool {
    let last = boot.configurations.max { $0.key < $1.key }?.value
    let found = last ?? boot.snapshot?.configuration ?? first
    func fits(_ expected: Set<NodeName>?, _ actual: [NodeName]) -> Bool {
      expected.map { $0 == Set(actual) } ?? true
    }
    return fits(expected.voters, found.voters) && fits(expected.outgoing, found.outgoing)
      && fits(expected.learners, found.learners)
      && fits(expected.learnersNext, found.learnersNext)
  }

  private func isNothing(_ applied: AppliedExpectation, _ boot: NodeBoot) -> Bool {
    switch applied {
    case .index(let bound): admits(bound, boot.base.index.rawValue)
    case .entries(let items): isBoot(items, boot.snapshot)
    }
  }

  private func isNegative(_ outcome: Choice<ProposalOutcome>) -> Bool {
    admits(outcome, .pending) || admits(outcome, .refused) || admits(outcome, .unknown)
  }

  private func admits<Value>(_ choice: Choice<Value>, _ value: Value) -> Bool {
    switch choice {
    case .equals(let expected): expected == value
    case .not(let refused): refused != value
    case .oneOf(let all): all.contains(value)
    }
  }

  /// Whether a value surely meets a bound; variables, entries and other nodes may be anything.
  private func admits(_ bound: Bound, _ value: UInt64) -> Bool {
    switch bound {
    case .equals(.number(let number)): value == number
    case .not(.number(let number)): value != number
    case .atLeast(.number(let number)): value >= number
    case .atMost(.number(let number)): value <= number
    case .before(.number(let number)): value < number
    case .between(let low, let high): (low...high).contains(value)
    case .atMost(.entry), .before(.entry), .not(.entry), .atMost(.lastIndex): true
    case .equals, .not, .atLeast, .atMost, .before: false
    }
  }
}
