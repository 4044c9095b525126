/// What is done to a register, which holds one value or none.
public enum RegisterAction<Value: Hashable & Sendable>: Hashable, Sendable {
  /// Reads the value.
  case read
  /// Replaces the value.
  case write(Value)
  /// Leaves the register without a value.
  case delete
  /// Replaces the value if it is the expected one; nil expects none.
  case compareAndSet(expected: Value?, new: Value)
}

/// What a client of a register is told.
public enum RegisterResponse<Value: Hashable & Sendable>: Hashable, Sendable {
  /// A write or a deletion took effect.
  case done
  /// The value that was read; nil for none.
  case value(Value?)
  /// Whether a compare-and-set found the expected value.
  case swapped(Bool)
}

/// A register that begins without a value.
public struct RegisterModel<Value: Hashable & Sendable>: SequentialModel {
  private let describe: @Sendable (Value) -> String

  /// A register.
  ///
  /// - Parameter describe: a value as people write it.
  public init(describe: @escaping @Sendable (Value) -> String = { "\($0)" }) {
    self.describe = describe
  }

  /// No value.
  public var initialState: Value? { nil }

  /// See `SequentialModel`.
  public func next(
    _ state: Value?, _ action: RegisterAction<Value>, _ response: RegisterResponse<Value>?
  ) -> Value?? {
    switch (action, response) {
    case (.read, nil):
      return .some(state)
    case (.read, .value(let value)):
      return value == state ? .some(state) : nil
    case (.write(let value), nil), (.write(let value), .done):
      return .some(value)
    case (.delete, nil), (.delete, .done):
      return .some(nil)
    case (.compareAndSet(let expected, let new), nil):
      return .some(expected == state ? new : state)
    case (.compareAndSet(let expected, let new), .swapped(let swapped)):
      guard (expected == state) == swapped else { return nil }
      return .some(swapped ? new : state)
    case (.read, _), (.write, _), (.delete, _), (.compareAndSet, _):
      return nil
    }
  }

  /// Reads, and comparisons that found something else.
  public func isReading(
    _ action: RegisterAction<Value>, _ response: RegisterResponse<Value>?
  ) -> Bool {
    switch action {
    case .read: true
    case .compareAndSet: response == .swapped(false)
    case .write, .delete: false
    }
  }

  /// See `SequentialModel`.
  public func text(_ action: RegisterAction<Value>, _ response: RegisterResponse<Value>?) -> String
  {
    switch (action, response) {
    case (.read, .value(let value)): return "read -> \(text(value))"
    case (.read, _): return "read"
    case (.write(let value), _): return "write \(describe(value))"
    case (.delete, _): return "delete"
    case (.compareAndSet(let expected, let new), let response):
      let asked = "cas \(text(expected)) to \(describe(new))"
      guard case .swapped(let swapped) = response else { return asked }
      return asked + (swapped ? " -> swapped" : " -> not swapped")
    }
  }

  /// See `SequentialModel`.
  public func text(_ state: Value?) -> String { state.map(describe) ?? "none" }
}
