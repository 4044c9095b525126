/// Turns the bytes of a YAML file into a tree whose nodes know their place.
///
/// It reads one document of mappings, sequences, scalars and aliases. Tags, merge keys, keys that
/// are no scalars, duplicate keys and duplicate anchors are problems. What a scalar means is left to
/// the schema of its place: ``YAMLNode/asInteger`` and its like.
public enum YAMLParser {
  /// Parses the bytes of a file that messages call `file`.
  ///
  /// - Throws: all problems found. Those that leave the structure readable are collected; a syntax
  ///   error, an alias without a node and a crossed limit end the parse.
  public static func parse(
    bytes: [UInt8], file: String, limits: YAMLLimits = .standard
  ) throws(YAMLProblems) -> YAMLNode {
    let text: ArraySlice<UInt8>
    do {
      text = try checkedText(bytes, file: file, limits: limits)
    } catch {
      throw YAMLProblems([error])
    }
    return try text.withUnsafeBufferPointer { buffer throws(YAMLProblems) in
      try readTree(buffer, file: file, limits: limits)
    }
  }

  /// Parses `text` as the contents of a file that messages call `file`.
  ///
  /// - Throws: all problems found, as for bytes.
  public static func parse(
    _ text: String, file: String, limits: YAMLLimits = .standard
  ) throws(YAMLProblems) -> YAMLNode {
    try parse(bytes: Array(text.utf8), file: file, limits: limits)
  }

  /// Reads and parses the file at `path`, which messages call `file`, or `path` where that is nil.
  ///
  /// - Throws: all problems found; a file that can't be read is a problem at its line 1, column 1.
  public static func parse(
    path: String, file: String? = nil, limits: YAMLLimits = .standard
  ) throws(YAMLProblems) -> YAMLNode {
    let file = file ?? path
    let bytes: [UInt8]
    do {
      bytes = try readBytes(path: path, limit: limits.bytes, file: file)
    } catch {
      throw YAMLProblems([error])
    }
    return try parse(bytes: bytes, file: file, limits: limits)
  }

  private static func readTree(
    _ buffer: UnsafeBufferPointer<UInt8>, file: String, limits: YAMLLimits
  ) throws(YAMLProblems) -> YAMLNode {
    var reader = TreeReader(
      events: EventStream(over: buffer, file: file), file: file, limits: limits)
    let root: YAMLNode
    do {
      root = try reader.readDocument()
    } catch {
      throw YAMLProblems(inOrder(reader.problems + [error]))
    }
    guard reader.problems.isEmpty else {
      throw YAMLProblems(inOrder(reader.problems), recoveredRoot: root)
    }
    return root
  }

  private static func inOrder(_ problems: [YAMLProblem]) -> [YAMLProblem] {
    problems.sorted { $0.location < $1.location }
  }

  /// The text of `bytes` without a byte order mark: within the limit, UTF-8 and not empty.
  private static func checkedText(
    _ bytes: [UInt8], file: String, limits: YAMLLimits
  ) throws(YAMLProblem) -> ArraySlice<UInt8> {
    let start = SourceLocation(file: file, line: 1, column: 1)
    guard bytes.count <= limits.bytes else {
      throw YAMLProblem(
        location: start, message: "the file is larger than the \(limits.bytes) bytes allowed")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw YAMLProblem(location: start, message: "the file is UTF-16; expected UTF-8")
    }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    guard String(validating: text, as: UTF8.self) != nil else {
      let walk = TextWalk(over: text)
      let byte = String(text[text.startIndex + walk.offset], radix: 16, uppercase: true)
      throw YAMLProblem(
        location: walk.location(in: file), message: "byte 0x\(byte) is not UTF-8; expected UTF-8")
    }
    guard !text.isEmpty else { throw TreeReader.emptyDocument(at: start) }
    return text
  }
}
