/// Where an operation is stored.
struct OperationPlace {
  var key: Int
  var place: Int
}

/// The operations of a history that is being read, by key.
struct OperationStore {
  /// What the model of a history can't take.
  struct Mistake: Error {
    var message: String
    var remedy: String
  }

  private let model: HistoryModel
  private var keys: [KeyHistory] = []
  private var places: [ByteText?: Int] = [:]
  private var table = TokenTable()
  /// Operations stored.
  private(set) var operations = 0
  private var settled = 0

  init(model: HistoryModel) { self.model = model }

  /// Everything that was stored.
  func history(_ format: HistoryFormat, linesPassedOver: Int) -> RecordedHistory {
    RecordedHistory(
      format: format, model: model, operations: operations, unknown: operations - settled,
      linesPassedOver: linesPassedOver, keys: keys, table: table,
      readsNoneAsEmpty: format == .porcupineKV)
  }

  /// Adds an operation whose outcome is not known yet.
  mutating func add(
    _ event: RecordedEvent, _ function: RecordedEvent.Function, at moment: Int
  ) throws(Mistake) -> OperationPlace {
    if model == .register, event.key != nil {
      throw Mistake(
        message: "one register has no keys", remedy: "leave the key out, or take the model kv")
    }
    let key = number(of: event.key)
    if function == .append, keys[key].kind == .register { try becomeText(key) }
    operations += 1
    switch keys[key].kind {
    case .register:
      let action = try registerAction(event, function)
      keys[key].registers.append(Self.begun(action, event, moment))
      return OperationPlace(key: key, place: keys[key].registers.count - 1)
    case .text:
      let action = try textAction(event, function)
      keys[key].texts.append(Self.begun(action, event, moment))
      return OperationPlace(key: key, place: keys[key].texts.count - 1)
    case .list:
      let action = try listAction(event, function)
      keys[key].lists.append(Self.begun(action, event, moment))
      return OperationPlace(key: key, place: keys[key].lists.count - 1)
    }
  }

  /// Notes that an operation took no effect.
  mutating func fail(_ at: OperationPlace) {
    settled += 1
    switch keys[at.key].kind {
    case .register: keys[at.key].registers[at.place].outcome = .failed
    case .text: keys[at.key].texts[at.place].outcome = .failed
    case .list: keys[at.key].lists[at.place].outcome = .failed
    }
  }

  /// Notes where an operation of unknown outcome took effect, if it did.
  mutating func leaveUnknown(_ at: OperationPlace, index: UInt64?) {
    guard let index else { return }
    switch keys[at.key].kind {
    case .register: keys[at.key].registers[at.place].index = index
    case .text: keys[at.key].texts[at.place].index = index
    case .list: keys[at.key].lists[at.place].index = index
    }
  }

  /// Notes what an operation returned.
  mutating func complete(
    _ at: OperationPlace, _ function: RecordedEvent.Function, _ event: RecordedEvent,
    at moment: Int
  ) throws(Mistake) {
    settled += 1
    switch keys[at.key].kind {
    case .register:
      let response = try response(function, event, of: Self.token)
      keys[at.key].registers[at.place].outcome = .returned(response, at: moment)
      keys[at.key].registers[at.place].index = event.index
    case .text:
      let response = try response(function, event, of: Self.text)
      keys[at.key].texts[at.place].outcome = .returned(response, at: moment)
      keys[at.key].texts[at.place].index = event.index
    case .list:
      let response = try listResponse(function, event)
      keys[at.key].lists[at.place].outcome = .returned(response, at: moment)
      keys[at.key].lists[at.place].index = event.index
    }
  }

  private static func begun<Action, Response>(
    _ action: Action, _ event: RecordedEvent, _ moment: Int
  ) -> Operation<Action, Response> {
    Operation(
      client: event.process, action: action, invoked: moment, outcome: .unknown, line: event.line)
  }

  private mutating func number(of key: ByteText?) -> Int {
    if let number = places[key] { return number }
    let number = keys.count
    places[key] = number
    keys.append(
      KeyHistory(name: key?.description ?? "", kind: model == .list ? .list : .register))
    return number
  }
}

// Values: what the functions of a history take and give.
extension OperationStore {
  private mutating func registerAction(
    _ event: RecordedEvent, _ function: RecordedEvent.Function
  ) throws(Mistake) -> RegisterAction<Token> {
    switch function {
    case .read: return .read
    case .delete: return .delete
    case .write: return .write(try token(try given(event)))
    case .cas:
      let (expected, new) = try comparison(event)
      return .compareAndSet(
        expected: expected == .null ? nil : try token(expected), new: try token(new))
    case .append:
      throw Mistake(message: "a register takes no append", remedy: "take the model kv or list")
    }
  }

