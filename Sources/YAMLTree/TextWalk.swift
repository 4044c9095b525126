/// Finds the line and column of a byte, counting lines as libyaml does.
struct TextWalk {
  private(set) var line = 1
  private(set) var column = 1
  /// The byte reached.
  private(set) var offset = 0
  private var followsCarriageReturn = false

  /// Walks over `bytes` until `end` is reached, or the text's end, or a byte that is not UTF-8.
  init(over bytes: some Sequence<UInt8>, until end: Int = .max) {
    var iterator = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    while offset < end {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        offset += encoded.count
        advance(over: Unicode.UTF8.decode(encoded))
      case .error, .emptyInput:
        return
      }
    }
  }

  private mutating func advance(over scalar: Unicode.Scalar) {
    switch scalar {
    case "\n" where followsCarriageReturn:
      break
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
      line += 1
      column = 1
    default:
      column += 1
    }
    followsCarriageReturn = scalar == "\r"
  }

  /// The place reached, in `file`.
  func location(in file: String) -> SourceLocation {
    SourceLocation(file: file, line: line, column: column)
  }
}
