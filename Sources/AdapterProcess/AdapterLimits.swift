/// How long an adapter may take, and how much of what it says is kept.
public struct AdapterLimits: Hashable, Sendable {
  /// For the answer to `hello`: an interpreter or a virtual machine may have to start.
  public var hello: Duration = .seconds(10)
  /// For the answer to every other request.
  public var operation: Duration = .seconds(2)
  /// For all requests from one `begin` to the next.
  public var trace: Duration = .seconds(30)
  /// Between the end of its input, SIGTERM and SIGKILL, each.
  public var grace: Duration = .milliseconds(500)
  /// The bytes of its standard error that are kept: the last ones.
  public var errorBytes = 64 << 10
  /// The lines of it that a complaint shows: the last ones.
  public var errorLinesShown = 5
  /// The bytes of those lines that it shows.
  public var errorBytesShown = 600

  /// The limits that Spec/AdapterProtocol.md tells.
  public init() {}
}
