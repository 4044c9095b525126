// A scalar is text until the schema at its place asks for something else. Each reading accepts one
// spelling of each value and only plain scalars: quotes say that text is meant.

extension YAMLScalar {
  /// Whether this is a value left out: plain and empty, `~` or `null`.
  public var isNull: Bool { isPlain && (text.isEmpty || text == "~" || text == "null") }

  /// The number that a plain decimal spells: digits without a leading zero, after `-` if negative.
  ///
  /// `1e3`, `0x10`, `1_000`, `+1`, `01`, `-0` and `1.0` are text. Nil also beyond the range of
  /// `Int`; ``spellsInteger`` tells the two apart.
  public var asInteger: Int? { spellsInteger ? Int(text) : nil }

  /// As ``asInteger``, for numbers that are not negative.
  public var asUnsigned: UInt64? { spellsInteger ? UInt64(text) : nil }

  /// Whether this is spelled as an integer of ``asInteger``, be it too large for the type or not.
  public var spellsInteger: Bool {
    guard isPlain else { return false }
    let negative = text.utf8.first == UInt8(ascii: "-")
    let digits = negative ? text.utf8.dropFirst() : text.utf8[...]
    guard let first = digits.first else { return false }
    let isDecimal = digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return isDecimal && (first != UInt8(ascii: "0") || (digits.count == 1 && !negative))
  }

  /// The Boolean that a plain `true` or `false` spells; `yes`, `no`, `on`, `off` and `True` are text.
  public var asBool: Bool? {
    switch (isPlain, text) {
    case (true, "true"): true
    case (true, "false"): false
    default: nil
    }
  }

  /// The text, plain or quoted.
  public var asText: String { text }
}

extension YAMLNode {
  /// Whether this is a value left out; see ``YAMLScalar/isNull``.
  public var isNull: Bool { scalar?.isNull ?? false }

  /// The number that a plain decimal spells; see ``YAMLScalar/asInteger``.
  public var asInteger: Int? { scalar?.asInteger }

  /// As ``asInteger``, for numbers that are not negative.
  public var asUnsigned: UInt64? { scalar?.asUnsigned }

  /// Whether this is spelled as an integer; see ``YAMLScalar/spellsInteger``.
  public var spellsInteger: Bool { scalar?.spellsInteger ?? false }

  /// The Boolean that a plain `true` or `false` spells; see ``YAMLScalar/asBool``.
  public var asBool: Bool? { scalar?.asBool }

  /// The text of any scalar, plain or quoted.
  public var asText: String? { scalar?.asText }
}
