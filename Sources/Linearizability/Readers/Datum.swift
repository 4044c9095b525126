/// A value as JSON or EDN writes it.
enum Datum: Hashable, Sendable {
  /// JSON's `null`, EDN's `nil`.
  case null
  case bool(Bool)
  /// A number, by its digits: `1` and `1.0` differ.
  case number(ByteText)
  case text(ByteText)
  /// EDN's `:name` without the colon, or a symbol.
  case name(ByteText)
  /// A JSON array, or an EDN vector, list or set.
  case list([Datum])
  /// A JSON object or an EDN map.
  case map([Field])

  /// A key and its value.
  struct Field: Hashable, Sendable {
    var key: Datum
    var value: Datum
  }

  /// A scalar as it is written, so that different values have different texts; nil for others.
  var scalarText: ByteText? {
    switch self {
    case .bool(let value): value ? "true" : "false"
    case .number(let digits): digits
    case .text(let text): ByteText([0x22] + text.bytes + [0x22])
    case .name(let name): ByteText([0x3A] + name.bytes)
    case .null, .list, .map: nil
    }
  }

  /// A number that is an integer from 0 on.
  var natural: UInt64? {
    guard case .number(let digits) = self else { return nil }
    return UInt64(digits.description)
  }

  /// What it is, as a message names it.
  var kind: String {
    switch self {
    case .null: "nothing"
    case .bool(let value): value ? "true" : "false"
    case .number(let digits):
      "the number \(digits.bytes.count <= 32 ? "\(digits)" : "of many digits")"
    case .text(let text): text.bytes.count <= 32 ? "the text \"\(text)\"" : "a long text"
    case .name(let name): name.bytes.count <= 32 ? ":\(name)" : "a long name"
    case .list: "a list"
    case .map: "a map"
    }
  }
}
