#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads recorded histories.
public struct HistoryReader: Sendable {
  /// The format, or nil to guess it from the first bytes.
  public var format: HistoryFormat?
  /// What it is a history of, or nil for what the format or the file says.
  public var model: HistoryModel?
  /// Limits on what is read.
  public var limits: HistoryLimits

  /// A reader.
  public init(
    format: HistoryFormat? = nil, model: HistoryModel? = nil,
    limits: HistoryLimits = HistoryLimits()
  ) {
    self.format = format
    self.model = model
    self.limits = limits
  }

  /// Reads a file.
  ///
  /// - Parameter path: the file, or `-` for standard input.
  /// - Throws: the first mistake in it.
  public func read(path: String) throws(HistoryProblem) -> RecordedHistory {
    if path == "-" {
      return try read(ByteSource(descriptor: STDIN_FILENO, file: "standard input"))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw HistoryProblem(
        file: path, line: 1, message: "can't open the file: \(String(cString: strerror(errno)))",
        remedy: "name a file that can be read")
    }
    defer { close(descriptor) }
    return try read(ByteSource(descriptor: descriptor, file: path))
  }

  /// Reads bytes.
  ///
  /// - Parameter file: what mistakes call them.
  /// - Throws: the first mistake in them.
  public func read(
    bytes: some Sequence<UInt8>, file: String
  ) throws(HistoryProblem) -> RecordedHistory {
    try read(ByteSource(bytes: Array(bytes), file: file))
  }

  private func read(_ start: ByteSource) throws(HistoryProblem) -> RecordedHistory {
    var source = start
    let format: HistoryFormat
    if let named = self.format { format = named } else { format = try guess(&source) }
    let history: RecordedHistory
    switch format {
    case .ndjson:
      var reader = NDJSONReader(source, model: model, limits: limits)
      history = try reader.read()
    case .jepsenEtcd:
      var reader = JepsenLogReader(source, model: model ?? .register, limits: limits)
      history = try reader.read()
    case .porcupineKV, .knossosEDN:
      let usual = format == .porcupineKV ? HistoryModel.kv : .register
      var reader = EDNHistoryReader(source, format: format, model: model ?? usual, limits: limits)
      history = try reader.read()
    }
    guard history.operations > 0 else {
      throw HistoryProblem(
        file: start.file, line: 1, message: "there is no operation in it",
        remedy: "check that the format is \(format.rawValue)")
    }
    return history
  }

  /// The format that the first bytes look like.
  private func guess(_ source: inout ByteSource) throws(HistoryProblem) -> HistoryFormat {
    let preview = String(decoding: try source.preview(), as: UTF8.self)
    let first = preview.first { !$0.isWhitespace }
    if preview.contains("jepsen.util") { return .jepsenEtcd }
    switch first {
    case "{" where preview.contains("\""):
      let afterBrace = preview.drop { $0 != "{" }.dropFirst().first { !$0.isWhitespace }
      if afterBrace == "\"" { return .ndjson }
      return preview.contains(":key") ? .porcupineKV : .knossosEDN
    case "{", "[", "(", ";", "#":
      return preview.contains(":key") ? .porcupineKV : .knossosEDN
    default:
      let names = HistoryFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw source.problem(
        "the format can't be guessed from the first bytes", "name it: \(names)")
    }
  }
}
