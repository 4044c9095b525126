/// One event of a recorded history, as every format has it.
struct RecordedEvent {
  /// What happened to the operation.
  enum Kind: String {
    case invoke, ok, fail, info
  }

  /// What operations do.
  enum Function: String, CaseIterable {
    case read, write, delete, cas, append
  }

  var kind: Kind
  var process: UInt64
  /// Nil where the event may leave it to the invocation.
  var function: Function?
  var key: ByteText?
  var value: Datum?
  /// Whether a compare-and-set that returned found what it expected.
  var swapped = true
  var index: UInt64?
  var line: Int
}

/// Pairs invocations with their returns, and sorts operations by key.
///
/// A process has one operation open at a time. After one of unknown outcome it is gone, as in
/// Jepsen: whoever goes on has a new number.
struct Recorder {
  /// An operation that has not ended.
  private struct Open {
    var function: RecordedEvent.Function
    var key: ByteText?
    var value: Datum?
    var place: OperationPlace
    var line: Int
  }

  let file: String
  private let limits: HistoryLimits
  private var store: OperationStore
  private var open: [UInt64: Open] = [:]
  /// Processes whose last operation has an unknown outcome, with the line that said so.
  private var gone: [UInt64: Int] = [:]
  private var moment = 0
  /// Lines that belong to no operation.
  var linesPassedOver = 0

  init(file: String, model: HistoryModel, limits: HistoryLimits) {
    self.file = file
    self.limits = limits
    store = OperationStore(model: model)
  }

  /// Takes in an event.
  mutating func record(_ event: RecordedEvent) throws(HistoryProblem) {
    moment += 1
    if event.kind == .invoke { try invoke(event) } else { try end(event) }
  }

  /// Everything that was recorded.
  func history(_ format: HistoryFormat) -> RecordedHistory {
    store.history(format, linesPassedOver: linesPassedOver)
  }

  private func problem(_ event: RecordedEvent, _ message: String, _ remedy: String)
    -> HistoryProblem
  {
    HistoryProblem(file: file, line: event.line, message: message, remedy: remedy)
  }

  private mutating func invoke(_ event: RecordedEvent) throws(HistoryProblem) {
    let process = event.process
    if let other = open[process] {
      throw problem(
        event, "process \(process) invokes while its operation of line \(other.line) is open",
        "record how that one ended, or give each operation under way a process of its own")
    }
    if let line = gone[process] {
      throw problem(
        event, "process \(process) invokes after line \(line) left its operation unknown",
        "give whoever goes on a new number")
    }
    guard let function = event.function else {
      throw problem(event, "the invocation does not say what it does", "name its function")
    }
    guard store.operations < limits.operations else {
      throw problem(
        event, "there are more than \(limits.operations) operations", "split the history by key")
    }
    guard event.key?.bytes.count ?? 0 <= limits.keyBytes else {
      throw problem(
        event, "the key is longer than \(limits.keyBytes) bytes", "use shorter keys")
    }
    let place: OperationPlace
    do {
      place = try store.add(event, function, at: moment)
    } catch {
      throw problem(event, error.message, error.remedy)
    }
    open[process] = Open(
      function: function, key: event.key, value: function == .read ? nil : event.value,
      place: place, line: event.line)
  }

  private mutating func end(_ event: RecordedEvent) throws(HistoryProblem) {
    guard let begun = open.removeValue(forKey: event.process) else {
      throw problem(
        event, "process \(event.process) ends an operation that it did not begin",
        "record its invocation first")
    }
    try agree(event, begun)
    switch event.kind {
    case .fail:
      store.fail(begun.place)
    case .info:
      gone[event.process] = event.line
      store.leaveUnknown(begun.place, index: event.index)
    case .ok, .invoke:
      do {
        try store.complete(begun.place, begun.function, event, at: moment)
      } catch {
        throw problem(event, error.message, error.remedy)
      }
    }
  }

  /// What an event repeats of its invocation must be the same.
  private func agree(_ event: RecordedEvent, _ begun: Open) throws(HistoryProblem) {
    if let function = event.function, function != begun.function {
      throw problem(
        event,
        "a \(function.rawValue) ends the \(begun.function.rawValue) of line \(begun.line)",
        "end each operation under its own function")
    }
    if let key = event.key, key != begun.key {
      throw problem(
        event, "the key is not that of the invocation in line \(begun.line)",
        "end each operation under its own key")
    }
    if event.kind == .ok, begun.function != .read, let value = event.value, value != .null,
      value != begun.value
    {
      throw problem(
        event, "the value is not that of the invocation in line \(begun.line)",
        "repeat the value as it was, or leave it out")
    }
  }
}
