import Conformance
import ConformanceReport
import Foundation
import TraceFormat

/// A text in the repository that comes from the code or the traces, and must agree with them.
struct GeneratedText {
  /// Relative to the root.
  var path: String
  var text: String

  /// Every such text, as it should be.
  static func all(home: Home, library: TraceLibrary) throws -> [GeneratedText] {
    let readme = try String(contentsOf: home.root.appending(path: "README.md"), encoding: .utf8)
    let adapters = try String(
      contentsOf: home.root.appending(path: "Spec/AdapterProtocol.md"), encoding: .utf8)
    let files = library.files.compactMap(\.traces.first?.todo)
    let counts = Dictionary(grouping: files) { $0 }.mapValues(\.count)
    return [
      GeneratedText(
        path: "README.md",
        text: try LadderTable.replacing(in: readme, with: LadderTable.markdown(files: counts))),
      GeneratedText(
        path: "Spec/AdapterProtocol.md",
        text: try LadderTable.replacing(
          in: adapters, with: NeedsTable.markdown(traces: library.traces),
          begin: NeedsTable.begin, end: NeedsTable.end)),
      GeneratedText(path: "Spec/TraceFormat.md", text: SpecText.traceFormat()),
      GeneratedText(path: "Spec/Capabilities.yaml", text: SpecText.capabilities()),
      GeneratedText(path: "Spec/Manifest.yaml", text: Manifest(of: library).text),
      GeneratedText(path: "Spec/schemas/trace.schema.json", text: TraceSchema.text),
    ] + (try starters(home: home))
  }

  /// Whether the repository's copy agrees.
  func isCurrent(home: Home) -> Bool {
    (try? String(contentsOf: home.root.appending(path: path), encoding: .utf8)) == text
  }

  /// Writes the repository's copy anew.
  func write(home: Home) throws {
    let file = home.root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}
