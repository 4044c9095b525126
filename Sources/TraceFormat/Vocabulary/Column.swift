import YAMLTree

/// A column of `cases`, as it is named in the steps: `$name`.
enum Column {
  /// Letters, digits and `_`, from a letter on.
  static let rule = TextRule(
    pattern: "^[A-Za-z][A-Za-z0-9_]*$", words: "a name of letters and digits",
    longest: TraceLimits.nameLength, matches: isName)

  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  /// The column that a plain scalar names.
  static func name(in scalar: YAMLScalar) -> String? {
    guard scalar.isPlain, scalar.text.first == "$" else { return nil }
    let name = scalar.text.dropFirst()
    return isName(name) ? String(name) : nil
  }
}

func isLetter(_ byte: UInt8) -> Bool {
  isLowercase(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}

func isLowercase(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
}

func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
