/// Reads histories of EDN maps: Knossos' register histories and Porcupine's key-value histories.
///
/// The maps lie in one vector or list, or one after the other. Events of processes that are names,
/// such as `:nemesis`, are passed over.
struct EDNHistoryReader {
  private var forms: EDNReader
  private let format: HistoryFormat
  private var recorder: Recorder

  init(
    _ source: ByteSource, format: HistoryFormat, model: HistoryModel, limits: HistoryLimits
  ) {
    forms = EDNReader(source, limits: limits)
    self.format = format
    recorder = Recorder(file: source.file, model: model, limits: limits)
  }

  /// Reads to the end.
  mutating func read() throws(HistoryProblem) -> RecordedHistory {
    try forms.skipSpace()
    var closing: UInt8?
    if let first = try forms.source.peek(), first == 0x5B || first == 0x28 {
      _ = try forms.source.next()
      closing = first == 0x5B ? 0x5D : 0x29
    }
    while true {
      try forms.skipSpace()
      guard let byte = try forms.source.peek() else {
        guard let closing else { return recorder.history(format) }
        throw forms.source.problem(
          "the file ends within the history",
          "close it with '\(Character(UnicodeScalar(closing)))'")
      }
      if byte == closing {
        _ = try forms.source.next()
        closing = nil
        continue
      }
      let line = forms.source.line
      let form = try forms.form()
      guard case .map(let fields) = form else {
        throw forms.source.problem(
          "\(form.kind) stands where an event is expected", "write each event as a map",
          line: line)
      }
      if let event = try event(fields, line) {
        try recorder.record(event)
      } else {
        recorder.linesPassedOver += 1
      }
    }
  }

  private func problem(_ line: Int, _ message: String, _ remedy: String) -> HistoryProblem {
    forms.source.problem(message, remedy, line: line)
  }

  /// The event of a map; nil if it is of no client.
  private func event(
    _ fields: [Datum.Field], _ line: Int
  ) throws(HistoryProblem) -> RecordedEvent? {
    func value(_ name: ByteText) -> Datum? { fields.first { $0.key == .name(name) }?.value }
    if case .name = value("process") { return nil }
    guard let process = value("process")?.natural else {
      throw problem(line, "the event's :process is no number", "number the processes from 0 on")
    }
    guard case .name(let type)? = value("type"),
      let kind = RecordedEvent.Kind(rawValue: type.description)
    else {
      throw problem(line, "the event has no known :type", "write :invoke, :ok, :fail or :info")
    }
    guard case .name(let name)? = value("f"), let function = function(name.description) else {
      throw problem(line, "the event has no known :f", "write \(known)")
    }
    var event = RecordedEvent(kind: kind, process: process, function: function, line: line)
    event.value = value("value")
    switch value("key") {
    case nil, .null?: break
    case .text(let key)?: event.key = key
    case let other?: event.key = other.scalarText
    }
    return event
  }

  private var known: String {
    format == .porcupineKV ? ":get, :put or :append" : ":read, :write, :cas or :delete"
  }

  private func function(_ name: String) -> RecordedEvent.Function? {
    switch (format, name) {
    case (.porcupineKV, "get"): .read
    case (.porcupineKV, "put"): .write
    case (.porcupineKV, "append"): .append
    case (.knossosEDN, "append"), (.knossosEDN, "read"), (.knossosEDN, "write"),
      (.knossosEDN, "cas"), (.knossosEDN, "delete"):
      RecordedEvent.Function(rawValue: name)
    default: nil
    }
  }
}
