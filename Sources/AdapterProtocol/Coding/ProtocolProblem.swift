/// What is wrong with a line, and where.
public struct ProtocolProblem: Error, Hashable, Sendable {
  /// The field, as `ok.sent[2].message.term`; empty for the line as a whole.
  public var path: String
  /// What the protocol asks for there.
  public var expected: String
  /// What is there instead: an excerpt of bounded length, control characters escaped.
  public var found: String
  /// The line's `id`, where it has one that can be read.
  public var id: UInt64?
  /// Whether the line is no JSON at all.
  public var isSyntax: Bool

  /// Makes a problem; nothing is checked.
  public init(
    path: String, expected: String, found: String, id: UInt64? = nil, isSyntax: Bool = false
  ) {
    self.path = path
    self.expected = expected
    self.found = found
    self.id = id
    self.isSyntax = isSyntax
  }

  /// The complaint in one sentence.
  public var message: String {
    "\(path.isEmpty ? "the line" : "the field '\(path)'"): expected \(expected), found \(found)"
  }
}

/// A piece of foreign bytes, fit to be shown.
public enum Excerpt {
  /// The first bytes as text: what is no printable character is written `\u{..}`.
  ///
  /// - Parameter limit: the bytes shown; where there are more, the excerpt says how many.
  public static func of(
    _ bytes: some Collection<UInt8>, limit: Int = ProtocolLimits.excerptBytes
  ) -> String {
    guard !bytes.isEmpty else { return "nothing" }
    let shown = printable(String(decoding: bytes.prefix(limit), as: UTF8.self))
    return bytes.count <= limit ? shown : "\(shown)... (\(bytes.count) bytes)"
  }

  /// A text whose control and formatting characters are written `\u{..}`.
  public static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
        .paragraphSeparator:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default:
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
