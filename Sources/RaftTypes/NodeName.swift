/// The name of a server in a trace and in the protocol: `n1`.
public struct NodeName: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  public var rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }

  public var description: String { rawValue }

  public static func < (a: NodeName, b: NodeName) -> Bool { a.rawValue < b.rawValue }
}
