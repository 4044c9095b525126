import YAMLTree

/// A key of a mapping and how its value is read.
struct Field<Value>: Sendable {
  var description: FieldDescription
  /// Reads the value, nil where the key is missing; gives nil after a mistake, which is reported.
  var read: @Sendable (YAMLNode?, Place) -> Value?

  private init(
    _ description: FieldDescription, read: @escaping @Sendable (YAMLNode?, Place) -> Value?
  ) {
    self.description = description
    self.read = read
  }

  /// A key that must be given.
  static func required(
    _ name: String, _ shape: Shape<Value>, _ doc: String, implies capability: Capability? = nil
  ) -> Field {
    let description = FieldDescription(
      name: name, doc: doc, shape: shape.description, isRequired: true, standard: nil,
      capability: capability)
    return Field(description) { node, place in
      guard let node else {
        place.report("missing key '\(name)': \(doc)")
        return nil
      }
      return read(node, shape, place, capability)
    }
  }

  /// A key that may be left out.
  static func optional<Wrapped>(
    _ name: String, _ shape: Shape<Wrapped>, _ doc: String, implies capability: Capability? = nil
  ) -> Field where Value == Wrapped? {
    let description = FieldDescription(
      name: name, doc: doc, shape: shape.description, isRequired: false, standard: nil,
      capability: capability)
    return Field(description) { node, place in
      guard let node else { return .some(nil) }
      return Field<Wrapped>.read(node, shape, place, capability).map { .some($0) }
    }
  }

  fileprivate static func read(
    _ node: YAMLNode, _ shape: Shape<Value>, _ place: Place, _ capability: Capability?
  ) -> Value? {
    capability.map(place.context.imply)
    return shape.decode(node, place.context)
  }
}

extension Field where Value: Sendable {
  /// A key that stands for `value`, written `shown`, when it is left out.
  static func standard(
    _ name: String, _ shape: Shape<Value>, _ value: Value, shown: String, _ doc: String,
    implies capability: Capability? = nil
  ) -> Field {
    let description = FieldDescription(
      name: name, doc: doc, shape: shape.description, isRequired: false, standard: shown,
      capability: capability)
    return Field(description) { node, place in
      guard let node else { return value }
      return read(node, shape, place, capability)
    }
  }
}

/// A mapping that is being read.
struct Place {
  let node: YAMLNode
  let context: DecodeContext

  var location: SourceLocation { node.location }

  /// Where the value of a key stands, or the mapping where the key is missing.
  func location(of key: String) -> SourceLocation { node[key]?.location ?? node.location }

  func report(_ message: String) { context.report(message, at: location) }

  func report(_ message: String, at key: String) {
    context.report(message, at: location(of: key))
  }

  /// The places of all values by their keys.
  var locations: [String: SourceLocation] {
    var places: [String: SourceLocation] = [:]
    for entry in node.entries ?? [] { places[entry.name] = entry.value.location }
    return places
  }

  /// Reports keys that are unknown, reserved or at odds with each other.
  ///
  /// - Returns: whether the keys are in order.
  func checkKeys(against record: RecordDescription) -> Bool {
    let entries = node.entries ?? []
    var fine = true
    for entry in entries where !record.names.contains(entry.name) {
      reportUnknownKey(entry, in: record)
      fine = false
    }
    let given = Set(entries.map(\.name))
    // A key that is unknown may be a slip for the one that is missing; one report is enough.
    for group in record.rules.exactlyOne where fine && given.isDisjoint(with: group) {
      report("missing one of \(ShapeDescription.either(group.map { "'\($0)'" }))")
      fine = false
    }
    for group in record.rules.exactlyOne + record.rules.atMostOne {
      let both = entries.filter { group.contains($0.name) }
      if both.count > 1 {
        context.report(
          "'\(both[1].name)' can't be given along with '\(both[0].name)'",
          at: both[1].key.location)
        fine = false
      }
    }
    for (key, others) in record.rules.needs where given.contains(key) {
      for other in others where !given.contains(other) {
        report("'\(key)' needs '\(other)' along with it", at: key)
        fine = false
      }
    }
    if entries.count < record.rules.fewest {
      report("expected \(record.title) with at least \(record.rules.fewest) of its keys")
      fine = false
    }
    return fine
  }

