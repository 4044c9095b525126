/// Text as its bytes. Unlike `String`, two texts are equal only when their bytes are.
public struct ByteText: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The bytes, UTF-8 where they come from a string.
  public var bytes: [UInt8]

  /// Text of some bytes.
  public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// The UTF-8 of a string.
  public init(_ string: String) { bytes = Array(string.utf8) }

  /// The UTF-8 of a string.
  public init(stringLiteral: String) { self.init(stringLiteral) }

  /// The text, with what is not UTF-8 replaced.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
