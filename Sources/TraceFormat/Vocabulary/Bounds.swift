import RaftTypes
import YAMLTree

extension Shape where Value == Bound {
  /// What an index is compared to.
  static var index: Shape {
    .bound("index-bound", exact: .index(isExpected: true), other: .index(isExpected: false))
  }

  /// What a term is compared to; an unbound variable that stands alone receives the term found.
  static var termBound: Shape { .bound("term-bound", exact: .term(.binding), other: .term(.value)) }

  /// What a count is compared to.
  static var countBound: Shape { .bound("count-bound", exact: .plain, other: .plain) }

  private static func bound(
    _ name: String, exact: Shape<Quantity>, other: Shape<Quantity>
  ) -> Shape {
    let least = name == "index-bound" ? Shape<Quantity>.index(isExpected: true) : other
    let comparison = Shape.record(
      "a comparison",
      rules: RecordRules(exactlyOne: [["at-least", "at-most", "before", "not", "between"]]),
      .optional("at-least", least, "this or above"),
      .optional("at-most", other, "this or below"),
      .optional("before", other, "strictly below"),
      .optional("not", other, "anything but this"),
      .optional("between", Shape<UInt64>.anyNumber.list(2...2), "from the first to the second"),
      build: comparison)
    return .alternatives(exact.map { .equals($0) }, comparison).named(name)
  }

  @Sendable private static func comparison(
    _ place: Place, _ atLeast: Quantity?, _ atMost: Quantity?, _ before: Quantity?,
    _ not: Quantity?, _ between: [UInt64]?
  ) -> Bound? {
    if let atLeast { return .atLeast(atLeast) }
    if let atMost { return .atMost(atMost) }
    if let before { return .before(before) }
    if let not { return .not(not) }
    guard let between, between[0] <= between[1] else {
      place.report("the first of 'between' is above the second", at: "between")
      return nil
    }
    return .between(between[0], between[1])
  }
}

extension Shape where Value == Quantity {
  /// A number or a variable.
  static var plain: Shape {
    .alternatives(Shape<UInt64>.anyNumber.map { .number($0) }, variable(.value))
  }

  /// A term: a number or a variable.
  static func term(_ use: VariableUse) -> Shape {
    .alternatives(Shape<UInt64>.anyNumber.map { .number($0) }, variable(use))
  }

  /// An index: a number, a variable, the index of an entry, or a node's last.
  static func index(isExpected: Bool) -> Shape {
    let number = Shape<UInt64>.anyNumber.flatMap { value, node, context in
      if isExpected { context.note(.literalIndex(value), at: node.location) }
      return Quantity.number(value)
    }
    let last = Shape<String>.distinctText(NameRule.lastOf).map { NodeName(String($0.dropLast(5))) }
      .noting { .realNode($0) }.map { Quantity.lastIndex($0) }
    let entry = Shape<String>.entryName.map { Quantity.entry($0) }
    return .alternatives(number, variable(.value), last, entry)
  }

  private static func variable(_ use: VariableUse) -> Shape {
    Shape<(name: String, offset: Int)>.variable(use)
      .map { .variable($0.name, offset: $0.offset) }
  }
}

extension Shape {
  /// A value, all but it, or one of several.
  static func choice<Item>(
    _ name: String, reserved: [ReservedWord] = [], _ item: Shape<Item>
  ) -> Shape where Value == Choice<Item> {
    let other = Shape.record(
      "a choice", rules: RecordRules(exactlyOne: [["not", "one-of"]]), reserved: reserved,
      .optional("not", item, "anything but this"),
      .optional("one-of", item.list(2...20), "any of these")
    ) { _, not, oneOf in
      if let not { return .not(not) }
      return oneOf.map { .oneOf($0) }
    }
    return .alternatives(item.map { .equals($0) }, other).named(name)
  }
}

extension Shape where Value == OptionalNode {
  /// A server, or `none`.
  static var optionalServer: Shape {
    .alternatives(
      .word("none", "no server", .none), Shape<NodeName>.server.map { OptionalNode.node($0) })
  }
}

extension Shape where Value == LogItem {
  /// An entry as a log or a ledger shows it: its term, its name or its position.
  static var logItem: Shape {
    let term = Shape<UInt64>.number(1...TraceLimits.greatestNumber).map { LogItem.term($0) }
    let entry = Shape<EntryReference>.entry(isExpected: true).map { reference -> LogItem in
      switch reference {
      case .name(let name): .name(name)
      case .position(let position): .position(position)
      }
    }
    return .alternatives(term, entry).named("log-item")
  }
}
