import CYAML

/// What stands before a node: `&anchor` and `!tag`.
struct NodeProperties {
  var anchor: String?
  var tag: String?
}

/// One event of libyaml's parser, copied out of its memory.
struct Event {
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart(declaresTags: Bool)
    case documentEnd
    case alias(anchor: String)
    case scalar(YAMLScalar, NodeProperties)
    case sequenceStart(NodeProperties)
    case sequenceEnd
    case mappingStart(NodeProperties)
    case mappingEnd
  }

  var kind: Kind
  /// Where the event's text begins.
  var location: SourceLocation
}

/// The events of a text, from libyaml's parser.
///
/// Owns the parser. It never outlives the bytes, which the caller keeps in place.
struct EventStream: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeBufferPointer<UInt8>
  private let file: String

  /// A stream over `bytes`, which must be valid UTF-8 without a byte order mark.
  ///
  /// Traps where there is no memory for the parser, as any allocation in Swift does.
  init(over bytes: UnsafeBufferPointer<UInt8>, file: String) {
    // libyaml keeps the parser's address, so the parser needs a place of its own.
    parser = .allocate(capacity: 1)
    self.bytes = bytes
    self.file = file
    guard yaml_parser_initialize(parser) == 1 else { fatalError("out of memory") }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event; ``Event/Kind/streamEnd`` for ever after the last.
  ///
  /// - Throws: what libyaml finds wrong with the text. The stream can't be read on after it.
  func next() throws(YAMLProblem) -> Event {
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else { throw syntaxProblem() }
    defer { yaml_event_delete(&raw) }
    return Event(kind: kind(of: raw), location: location(of: raw.start_mark))
  }

  private func kind(of raw: yaml_event_t) -> Event.Kind {
    switch raw.type {
    case YAML_STREAM_START_EVENT:
      return .streamStart
    case YAML_DOCUMENT_START_EVENT:
      let directives = raw.data.document_start.tag_directives
      return .documentStart(declaresTags: directives.start != directives.end)
    case YAML_DOCUMENT_END_EVENT:
      return .documentEnd
    case YAML_ALIAS_EVENT:
      return .alias(anchor: string(raw.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = raw.data.scalar
      // The length counts: an escaped NUL does not end a scalar.
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      return .scalar(
        YAMLScalar(text: text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
        properties(scalar.anchor, scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      let start = raw.data.sequence_start
      return .sequenceStart(properties(start.anchor, start.tag))
    case YAML_SEQUENCE_END_EVENT:
      return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let start = raw.data.mapping_start
      return .mappingStart(properties(start.anchor, start.tag))
    case YAML_MAPPING_END_EVENT:
      return .mappingEnd
    default:
      // YAML_STREAM_END_EVENT, and YAML_NO_EVENT for every call after it.
      return .streamEnd
    }
  }

  private func properties(
    _ anchor: UnsafeMutablePointer<yaml_char_t>?, _ tag: UnsafeMutablePointer<yaml_char_t>?
  ) -> NodeProperties {
    NodeProperties(anchor: string(anchor), tag: string(tag))
  }

  private func string(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    characters.map { String(cString: $0) }
  }

  /// libyaml counts lines and columns from 0.
  private func location(of mark: yaml_mark_t) -> SourceLocation {
    SourceLocation(file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  private func syntaxProblem() -> YAMLProblem {
    let failed = parser.pointee
    let problem = failed.problem.map { String(cString: $0) } ?? "this is not YAML"
    switch failed.error {
    case YAML_MEMORY_ERROR:
      return YAMLProblem(location: location(of: failed.mark), message: "out of memory")
    case YAML_READER_ERROR:
      // The reader sets no mark, only the byte's place in the input and the character's value.
      let place = TextWalk(over: bytes, until: Int(failed.problem_offset)).location(in: file)
      let character = failed.problem_value >= 0 ? " (character \(failed.problem_value))" : ""
      return YAMLProblem(location: place, message: problem + character)
    default:
      let place = location(of: failed.problem_mark)
      guard let context = failed.context else {
        return YAMLProblem(location: place, message: problem)
      }
      let start = location(of: failed.context_mark)
      let origin = start == place ? "" : " at line \(start.line), column \(start.column)"
      return YAMLProblem(
        location: place, message: "\(problem) \(String(cString: context))\(origin)")
    }
  }
}
