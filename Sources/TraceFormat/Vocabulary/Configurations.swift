import RaftTypes
import YAMLTree

extension Shape where Value == [NodeName] {
  /// Servers, possibly none.
  static func servers(_ count: ClosedRange<Int> = 0...TraceLimits.servers) -> Shape {
    Shape<NodeName>.server.list(count)
  }
}

extension Shape where Value == TraceConfiguration {
  /// The members of a cluster.
  static var configuration: Shape {
    .record(
      "a configuration",
      .required("voters", .servers(1...TraceLimits.servers), "the voters, or the new ones"),
      .standard(
        "outgoing", .servers(), [], shown: "[]", "the old voters, while the change is joint"),
      .standard("learners", .servers(), [], shown: "[]", "servers without a vote"),
      .standard(
        "learnersNext", .servers(), [], shown: "[]",
        "old voters that are learners once the joint configuration is left")
    ) { place, voters, outgoing, learners, learnersNext in
      if !outgoing.isEmpty { place.context.imply(.configurationJoint) }
      if !(learners + learnersNext).isEmpty { place.context.imply(.learners) }
      return TraceConfiguration(
        voters: voters, outgoing: outgoing, learners: learners, learnersNext: learnersNext)
    }.named("configuration")
  }
}

extension Shape where Value == ConfigurationExpectation {
  /// What a configuration must be; lists that are left out are free.
  static var expectedConfiguration: Shape {
    let servers = Shape<[NodeName]>.servers().map { Set($0) }
    return .settings(
      "what a configuration must be", fewest: 1,
      [
        Setting("voters", \.voters, servers, "the voters, or the new ones, in any order"),
        Setting(
          "outgoing", \.outgoing, servers, "the old voters; `[]` where the change is not joint"),
        Setting("learners", \.learners, servers, "servers without a vote"),
        Setting("learnersNext", \.learnersNext, servers, "old voters that will be learners"),
      ]
    ) { _ in ConfigurationExpectation() }.named("expected-configuration")
  }
}

/// An entry of a boot log: a command of some term, or a configuration.
struct BootEntry: Sendable {
  var term: Term
  var configuration: TraceConfiguration?

  static let shape: Shape<BootEntry> = {
    let number = Shape<UInt64>.number(1...TraceLimits.greatestNumber)
    let term = number.map { BootEntry(term: Term($0)) }
    let configuration = Shape<BootEntry>.record(
      "a configuration entry",
      .required("term", number, "its term"),
      .required("config", .configuration, "the members", implies: .configurationSimple)
    ) { _, term, configuration in BootEntry(term: Term(term), configuration: configuration) }
    return .alternatives(term, configuration)
  }()
}

extension Shape where Value == HandEntry {
  /// An entry of a hand-written message.
  static var handEntry: Shape {
    let configuration = Shape.record(
      "a configuration entry", .required("at", .position, "where it stands"),
      .required("config", .configuration, "the members", implies: .configurationSimple)
    ) { _, position, configuration in .configuration(position, configuration) }
    return .alternatives(Shape<EntryReference>.entry().map { .command($0) }, configuration)
  }
}

extension Shape where Value == [EntryReference] {
  /// The commands that a snapshot holds: positions, whose text they are, or names.
  static var snapshotLedger: Shape {
    let position = Shape<LogPosition>.position.map { EntryReference.position($0) }
    let name = Shape<String>.distinctText(NameRule.newEntry)
      .noting { .entryKnown($0) }.map { EntryReference.name($0) }
    return Shape<EntryReference>.alternatives(position, name).list(0...TraceLimits.entries)
  }
}
