import AdapterProtocol

/// A request and the line that came back, before anybody has understood it.
public struct LineExchange: Sendable {
  /// The number that the request carries and the answer has to repeat.
  public var id: UInt64
  /// What was asked.
  public var request: Request
  /// The request as it was sent, its end included.
  public var line: [UInt8]
  /// The line that came back, without its end; empty where none came because the system ended at
  /// `bye`.
  public var answer: [UInt8]

  /// Makes an exchange; nothing is checked.
  public init(id: UInt64, request: Request, line: [UInt8], answer: [UInt8]) {
    self.id = id
    self.request = request
    self.line = line
    self.answer = answer
  }
}

/// A system whose answers can be looked at before they are understood.
public protocol RawSystem: AnyObject {
  /// Sends one request and waits for a line.
  ///
  /// - Throws: `SystemFailure` when there is none to be had; the system is then not used again.
  func exchange(_ request: Request) throws(SystemFailure) -> LineExchange
}
