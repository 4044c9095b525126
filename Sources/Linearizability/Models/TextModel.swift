/// What is done to a register that holds text.
public enum TextAction: Hashable, Sendable {
  /// What is done to any register.
  case register(RegisterAction<ByteText>)
  /// Puts text at the end of the value. Where there is no value, it becomes the value.
  case append(ByteText)
}

/// A register whose values are text that can be appended to.
///
/// Where a history holds nothing but reads and appends, the longest text that was read names what
/// lies at each place, as it does for `ListModel`, and the narrowed model refuses anything else.
public struct TextModel: SequentialModel {
  private static let register = RegisterModel<ByteText>(describe: quoted)

  /// The longest text read, where every shorter state must be a prefix of it; else empty.
  private var longest: [UInt8] = []
  /// The length of the longest text that a response or a comparison names. All longer ones are one
  /// state: nothing tells them apart but what replaces them.
  private var longestNamed = Int.max
  /// What a register without a value is read as, if not as none.
  private let absent: ByteText?

  /// A register without a value.
  ///
  /// - Parameter readsNoneAsEmpty: whether a register without a value is read as empty text.
  public init(readsNoneAsEmpty: Bool = false) {
    absent = readsNoneAsEmpty ? "" : nil
  }

  /// No value, or empty text where that is read as the same.
  public var initialState: ByteText? { absent }

  /// See `SequentialModel`.
  public func next(
    _ state: ByteText?, _ action: TextAction, _ response: RegisterResponse<ByteText>?
  ) -> ByteText?? {
    switch action {
    case .register(let action):
      guard let next = Self.register.next(state, action, response) else { return nil }
      return .some((next ?? absent).map(known))
    case .append(let suffix):
      if let response, response != .done { return nil }
      let start = state?.bytes.count ?? 0
      if start < longest.count, !longest[start...].starts(with: suffix.bytes) { return nil }
      return .some(known(ByteText((state?.bytes ?? []) + suffix.bytes)))
    }
  }

  /// Reads, and comparisons that found something else.
  public func isReading(_ action: TextAction, _ response: RegisterResponse<ByteText>?) -> Bool {
    switch action {
    case .register(let action): Self.register.isReading(action, response)
    case .append: false
    }
  }

  /// A value, or the one value that stands for all that are longer than any that is named.
  private func known(_ value: ByteText) -> ByteText {
    guard value.bytes.count > longestNamed else { return value }
    return ByteText(repeatElement(0x2E, count: longestNamed + 1))
  }

  /// See `SequentialModel`.
  public func narrowed(by operations: [Operation<TextAction, RegisterResponse<ByteText>>])
    -> TextModel
  {
    var model = self
    model.longestNamed = 0
    var onlyGrows = true
    for operation in operations {
      if case .value(let value?) = operation.response {
        model.longestNamed = max(model.longestNamed, value.bytes.count)
        if value.bytes.count > model.longest.count { model.longest = value.bytes }
      }
      switch operation.action {
      case .append, .register(.read): break
      case .register(.write), .register(.delete): onlyGrows = false
      case .register(.compareAndSet(let expected, _)):
        onlyGrows = false
        model.longestNamed = max(model.longestNamed, expected?.bytes.count ?? 0)
      }
    }
    if !onlyGrows { model.longest = [] }
    return model
  }

  /// The bytes of the text.
  public func heapBytes(of state: ByteText?) -> Int { state.map { 32 + $0.bytes.count } ?? 0 }

  /// See `SequentialModel`.
  public func text(_ action: TextAction, _ response: RegisterResponse<ByteText>?) -> String {
    switch action {
    case .register(let action): Self.register.text(action, response)
    case .append(let suffix): "append \(Self.quoted(suffix))"
    }
  }

  /// See `SequentialModel`.
  public func text(_ state: ByteText?) -> String {
    let isLonger = longestNamed < .max && state?.bytes.count ?? 0 > longestNamed
    return isLonger ? "longer than any that was read" : Self.register.text(state)
  }

  /// Text in quotes, or the end of it where it is long.
  @Sendable private static func quoted(_ text: ByteText) -> String {
    let string = text.description
    return string.count <= 40 ? "\"\(string)\"" : "\"...\(string.suffix(36))\""
  }
}
