/// Reads this project's own format: a JSON object in each line (Spec/Histories.md).
struct NDJSONReader {
  private var source: ByteSource
  private let model: HistoryModel?
  private let limits: HistoryLimits

  init(_ source: ByteSource, model: HistoryModel?, limits: HistoryLimits) {
    self.source = source
    self.model = model
    self.limits = limits
  }

  /// Reads to the end.
  mutating func read() throws(HistoryProblem) -> RecordedHistory {
    var recorder: Recorder?
    var bytes: [UInt8] = []
    var line = source.line
    while try source.nextLine(into: &bytes, limit: limits.lineBytes) {
      defer { line = source.line }
      if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      let fields = try object(bytes, line)
      if recorder == nil {
        let header = try header(fields, line)
        recorder = Recorder(
          file: source.file, model: model ?? header ?? .kv, limits: limits)
        if fields.contains(where: { $0.key == Self.history }) { continue }
      }
      try recorder?.record(try event(fields, line))
    }
    return (recorder ?? Recorder(file: source.file, model: .kv, limits: limits)).history(.ndjson)
  }

  private static let history = Datum.text("history")

  private func object(_ bytes: [UInt8], _ line: Int) throws(HistoryProblem) -> [Datum.Field] {
    let value: Datum
    do {
      value = try JSONLine.read(bytes, depthLimit: limits.depth)
    } catch {
      throw source.problem(
        "column \(error.column): \(error.message)", "write one JSON object in each line",
        line: line)
    }
    guard case .map(let fields) = value else {
      throw source.problem(
        "the line is \(value.kind)", "write one JSON object in each line", line: line)
    }
    return fields
  }

  /// The model that a header names, if the first line is one.
  private func header(
    _ fields: [Datum.Field], _ line: Int
  ) throws(HistoryProblem) -> HistoryModel? {
    guard let version = fields.first(where: { $0.key == Self.history })?.value else { return nil }
    guard version.natural == 1 else {
      throw source.problem(
        "this is version \(version.kind) of the format", "write version 1", line: line)
    }
    var model: HistoryModel?
    for field in fields where field.key != Self.history {
      guard field.key == .text("model") else {
        throw source.problem(
          "a header has no field \(field.key.kind)", "leave it out", line: line)
      }
      guard case .text(let name) = field.value,
        let known = HistoryModel(rawValue: name.description)
      else {
        let names = HistoryModel.allCases.map(\.rawValue).joined(separator: ", ")
        throw source.problem(
          "there is no model \(field.value.kind)", "name one of \(names)", line: line)
      }
      model = known
    }
    return model
  }

  private func event(
    _ fields: [Datum.Field], _ line: Int
  ) throws(HistoryProblem) -> RecordedEvent {
    var kind: RecordedEvent.Kind?
    var process: UInt64?
    var event = RecordedEvent(kind: .invoke, process: 0, line: line)
    for field in fields {
      guard case .text(let name) = field.key else { continue }
      switch name.description {
      case "type":
        kind = try named(field, line, RecordedEvent.Kind.init, "invoke, ok, fail or info")
      case "f":
        event.function = try named(
          field, line, RecordedEvent.Function.init, "read, write, delete, cas or append")
      case "process": process = try natural(field, line)
      case "index": event.index = try natural(field, line)
      case "key":
        guard case .text(let key) = field.value else {
          throw source.problem(
            "the key is \(field.value.kind)", "write keys as texts", line: line)
        }
        event.key = key
      case "value": event.value = field.value
      case "swapped":
        guard case .bool(let swapped) = field.value else {
          throw source.problem(
            "swapped is \(field.value.kind)", "write true or false", line: line)
        }
        event.swapped = swapped
      case "time", "node", "error": break
      default:
        throw source.problem(
          "an event has no field '\(name)'",
          "its fields are type, process, f, key, value, swapped, index, time, node and error",
          line: line)
      }
    }
    guard let kind else {
      throw source.problem(
        "the event has no type", "write invoke, ok, fail or info", line: line)
    }
    guard let process else {
      throw source.problem("the event has no process", "write its number", line: line)
    }
    event.kind = kind
    event.process = process
    return event
  }

  private func named<Value>(
    _ field: Datum.Field, _ line: Int, _ make: (String) -> Value?, _ known: String
  ) throws(HistoryProblem) -> Value {
    guard case .text(let name) = field.value, let value = make(name.description) else {
      throw source.problem(
        "the \(field.key == .text("f") ? "function" : "type") is \(field.value.kind)",
        "write \(known)", line: line)
    }
    return value
  }

  private func natural(_ field: Datum.Field, _ line: Int) throws(HistoryProblem) -> UInt64 {
    guard let number = field.value.natural else {
      guard case .text(let name) = field.key else { return 0 }
      throw source.problem(
        "the \(name) is \(field.value.kind)", "write a number from 0 to 2^64 - 1", line: line)
    }
    return number
  }
}
