import AdapterProtocol

/// The messages on their way, by handle. The suite decides which of them arrives, and when.
struct Mail {
  /// The messages from the handle `first` on; `nil` for one that was taken.
  private var messages: [Parcel?] = []
  /// Handles are counted from 1.
  private var first: UInt64 = 1
  /// How many messages at the beginning were taken.
  private var taken = 0

  private var next: UInt64 { first + UInt64(messages.count) }

  mutating func send(_ parcel: Parcel) -> MessageHandle {
    defer { messages.append(parcel) }
    return MessageHandle(rawValue: next)
  }

  /// The message behind a handle; `nil` if it was taken already.
  ///
  /// - Throws: `.malformed` for a handle that was never given out.
  func message(_ handle: MessageHandle) throws(Refusal) -> Parcel? {
    guard handle.rawValue > 0, handle.rawValue < next else {
      throw .malformed("no message was ever sent under the handle \(handle.rawValue)")
    }
    return handle.rawValue < first ? nil : messages[Int(handle.rawValue - first)]
  }

  /// Takes a message away.
  ///
  /// - Throws: `.malformed` for a handle that was never given out.
  mutating func take(_ handle: MessageHandle) throws(Refusal) -> Parcel? {
    guard let parcel = try message(handle) else { return nil }
    messages[Int(handle.rawValue - first)] = nil
    while taken < messages.count, messages[taken] == nil { taken += 1 }
    if taken > 64, taken > messages.count / 2 {
      messages.removeFirst(taken)
      first += UInt64(taken)
      taken = 0
    }
    return parcel
  }
}
