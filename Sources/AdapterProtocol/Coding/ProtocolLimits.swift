/// The bounds of what one line may hold. Beyond one of them a line is refused, never cut.
public enum ProtocolLimits {
  /// Bytes of a line, without its end.
  public static let lineBytes = 16 << 20
  /// Arrays and objects inside one another.
  public static let nesting = 32
  /// Bytes of a name: of a node, a trace, an operation, a capability.
  public static let nameBytes = 256
  /// Bytes of a text for people.
  public static let textBytes = 64 << 10
  /// Bytes of one entry's data, decoded.
  public static let dataBytes = 8 << 20
  /// Entries of a log, of a message, or of one answer's `appended` and `applied`.
  public static let entries = 100_000
  /// Messages that one operation sends, and fates that it tells.
  public static let messages = 100_000
  /// Names in one list: of servers, capabilities, fields, protocols.
  public static let names = 1_024
  /// Bytes of a line that a complaint about it shows.
  public static let excerptBytes = 60
}