  private func textAction(
    _ event: RecordedEvent, _ function: RecordedEvent.Function
  ) throws(Mistake) -> TextAction {
    switch function {
    case .read: return .register(.read)
    case .delete: return .register(.delete)
    case .write: return .register(.write(try Self.text(try given(event))))
    case .append: return .append(try Self.text(try given(event)))
    case .cas:
      let (expected, new) = try comparison(event)
      return .register(
        .compareAndSet(
          expected: expected == .null ? nil : try Self.text(expected), new: try Self.text(new)))
    }
  }

  private mutating func listAction(
    _ event: RecordedEvent, _ function: RecordedEvent.Function
  ) throws(Mistake) -> ListAction<Token> {
    switch function {
    case .read: return .read
    case .append: return .append(try token(try given(event)))
    case .write, .delete, .cas:
      throw Mistake(
        message: "a list takes no \(function.rawValue)", remedy: "append and read, or take kv")
    }
  }

  private mutating func response<Value>(
    _ function: RecordedEvent.Function, _ event: RecordedEvent,
    of convert: (inout OperationStore, Datum) throws(Mistake) -> Value
  ) throws(Mistake) -> RegisterResponse<Value> {
    switch function {
    case .write, .delete, .append: return .done
    case .cas: return .swapped(event.swapped)
    case .read:
      guard let value = event.value else {
        throw Mistake(
          message: "the read does not say what it read", remedy: "give its value, null for none")
      }
      return .value(value == .null ? nil : try convert(&self, value))
    }
  }

  private mutating func listResponse(
    _ function: RecordedEvent.Function, _ event: RecordedEvent
  ) throws(Mistake) -> ListResponse<Token> {
    guard function == .read else { return .appended }
    guard case .list(let elements) = event.value else {
      throw Mistake(
        message: "the read of a list returned \(event.value?.kind ?? "nothing")",
        remedy: "give the whole list, or take the model kv")
    }
    var tokens: [Token] = []
    tokens.reserveCapacity(elements.count)
    for element in elements { tokens.append(try token(element)) }
    return .list(tokens)
  }

  private func given(_ event: RecordedEvent) throws(Mistake) -> Datum {
    guard let value = event.value, value != .null else {
      throw Mistake(
        message: "the invocation gives no value", remedy: "give the value, or use delete")
    }
    return value
  }

  private func comparison(_ event: RecordedEvent) throws(Mistake) -> (Datum, Datum) {
    guard case .list(let values) = event.value, values.count == 2 else {
      throw Mistake(
        message: "a cas has the value \(event.value?.kind ?? "nothing")",
        remedy: "give a list of the expected and the new value")
    }
    return (values[0], values[1])
  }

  private mutating func token(_ value: Datum) throws(Mistake) -> Token {
    try Self.token(&self, value)
  }

  private static func token(
    _ store: inout OperationStore, _ value: Datum
  ) throws(Mistake) -> Token {
    guard let text = value.scalarText else {
      throw Mistake(
        message: "\(value.kind) is no value of a register",
        remedy: "give a number, a text or a boolean, or take the model list")
    }
    return store.table.token(text)
  }

  private static func text(
    _ store: inout OperationStore, _ value: Datum
  ) throws(Mistake) -> ByteText {
    try text(value)
  }

  private static func text(_ value: Datum) throws(Mistake) -> ByteText {
    guard case .text(let text) = value else {
      throw Mistake(
        message: "\(value.kind) is on a key that is appended to",
        remedy: "give texts alone on that key, or take the model list")
    }
    return text
  }

  /// Turns a register whose value is appended to into a text.
  private mutating func becomeText(_ key: Int) throws(Mistake) {
    func text(_ token: Token) throws(Mistake) -> ByteText {
      guard let text = table.unquoted(token) else {
        throw Mistake(
          message: "an append to a key that held \(table.text(token))",
          remedy: "give texts alone on that key, or take the model list")
      }
      return text
    }
    var texts: [Operation<TextModel.Action, TextModel.Response>] = []
    for operation in keys[key].registers {
      let action: RegisterAction<ByteText> =
        switch operation.action {
        case .read: .read
        case .delete: .delete
        case .write(let value): .write(try text(value))
        case .compareAndSet(let expected, let new):
          .compareAndSet(expected: try expected.map(text), new: try text(new))
        }
      let outcome: Outcome<RegisterResponse<ByteText>> =
        switch operation.outcome {
        case .failed: .failed
        case .unknown: .unknown
        case .returned(.done, let moment): .returned(.done, at: moment)
        case .returned(.swapped(let swapped), let moment): .returned(.swapped(swapped), at: moment)
        case .returned(.value(let value), let moment):
          .returned(.value(try value.map(text)), at: moment)
        }
      texts.append(
        Operation(
          client: operation.client, action: .register(action), invoked: operation.invoked,
          outcome: outcome, index: operation.index, line: operation.line))
    }
    keys[key].registers = []
    keys[key].texts = texts
    keys[key].kind = .text
  }
}