  private func reportUnknownKey(_ entry: YAMLEntry, in record: RecordDescription) {
    if let reserved = record.reserved.first(where: { $0.name == entry.name }) {
      context.report(reserved.message(as: "a key"), at: entry.key.location)
      return
    }
    let hint = NearestWord.hint(for: entry.name, among: record.names)
    let known = record.names.sorted().joined(separator: ", ")
    let rest = hint.isEmpty ? "; known here: \(known)" : hint
    context.report("unknown key '\(clipped(entry.name))'\(rest)", at: entry.key.location)
  }
}

extension Shape {
  /// A mapping with known keys, from whose values `build` makes the value.
  ///
  /// `build` gives nil after reporting that the values don't go together.
  static func record<each Part>(
    _ title: String, rules: RecordRules = RecordRules(), reserved: [ReservedWord] = [],
    _ field: repeat Field<each Part>,
    build: @escaping @Sendable (Place, repeat each Part) -> Value?
  ) -> Shape {
    var fields: [FieldDescription] = []
    for part in repeat (each field).description { fields.append(part) }
    let description = RecordDescription(
      title: title, fields: fields, rules: rules, reserved: reserved)
    let parts = (repeat each field)
    return Shape(
      description: .record(description), accepts: { $0.entries != nil }
    ) { node, context in
      let place = Place(node: node, context: context)
      let fine = place.checkKeys(against: description)
      let read = (repeat (each parts).read(node[(each parts).description.name], place))
      guard fine else { return nil }
      do {
        return build(place, repeat try unwrapped(each read))
      } catch {
        return nil
      }
    }
  }
}

private struct Missing: Error {}

private func unwrapped<Wrapped>(_ value: Wrapped?) throws -> Wrapped {
  guard let value else { throw Missing() }
  return value
}

/// A key that sets one property of a value whose properties are all optional.
struct Setting<Root>: Sendable {
  var description: FieldDescription
  /// Reads the value into the root; false after a mistake, which is reported.
  var read: @Sendable (YAMLNode, Place, inout Root) -> Bool

  init<Value>(
    _ name: String, _ path: WritableKeyPath<Root, Value?> & Sendable, _ shape: Shape<Value>,
    _ doc: String, implies capability: Capability? = nil,
    when needsIt: @escaping @Sendable (Value) -> Bool = { _ in true }
  ) {
    self.init(name, shape, doc, implies: capability, when: needsIt) { root, value in
      root[keyPath: path] = value
    }
  }

  init<Value>(
    _ name: String, _ shape: Shape<Value>, _ doc: String, implies capability: Capability? = nil,
    when needsIt: @escaping @Sendable (Value) -> Bool = { _ in true },
    set: @escaping @Sendable (inout Root, Value) -> Void
  ) {
    description = FieldDescription(
      name: name, doc: doc, shape: shape.description, isRequired: false, standard: nil,
      capability: capability)
    read = { node, place, root in
      guard let value = shape.decode(node, place.context) else { return false }
      if let capability, needsIt(value) { place.context.imply(capability) }
      set(&root, value)
      return true
    }
  }
}

extension Shape {
  /// A mapping any of whose keys may be left out.
  static func settings(
    _ title: String, fewest: Int = 0, reserved: [ReservedWord] = [], _ settings: [Setting<Value>],
    start: @escaping @Sendable (Place) -> Value
  ) -> Shape {
    let description = RecordDescription(
      title: title, fields: settings.map(\.description), rules: RecordRules(fewest: fewest),
      reserved: reserved)
    return Shape(
      description: .record(description), accepts: { $0.entries != nil }
    ) { node, context in
      let place = Place(node: node, context: context)
      var fine = place.checkKeys(against: description)
      var value = start(place)
      for setting in settings {
        guard let given = node[setting.description.name] else { continue }
        fine = setting.read(given, place, &value) && fine
      }
      return fine ? value : nil
    }
  }
}
