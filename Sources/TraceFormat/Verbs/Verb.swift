/// A verb of the format: what a step can do.
///
/// It is declared once. The decoder, the nearest words, the JSON Schema, the tables of the
/// specification and the scaffold come from the declaration.
public struct Verb: Sendable {
  /// The parts of the format that verbs belong to, in the order of the specification.
  public enum Group: String, Sendable, CaseIterable {
    case time, messages, links, work, storage, faults
  }

  /// The key of a step that it is.
  public let name: String
  /// The part of the format it belongs to.
  public let group: Group
  /// The phase of the ladder that first uses it.
  public let phase: Int
  /// One line that says what it does.
  public let summary: String
  /// What every use of it needs of an implementation; keys and words may need more.
  public let capabilities: [Capability]
  /// A use of it that passes: `config`, `nodes`, `peers` and `steps` of a trace.
  public let example: String
  let shape: Shape<Action>

  init(
    _ name: String, _ group: Group, phase: Int, _ summary: String,
    implies capabilities: [Capability] = [], _ shape: Shape<Action>, example: String
  ) {
    self.name = name
    self.group = group
    self.phase = phase
    self.summary = summary
    self.capabilities = capabilities
    self.shape = shape
    self.example = example
  }

  /// The example as a whole trace file.
  public var exampleTrace: String {
    """
    format: 1
    id: example.\(name)
    title: What '\(name)' does
    todo: "7.3"
    level: must
    clauses: [example.\(name)]
    source: The specification of the format
    hint: The example in the specification no longer holds
    conclusion: The example in the specification holds.
    \(example)

    """
  }
}

/// A verb that a later part of the ladder brings.
public struct ReservedVerb: Sendable {
  /// The key of a step that it will be.
  public let name: String
  /// The phase of the ladder that brings it.
  public let phase: Int
  let word: ReservedWord

  init(_ name: String, phase: Int, part: String? = nil) {
    self.name = name
    self.phase = phase
    word = ReservedWord(name, phase: phase, part: part)
  }
}

/// The verbs of the format.
public enum Verbs {
  /// Every verb that is built, by group and in the order of the specification.
  public static let all: [Verb] =
    timeVerbs + messageVerbs + heldVerbs + linkVerbs + workVerbs + snapshotVerbs + memberVerbs
    + storageVerbs + faultVerbs + chaosVerbs

  /// The verbs of later phases.
  public static let reserved: [ReservedVerb] = [
    ReservedVerb("call", phase: 12), ReservedVerb("set", phase: 12),
    ReservedVerb("delete", phase: 12), ReservedVerb("get", phase: 12),
    ReservedVerb("await", phase: 12),
  ]

  /// The verb of this name, if it is built.
  public static func verb(_ name: String) -> Verb? { byName[name] }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
