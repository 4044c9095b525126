/// Reads the log lines that Jepsen writes about its operations, as in its runs against etcd:
/// `INFO  jepsen.util - 4 :invoke :cas [1 2]`.
///
/// A compare-and-set that fails with its two values found another value, which is a claim about the
/// register; any other failure took no effect. Lines that don't come from `jepsen.util` are passed
/// over.
struct JepsenLogReader {
  private var source: ByteSource
  private let limits: HistoryLimits
  private var recorder: Recorder

  init(_ source: ByteSource, model: HistoryModel, limits: HistoryLimits) {
    self.source = source
    self.limits = limits
    recorder = Recorder(file: source.file, model: model, limits: limits)
  }

  /// Reads to the end.
  mutating func read() throws(HistoryProblem) -> RecordedHistory {
    var bytes: [UInt8] = []
    var line = source.line
    while try source.nextLine(into: &bytes, limit: limits.lineBytes) {
      defer { line = source.line }
      if let event = try event(bytes, line) {
        try recorder.record(event)
      } else {
        recorder.linesPassedOver += 1
      }
    }
    return recorder.history(.jepsenEtcd)
  }

  /// The event of a line; nil if it is of no client.
  private func event(_ bytes: [UInt8], _ line: Int) throws(HistoryProblem) -> RecordedEvent? {
    var rest = bytes[...]
    func word() -> ByteText {
      rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
      let word = rest.prefix { $0 != 0x20 && $0 != 0x09 }
      rest = rest[word.endIndex...]
      return ByteText(word)
    }
    while !rest.isEmpty, word() != "jepsen.util" {}
    guard !rest.isEmpty, word() == "-" else { return nil }
    let process = word()
    if process.bytes.first == 0x3A { return nil }
    guard let number = UInt64(process.description) else {
      throw source.problem(
        "'\(process)' is no number of a process", "leave other lines out", line: line)
    }
    guard let kind = RecordedEvent.Kind(rawValue: name(word())) else {
      throw source.problem(
        "the event has no known type", "write :invoke, :ok, :fail or :info", line: line)
    }
    guard let function = RecordedEvent.Function(rawValue: name(word())) else {
      throw source.problem(
        "the event has no known function", "write :read, :write, :cas or :delete", line: line)
    }
    var event = RecordedEvent(kind: kind, process: number, function: function, line: line)
    event.value = try value(rest, line)
    if kind == .fail, function == .cas, case .list = event.value {
      event.kind = .ok
      event.swapped = false
    }
    return event
  }

  private func name(_ word: ByteText) -> String {
    word.bytes.first == 0x3A ? String(word.description.dropFirst()) : ""
  }

  /// The value at the end of a line.
  private func value(_ bytes: ArraySlice<UInt8>, _ line: Int) throws(HistoryProblem) -> Datum? {
    var forms = EDNReader(
      ByteSource(bytes: Array(bytes), file: source.file), limits: limits)
    do throws(HistoryProblem) {
      try forms.skipSpace()
      guard try forms.source.peek() != nil else { return nil }
      let form = try forms.form()
      try forms.skipSpace()
      guard try forms.source.peek() == nil || isError(form) else {
        throw forms.source.problem("something follows the value", "leave it out")
      }
      return form
    } catch {
      throw source.problem(error.message, error.remedy, line: line)
    }
  }

  /// Whether a value is a name, such as `:timed-out`, after which an error may be described.
  private func isError(_ form: Datum) -> Bool {
    if case .name = form { true } else { false }
  }
}
