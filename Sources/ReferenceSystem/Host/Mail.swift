import AdapterProtocol
import RaftTypes

/// The messages on their way, by handle. The suite decides which of them arrives, and when.
struct Mail {
  /// A message on its way.
  struct Letter {
    var to: NodeName
    var parcel: Parcel
  }

  private var letters: [MessageHandle: Letter] = [:]
  private var lastHandle: UInt64 = 0

  mutating func send(_ letter: Letter) -> MessageHandle {
    lastHandle += 1
    let handle = MessageHandle(rawValue: lastHandle)
    letters[handle] = letter
    return handle
  }

  /// The letter behind a handle; `nil` if it was taken already.
  ///
  /// - Throws: `.malformed` for a handle that was never given out.
  func letter(_ handle: MessageHandle) throws(Refusal) -> Letter? {
    guard (1...max(lastHandle, 1)).contains(handle.rawValue), lastHandle > 0 else {
      throw .malformed("no message was ever sent under the handle \(handle.rawValue)")
    }
    return letters[handle]
  }

  mutating func remove(_ handle: MessageHandle) { letters[handle] = nil }
}
