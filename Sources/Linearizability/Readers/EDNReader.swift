/// Reads EDN forms one after the other (github.com/edn-format/edn).
struct EDNReader {
  /// Where the forms come from.
  var source: ByteSource
  private let limits: HistoryLimits
  private var formBytes = 0

  /// A reader of what a source gives.
  init(_ source: ByteSource, limits: HistoryLimits) {
    self.source = source
    self.limits = limits
  }

  /// Takes spaces, commas and comments.
  mutating func skipSpace() throws(HistoryProblem) {
    while let byte = try source.peek() {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D, 0x2C:
        _ = try source.next()
      case 0x3B:
        while let byte = try source.next(), byte != 0x0A {}
      default: return
      }
    }
  }

  /// The next form.
  mutating func form() throws(HistoryProblem) -> Datum {
    formBytes = 0
    return try form(depth: 0)
  }

  private mutating func take() throws(HistoryProblem) -> UInt8? {
    formBytes += 1
    guard formBytes <= limits.lineBytes else {
      throw source.problem(
        "a form is longer than \(limits.lineBytes) bytes",
        "close it, or shorten its values or split the history")
    }
    return try source.next()
  }

  private mutating func form(depth: Int) throws(HistoryProblem) -> Datum {
    guard depth <= limits.depth else {
      throw source.problem("forms lie too deep within each other", "close what is open")
    }
    try skipSpace()
    guard let byte = try source.peek() else {
      throw source.problem("the file ends where a form is expected", "close what is open")
    }
    switch byte {
    case 0x7B: return .map(try map(depth: depth))
    case 0x5B: return .list(try sequence(closing: 0x5D, depth: depth))
    case 0x28: return .list(try sequence(closing: 0x29, depth: depth))
    case 0x22: return .text(try string())
    case 0x23:
      if let form = try dispatched(depth: depth) { return form }
      return try form(depth: depth + 1)
    case 0x7D, 0x5D, 0x29:
      throw source.problem(
        "'\(Character(UnicodeScalar(byte)))' closes nothing", "remove it, or open it before")
    default: return try atom()
    }
  }

  private mutating func sequence(
    closing: UInt8, depth: Int
  ) throws(HistoryProblem) -> [Datum] {
    let start = source.line
    _ = try take()
    var forms: [Datum] = []
    while true {
      try skipSpace()
      guard let byte = try source.peek() else {
        throw source.problem(
          "the file ends within a form",
          "close it with '\(Character(UnicodeScalar(closing)))'", line: start)
      }
      if byte == closing {
        _ = try take()
        return forms
      }
      if byte != 0x23 {
        forms.append(try form(depth: depth + 1))
      } else if let form = try dispatched(depth: depth) {
        forms.append(form)
      }
    }
  }

  private mutating func map(depth: Int) throws(HistoryProblem) -> [Datum.Field] {
    let forms = try sequence(closing: 0x7D, depth: depth)
    guard forms.count % 2 == 0 else {
      throw source.problem("a map has a key without a value", "give each key one value")
    }
    var fields: [Datum.Field] = []
    for place in stride(from: 0, to: forms.count, by: 2) {
      guard !fields.contains(where: { $0.key == forms[place] }) else {
        throw source.problem("a map has \(forms[place].kind) twice", "give each key once")
      }
      fields.append(Datum.Field(key: forms[place], value: forms[place + 1]))
    }
    return fields
  }

  /// A form that begins with `#`: a set, or a form with a tag, which is left out.
  ///
  /// - Returns: nil for `#_form`, which stands for nothing.
  private mutating func dispatched(depth: Int) throws(HistoryProblem) -> Datum? {
    _ = try take()
    switch try source.peek() {
    case 0x5F:
      _ = try take()
      _ = try form(depth: depth + 1)
      return nil
    case 0x7B:
      return .list(try sequence(closing: 0x7D, depth: depth))
    default:
      _ = try symbol()
      return try form(depth: depth + 1)
    }
  }

  private mutating func atom() throws(HistoryProblem) -> Datum {
    let symbol = try symbol()
    guard let first = symbol.first else {
      _ = try take()
      throw source.problem("this is no EDN form", "write the history as EDN maps")
    }
    switch symbol {
    case Array("nil".utf8): return .null
    case Array("true".utf8): return .bool(true)
    case Array("false".utf8): return .bool(false)
    default: break
    }
    if first == 0x3A { return .name(ByteText(symbol.dropFirst())) }
    let digits = first == 0x2D || first == 0x2B ? symbol.dropFirst() : symbol[...]
    if let digit = digits.first, 0x30...0x39 ~= digit {
      return .number(ByteText(first == 0x2B ? digits : symbol[...]))
    }
    return .name(ByteText(symbol))
  }

  /// The bytes up to a space or a delimiter.
  private mutating func symbol() throws(HistoryProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    while let byte = try source.peek() {
      switch byte {
      case 0...0x20, 0x2C, 0x22, 0x3B, 0x28, 0x29, 0x5B, 0x5D, 0x7B, 0x7D: return bytes
      default:
        bytes.append(byte)
        _ = try take()
      }
    }
    return bytes
  }

  private mutating func string() throws(HistoryProblem) -> ByteText {
    let start = source.line
    _ = try take()
    var bytes: [UInt8] = []
    while let byte = try take() {
      switch byte {
      case 0x22: return ByteText(bytes)
      case 0x5C:
        switch try take() {
        case 0x6E: bytes.append(0x0A)
        case 0x74: bytes.append(0x09)
        case 0x72: bytes.append(0x0D)
        case let escaped?: bytes.append(escaped)
        case nil: break
        }
      default: bytes.append(byte)
      }
    }
    throw source.problem("the file ends within a text", "close it with a quote", line: start)
  }
}
