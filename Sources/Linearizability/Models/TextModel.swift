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
      return .some(next ?? absent)
    case .append(let suffix):
      if let response, response != .done { return nil }
      let start = state?.bytes.count ?? 0
      if start < longest.count, !longest[start...].starts(with: suffix.bytes) { return nil }
      return .some(ByteText((state?.bytes ?? []) + suffix.bytes))
    }
  }

  /// See `SequentialModel`.
  public func narrowed(by operations: [Operation<TextAction, RegisterResponse<ByteText>>])
    -> TextModel
  {
    var model = self
    for operation in operations {
      switch (operation.action, operation.response) {
      case (.append, _), (.register(.read), nil): break
      case (.register(.read), .value(let value)):
        if let value, value.bytes.count > model.longest.count { model.longest = value.bytes }
      case (.register, _): return self
      }
    }
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
  public func text(_ state: ByteText?) -> String { Self.register.text(state) }

  /// Text in quotes, or the end of it where it is long.
  @Sendable private static func quoted(_ text: ByteText) -> String {
    let string = text.description
    return string.count <= 40 ? "\"\(string)\"" : "\"...\(string.suffix(36))\""
  }
}
