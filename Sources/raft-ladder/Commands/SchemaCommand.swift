import ArgumentParser
import Foundation
import TraceFormat

/// The JSON Schemas.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema: of traces (for editors), or of results.",
    discussion: """
      EXAMPLES
        raft-ladder schema > trace.schema.json
        raft-ladder schema results > results.schema.json
      """)

  /// What there are schemas of.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case trace, results
  }

  @Argument(help: "trace or results.")
  var subject: Subject = .trace

  func run() throws {
    switch subject {
    case .trace:
      Console.write(TraceSchema.text)
    case .results:
      let file = try Home.find().spec.appending(path: "schemas/results.schema.json")
      Console.write(try String(contentsOf: file, encoding: .utf8))
    }
  }
}
