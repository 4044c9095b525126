/// How text that others wrote gets into reports: it can't move a cursor, open a tag or end a cell.
public enum Escaping {
  /// Text on one line: control characters, and those that reorder or hide text, are written out.
  ///
  /// A line feed becomes `\n`; everything else of the kind becomes `\u{1B}`.
  public static func plain(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(
        contentsOf: (isUnsafe(scalar) ? written(scalar) : String(scalar)).unicodeScalars)
    }
    return String(result)
  }

  /// Text for the content or an attribute of an XML element.
  public static func xml(_ text: String) -> String {
    plain(text).reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&apos;"
      default: result.append(character)
      }
    }
  }

  /// Text of several lines for the content of an XML element: as `xml`, and its line feeds stay.
  public static func xmlLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { xml(String($0)) }
      .joined(separator: "\n")
  }

  /// Text as code inside Markdown or HTML: no punctuation of it is markup of either, nobody is
  /// mentioned and nothing is linked.
  public static func code(_ text: String) -> String {
    let written = plain(text).unicodeScalars.map { scalar in
      let isPlain =
        !scalar.isASCII || scalar == " " || scalar == "." || scalar == "-" || scalar == "/"
        || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      return isPlain ? String(scalar) : "&#\(scalar.value);"
    }
    return "<code>" + written.joined() + "</code>"
  }

  /// Text for a line of TAP: no directive begins in it.
  public static func tap(_ text: String) -> String {
    plain(text).reduce(into: "") { result, character in
      if character == "\\" || character == "#" { result.append("\\") }
      result.append(character)
    }
  }

  /// A scalar of YAML in double quotes.
  public static func yaml(_ text: String) -> String {
    let written = plain(text).reduce(into: "") { result, character in
      if character == "\\" || character == "\"" { result.append("\\") }
      result.append(character)
    }
    return "\"\(written)\""
  }

  /// Text for a cell of a Markdown table.
  public static func markdown(_ text: String) -> String {
    plain(text).reduce(into: "") { result, character in
      if "\\`*_|<>[]".contains(character) { result.append("\\") }
      result.append(character)
    }
  }

  /// An argument of a POSIX shell's command line.
  public static func shell(_ argument: String) -> String {
    let plain = argument.allSatisfy { character in
      character.isASCII
        && (character.isLetter || character.isNumber || "-_./:@=+,".contains(character))
    }
    if plain, !argument.isEmpty { return argument }
    return "'"
      + argument.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  /// Controls (C0, DEL, C1), line and paragraph separators, what changes the direction of text or
  /// has no width, and the noncharacters that XML does not allow.
  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F: true
    case 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
    case 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  private static func written(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    }
  }
}
