/// A value in a JSON text, read as what the protocol expects of it.
///
/// Each reader throws a problem that names the field's path, what was expected and what is there.
struct JSONValue {
  let document: JSONDocument
  let place: Int

  private var node: JSONNode { document.nodes[place] }

  var isNull: Bool { node.kind == .null }

  /// A complaint about this value.
  func problem(_ expected: String, found: String? = nil) -> ProtocolProblem {
    ProtocolProblem(
      path: document.path(to: place), expected: expected,
      found: found ?? Excerpt.of(document.bytes[Int(node.start)..<Int(node.end)]))
  }

  // MARK: Objects

  /// The member of this name; `nil` where there is none or it is null.
  func member(_ name: StaticString) throws(ProtocolProblem) -> JSONValue? {
    let value = try memberOrNull(name)
    return value?.isNull == true ? nil : value
  }

  /// The member of this name, which can be null; `nil` where there is none.
  func memberOrNull(_ name: StaticString) throws(ProtocolProblem) -> JSONValue? {
    guard node.kind == .object else { throw problem("an object") }
    var found: JSONValue?
    var key = place + 1
    let end = Int(node.next)
    while key < end {
      if document.key(document.nodes[key], is: name) {
        guard found == nil else { throw problem("the field '\(name)' once", found: "it twice") }
        found = JSONValue(document: document, place: key + 1)
      }
      key = Int(document.nodes[key + 1].next)
    }
    return found
  }

  /// The member of this name, which has to be there.
  func required(_ name: StaticString) throws(ProtocolProblem) -> JSONValue {
    if let value = try member(name) { return value }
    throw problem("an object with the field '\(name)'")
  }

  /// Every member's name with its value.
  func members(limit: Int) throws(ProtocolProblem) -> [(name: String, value: JSONValue)] {
    guard node.kind == .object else { throw problem("an object") }
    var result: [(name: String, value: JSONValue)] = []
    var key = place + 1
    while key < Int(node.next) {
      guard result.count < limit else { throw problem("at most \(limit) fields") }
      result.append(
        (document.text(of: document.nodes[key]), JSONValue(document: document, place: key + 1)))
      key = Int(document.nodes[key + 1].next)
    }
    return result
  }

  // MARK: Arrays

  /// The elements, each read by `read`.
  func elements<Element>(
    limit: Int, _ read: (JSONValue) throws(ProtocolProblem) -> Element
  ) throws(ProtocolProblem) -> [Element] {
    guard node.kind == .array else { throw problem("an array") }
    var result: [Element] = []
    var element = place + 1
    let end = Int(node.next)
    while element < end {
      guard result.count < limit else { throw problem("at most \(limit) elements") }
      result.append(try read(JSONValue(document: document, place: element)))
      element = Int(document.nodes[element].next)
    }
    return result
  }

  // MARK: Scalars

  func bool() throws(ProtocolProblem) -> Bool {
    switch node.kind {
    case .true: true
    case .false: false
    case .null, .integer, .decimal, .string, .escapedString, .array, .object:
      throw problem("true or false")
    }
  }

  /// A number from 0 to 2^64 - 1: an integer, or above 2^53 also a string of digits.
  func unsigned() throws(ProtocolProblem) -> UInt64 {
    let expected = "an integer from 0 to 2^64 - 1 (above 2^53 as a string of digits)"
    let digits: ArraySlice<UInt8>
    switch node.kind {
    case .integer: digits = document.bytes[Int(node.start)..<Int(node.end)]
    case .string: digits = document.content(of: node)
    case .null, .true, .false, .decimal, .escapedString, .array, .object: throw problem(expected)
    }
    guard !digits.isEmpty else { throw problem(expected) }
    var value: UInt64 = 0
    for byte in digits {
      let (shifted, overflows) = value.multipliedReportingOverflow(by: 10)
      guard byte.isDigit, !overflows else { throw problem(expected) }
      let (sum, overflowsToo) = shifted.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
      guard !overflowsToo else { throw problem(expected) }
      value = sum
    }
    return value
  }

  /// A number that counts something.
  func count(from least: Int = 0) throws(ProtocolProblem) -> Int {
    let value = try unsigned()
    guard value <= JSONWriter.greatestExact, value >= UInt64(least) else {
      throw problem("an integer from \(least) to 2^53")
    }
    return Int(value)
  }

  /// A text of at most so many bytes.
  func text(limit: Int = ProtocolLimits.nameBytes) throws(ProtocolProblem) -> String {
    guard node.kind == .string || node.kind == .escapedString else { throw problem("a string") }
    let text = document.text(of: node)
    guard text.utf8.count <= limit else { throw problem("a string of at most \(limit) bytes") }
    return text
  }

  /// Bytes, written in base64.
  func data() throws(ProtocolProblem) -> [UInt8] {
    guard node.kind == .string || node.kind == .escapedString else {
      throw problem("bytes as a string in base64")
    }
    let decoded =
      node.kind == .string
      ? Base64.decode(document.content(of: node))
      : Base64.decode(ArraySlice(Array(document.text(of: node).utf8)))
    guard let decoded else { throw problem("bytes as a string in base64, padded with '='") }
    guard decoded.count <= ProtocolLimits.dataBytes else {
      throw problem("at most \(ProtocolLimits.dataBytes) bytes")
    }
    return decoded
  }

  /// One of a closed set of words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ type: Choice.Type = Choice.self
  ) throws(ProtocolProblem) -> Choice where Choice.RawValue == String {
    if node.kind == .string || node.kind == .escapedString,
      let choice = Choice(rawValue: document.text(of: node))
    {
      return choice
    }
    let words = Choice.allCases.map { "\"\($0.rawValue)\"" }
    throw problem("one of \(words.joined(separator: ", "))")
  }
}
