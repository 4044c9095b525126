/// The name of a server in a trace and in the protocol: `n1`.
public struct NodeName: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name as it is written.
  public var rawValue: String

  /// Names a server; which names a trace may use, its format decides.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// Names a server, without a label.
  public init(_ rawValue: String) { self.rawValue = rawValue }

  /// The name alone, as messages for people show it.
  public var description: String { rawValue }

  /// Orders names as text: `n10` comes before `n2`.
  public static func < (a: NodeName, b: NodeName) -> Bool { a.rawValue < b.rawValue }
}
