/// A value of a JSON text: where it stands, and where the value after it begins.
struct JSONNode {
  var kind: Kind
  /// The value's bytes, quotes and brackets included.
  var start: Int32
  var end: Int32
  /// The node after this one and all that is inside it.
  var next: Int32

  enum Kind: UInt8 {
    case null, `true`, `false`, integer, decimal
    /// A string without escapes, and one with some.
    case string, escapedString
    /// Its elements follow; of an object, each key before its value.
    case array, object
  }
}

/// A JSON text and the places of its values.
final class JSONDocument: Sendable {
  let bytes: [UInt8]
  let nodes: [JSONNode]

  init(bytes: [UInt8], nodes: [JSONNode]) {
    self.bytes = bytes
    self.nodes = nodes
  }

  var root: JSONValue { JSONValue(document: self, place: 0) }

  /// The bytes of a string between its quotes, escapes as they are.
  func content(of node: JSONNode) -> ArraySlice<UInt8> {
    bytes[Int(node.start) + 1..<Int(node.end) - 1]
  }

  /// The text of a string.
  func text(of node: JSONNode) -> String {
    node.kind == .string
      ? String(decoding: content(of: node), as: UTF8.self)
      : String(decoding: unescaped(content(of: node)), as: UTF8.self)
  }

  /// Whether a key is this word.
  func key(_ node: JSONNode, is word: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard node.kind == .string else { return text(of: node).utf8.elementsEqual(wanted) }
    let start = Int(node.start) + 1
    guard Int(node.end) - 1 - start == wanted.count else { return false }
    for offset in wanted.indices where bytes[start + offset] != wanted[offset] { return false }
    return true
  }

  /// The way from the root to a value, as `ok.sent[2].message`.
  func path(to target: Int) -> String {
    var path = ""
    var place = 0
    descent: while place != target {
      let node = nodes[place]
      let isObject = node.kind == .object
      var child = place + 1
      var number = 0
      while child < Int(node.next) {
        let value = isObject ? child + 1 : child
        if value <= target, target < Int(nodes[value].next) {
          let key = isObject ? Excerpt.of(Array(text(of: nodes[child]).utf8)) : ""
          path += isObject ? (path.isEmpty ? key : ".\(key)") : "[\(number)]"
          place = value
          continue descent
        }
        child = Int(nodes[value].next)
        number += 1
      }
      break
    }
    return path
  }

  /// The bytes that escapes stand for. The parser has seen that each is whole.
  private func unescaped(_ content: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(content.count)
    var index = content.startIndex
    while index < content.endIndex {
      guard content[index] == UInt8(ascii: "\\") else {
        result.append(content[index])
        index += 1
        continue
      }
      let letter = content[index + 1]
      index += 2
      switch letter {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        var value = hexUnit(content, at: index)
        index += 4
        if (0xD800...0xDBFF).contains(value) {
          value = 0x10000 + (value - 0xD800) << 10 + hexUnit(content, at: index + 2) - 0xDC00
          index += 6
        }
        if let scalar = Unicode.Scalar(value) { result += Array(String(scalar).utf8) }
      default: result.append(letter)
      }
    }
    return result
  }

  private func hexUnit(_ content: ArraySlice<UInt8>, at index: Int) -> UInt32 {
    content[index..<index + 4].reduce(0) { $0 << 4 | UInt32($1.hexValue ?? 0) }
  }
}
