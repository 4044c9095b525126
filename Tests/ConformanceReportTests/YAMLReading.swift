import Testing
import YAMLTree

/// Reads diagnostics back with the parser that traces are read with.
enum YAMLReading {
  static func messageAndReport(_ text: String) throws -> (message: String, report: String) {
    let root = try YAMLParser.parse(text, file: "diagnostics")
    return (
      try #require(root["message"]?.asText), try #require(root["report"]?.asText)
    )
  }
}
