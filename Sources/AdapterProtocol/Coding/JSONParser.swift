/// Reads one JSON text (RFC 8259) into a flat list of nodes, without recursion and without a copy
/// of any value: a node is a range of the text.
///
/// It is stricter than many: no number but an integer or a decimal in the grammar's form, no lone
/// surrogate, no bytes that are not UTF-8, no second value on the line.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var nodes: [JSONNode] = []
  /// The open arrays and objects, outermost first.
  private var open: [Int] = []

  /// - Throws: where the text is no JSON, and where it nests too deep.
  static func parse(_ bytes: [UInt8]) throws(ProtocolProblem) -> JSONDocument {
    guard bytes.count <= ProtocolLimits.lineBytes else {
      throw ProtocolProblem(
        path: "", expected: "at most \(ProtocolLimits.lineBytes) bytes",
        found: "\(bytes.count) bytes", isSyntax: true)
    }
    var parser = JSONParser(bytes: bytes)
    try parser.parseText()
    return JSONDocument(bytes: bytes, nodes: parser.nodes)
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
    nodes.reserveCapacity(32)
  }

  private mutating func parseText() throws(ProtocolProblem) {
    skipSpace()
    try parseValue()
    while let container = open.last {
      skipSpace()
      try parseNext(in: container)
    }
    skipSpace()
    if position < bytes.count { throw problem("the end of the line after the object") }
  }

  /// Parses the next element of a container, or its end.
  private mutating func parseNext(in container: Int) throws(ProtocolProblem) {
    let isObject = nodes[container].kind == .object
    let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    let isFirst = nodes.count == container + 1
    if peek == close {
      position += 1
      nodes[container].end = Int32(position)
      nodes[container].next = Int32(nodes.count)
      open.removeLast()
      return
    }
    if !isFirst {
      guard peek == UInt8(ascii: ",") else { throw problem(isObject ? "',' or '}'" : "',' or ']'") }
      position += 1
      skipSpace()
    }
    if isObject {
      guard peek == UInt8(ascii: "\"") else { throw problem("a key in double quotes") }
      try parseString()
      skipSpace()
      guard peek == UInt8(ascii: ":") else { throw problem("':'") }
      position += 1
      skipSpace()
    }
    try parseValue()
  }

  private mutating func parseValue() throws(ProtocolProblem) {
    switch peek ?? 0 {
    case UInt8(ascii: "{"): try parseOpening(.object)
    case UInt8(ascii: "["): try parseOpening(.array)
    case UInt8(ascii: "\""): try parseString()
    case UInt8(ascii: "t"): try parseWord("true", .true)
    case UInt8(ascii: "f"): try parseWord("false", .false)
    case UInt8(ascii: "n"): try parseWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try parseNumber()
    default: throw problem(nodes.isEmpty ? "a JSON object" : "a JSON value")
    }
  }

  private mutating func parseOpening(_ kind: JSONNode.Kind) throws(ProtocolProblem) {
    guard open.count < ProtocolLimits.nesting else {
      throw problem("at most \(ProtocolLimits.nesting) arrays and objects inside one another")
    }
    open.append(nodes.count)
    append(kind, from: position)
    position += 1
  }

  private mutating func parseWord(
    _ word: StaticString, _ kind: JSONNode.Kind
  ) throws(ProtocolProblem) {
    let start = position
    let end = start + word.utf8CodeUnitCount
    guard end <= bytes.count,
      bytes[start..<end].elementsEqual(
        UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    else { throw problem("a JSON value") }
    position = end
    append(kind, from: start)
  }

  private mutating func parseNumber() throws(ProtocolProblem) {
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    if peek == UInt8(ascii: "0") {
      position += 1
    } else {
      try parseDigits()
    }
    var kind = JSONNode.Kind.integer
    if peek == UInt8(ascii: ".") {
      position += 1
      try parseDigits()
      kind = .decimal
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      try parseDigits()
      kind = .decimal
    }
    append(kind, from: start)
  }

  private mutating func parseDigits() throws(ProtocolProblem) {
    let start = position
    while let byte = peek, byte.isDigit { position += 1 }
    if position == start { throw problem("a digit") }
  }

  private mutating func parseString() throws(ProtocolProblem) {
    let start = position
    position += 1
    var isPlain = true
    var isASCII = true
    while true {
      guard let byte = peek else { throw problem("'\"' at the end of a string") }
      if byte == UInt8(ascii: "\"") { break }
      guard byte >= 0x20 else { throw problem("no control character in a string") }
      if byte >= 0x80 { isASCII = false }
      position += 1
      if byte == UInt8(ascii: "\\") {
        isPlain = false
        try parseEscape()
      }
    }
    position += 1
    if !isASCII, String(validating: bytes[start..<position], as: UTF8.self) == nil {
      position = start
      throw problem("UTF-8 in a string")
    }
    append(isPlain ? .string : .escapedString, from: start)
  }

  /// Reads what follows a backslash. A surrogate has to be one of a pair.
  private mutating func parseEscape() throws(ProtocolProblem) {
    let byte = peek
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      let unit = try parseHexUnit()
      if (0xDC00...0xDFFF).contains(unit) { throw problem("no lone surrogate in a string") }
      if (0xD800...0xDBFF).contains(unit) {
        guard peek == UInt8(ascii: "\\") else { throw problem("the second half of a surrogate") }
        position += 1
        guard peek == UInt8(ascii: "u"), (0xDC00...0xDFFF).contains(try parseHexUnit()) else {
          throw problem("the second half of a surrogate")
        }
      }
    default:
      throw problem("an escape: one of \" \\ / b f n r t u")
    }
  }

  private mutating func parseHexUnit() throws(ProtocolProblem) -> UInt32 {
    position += 1
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = peek?.hexValue else { throw problem("four hexadecimal digits") }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  private mutating func append(_ kind: JSONNode.Kind, from start: Int) {
    nodes.append(
      JSONNode(
        kind: kind, start: Int32(start), end: Int32(position), next: Int32(nodes.count + 1)))
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A {
      position += 1
    }
  }

  private func problem(_ expected: String) -> ProtocolProblem {
    let rest = bytes[position...]
    let found = rest.isEmpty ? "the end of the line" : Excerpt.of(rest)
    return ProtocolProblem(
      path: "", expected: "\(expected) at byte \(position + 1)", found: found, isSyntax: true)
  }
}

extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  /// The value of a hexadecimal digit.
  var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
