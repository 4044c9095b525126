import YAMLTree

/// The steps of a trace.
enum Steps {
  /// The keys of a step that are no verbs.
  static let expectField = FieldDescription(
    name: "expect", doc: "what must hold after the step", shape: Expectations.shape.description,
    isRequired: false, standard: nil, capability: nil)
  static let mayField = FieldDescription(
    name: "may", doc: "with a verb of work: outcomes that don't fail the step",
    shape: may.description, isRequired: false, standard: nil, capability: nil)
  static let noteField = FieldDescription(
    name: "note", doc: "a word for the reader", shape: note.description, isRequired: false,
    standard: nil, capability: nil)
  static let otherFields = [expectField, mayField, noteField]

  /// A mapping of one verb alone, as in `crash: { during: { ... } }`.
  static let singleVerb = Shape<Action>.deferred("verb") {
    .tagged(
      "a verb", kind: "verb", reserved: Verbs.reserved.map(\.word),
      Verbs.all.map { Tag($0.name, $0.summary, shape(of: $0)) })
  }

  private enum Tolerance: String {
    case refused
  }

  private static let may = Shape<Tolerance>.oneOf([(.refused, "the work may be refused")])
    .list(1...1)
  private static let note = Shape<String>.prose("a note")

  /// A verb's arguments, implying what every use of the verb needs.
  private static func shape(of verb: Verb) -> Shape<Action> {
    let shape = verb.shape
    return Shape(description: shape.description, accepts: shape.accepts) { node, context in
      verb.capabilities.forEach(context.imply)
      return shape.read(node, context)
    }
  }

  /// Reads one step; nil after a mistake, which is reported.
  static func decode(_ node: YAMLNode, _ context: DecodeContext) -> Step? {
    guard let entries = node.entries else {
      context.reportMismatch(node, expected: "a step: a mapping of a verb, 'expect' or both")
      return nil
    }
    var fine = checkKeys(entries, node, context)
    let given = entries.first { Verbs.verb($0.name) != nil }
    let action = given.flatMap { entry in
      Verbs.verb(entry.name).flatMap { shape(of: $0).decode(entry.value, context) }
    }
    fine = fine && (given == nil) == (action == nil)
    let expect = node["expect"].map { Expectations.shape.decode($0, context) }
    let tolerances = node["may"].map { may.decode($0, context) }
    if let text = node["note"], note.decode(text, context) == nil { fine = false }
    if node["may"] != nil, given.flatMap({ Verbs.verb($0.name) })?.group != .work {
      context.report("'may' needs a verb of work along with it", at: node.location)
    }
    guard fine, expect.map({ $0 != nil }) ?? true, tolerances.map({ $0 != nil }) ?? true else {
      return nil
    }
    let shown = given ?? entries.first { $0.name == "expect" }
    return Step(
      action: action, expect: expect ?? nil, mayBeRefused: node["may"] != nil,
      location: node.location, text: shown.map(FlowText.line) ?? "")
  }

  private static func checkKeys(
    _ entries: [YAMLEntry], _ node: YAMLNode, _ context: DecodeContext
  ) -> Bool {
    var fine = true
    var first: String?
    for entry in entries {
      if Verbs.verb(entry.name) != nil {
        if let first {
          context.report(
            "a step has one verb; '\(entry.name)' needs a step of its own after '\(first)'",
            at: entry.key.location)
          fine = false
        }
        first = first ?? entry.name
      } else if !otherFields.contains(where: { $0.name == entry.name }) {
        reportUnknown(entry, context)
        fine = false
      }
    }
    if fine, first == nil, !entries.contains(where: { $0.name == "expect" }) {
      context.report("a step needs a verb or 'expect'", at: node.location)
      fine = false
    }
    return fine
  }

  private static func reportUnknown(_ entry: YAMLEntry, _ context: DecodeContext) {
    let key = entry.key
    let name = entry.name
    if let verb = Verbs.reserved.first(where: { $0.name == name }) {
      context.report(verb.word.message(as: "a verb"), at: key.location)
      // What it names may be spoken of later, and that is no second mistake.
      if let named = entry.value["as"], let text = named.text, NameRule.newEntry.matches(text) {
        context.note(.entryNamed(text, each: [text]), at: named.location)
      }
      return
    }
    let known = Verbs.all.map(\.name) + otherFields.map(\.name)
    let hint = NearestWord.hint(for: name, among: known)
    context.report(
      "unknown key '\(clipped(name))'"
        + (hint.isEmpty ? "; expected a verb, 'expect', 'may' or 'note'" : hint),
      at: key.location)
  }
}
