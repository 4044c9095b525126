/// Where the format uses each capability, as the declarations say.
enum CapabilityUses {
  /// The verbs, keys and words that need a capability: `tick`, `crash.during`,
  /// `hold.what: vote`.
  static func all() -> [Capability: [String]] {
    var walk = Walk()
    for verb in Verbs.all {
      for capability in verb.capabilities { walk.note(capability, verb.name) }
      walk.start(verb.shape.description, [verb.name])
    }
    for field in TopLevel.fields { walk.start(field.shape, [field.name]) }
    walk.start(HandMessages.shape.description, ["receive"])
    walk.start(BootStates.boot.description, ["nodes", "n1"])
    walk.start(Expectations.shape.description, ["expect"])
    walk.start(NodeExpectations.shape.description, ["expect", "n1"])
    return walk.uses
  }

  private struct Walk {
    var uses: [Capability: [String]] = [:]
    /// Parts that are visited once, from where a reader knows them.
    private let parts = [
      "boot", "expectation", "alternative", "message", "node-state", "pattern", "verb",
    ]

    mutating func note(_ capability: Capability, _ use: String) {
      if uses[capability]?.contains(use) != true { uses[capability, default: []].append(use) }
    }

    mutating func start(_ shape: ShapeDescription, _ path: [String]) {
      if case .named(_, let inner) = shape { visit(inner(), path) } else { visit(shape, path) }
    }

    private mutating func visit(_ shape: ShapeDescription, _ path: [String]) {
      switch shape {
      case .text, .number, .boolean, .empty, .step, .anything: return
      case .word(let word): visit([word], path)
      case .words(let words): visit(words, path)
      case .list(let item, _): visit(item, path)
      case .record(let record): visit(record, path)
      case .dictionary(_, let value): visit(value, path)
      case .openRecord(let record, _, _): visit(record, path)
      case .alternatives(let shapes): for shape in shapes { visit(shape, path) }
      case .named(let name, let inner): if !parts.contains(name) { visit(inner(), path) }
      case .substituted(let inner): visit(inner, path)
      }
    }

    private mutating func visit(_ record: RecordDescription, _ path: [String]) {
      for field in record.fields {
        let inner = path + [field.name]
        if let capability = field.capability { note(capability, inner.joined(separator: ".")) }
        visit(field.shape, inner)
      }
    }

    private mutating func visit(_ words: [Word], _ path: [String]) {
      for word in words {
        word.capability.map { note($0, path.joined(separator: ".") + ": " + word.name) }
      }
    }
  }
}
