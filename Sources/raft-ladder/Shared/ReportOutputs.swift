import ArgumentParser
import Conformance
import ConformanceReport
import Foundation

/// Where reports go.
struct ReportOutputs: ParsableArguments {
  @Option(help: ArgumentHelp("One self-contained page, the runs side by side.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("JUnit XML: a case for each trace.", valueName: "file"))
  var junit: String?

  @Option(help: ArgumentHelp("The Test Anything Protocol, version 14.", valueName: "file"))
  var tap: String?

  @Option(help: ArgumentHelp("Markdown for a pull request.", valueName: "file"))
  var markdown: String?

  @Option(help: ArgumentHelp("The results, for '--from' and '--compare'.", valueName: "file"))
  var json: String?

  @Option(
    help: ArgumentHelp("A badge (SVG) with height and counts, of one run.", valueName: "file"))
  var badge: String?

  private var paths: [String] { [html, junit, tap, markdown, json, badge].compactMap(\.self) }

  func validate() throws {
    guard paths.count(where: { $0 == "-" }) <= 1 else {
      throw ValidationError("Only one report can go to standard output.")
    }
    let files = paths.filter { $0 != "-" }
    guard Set(files).count == files.count else {
      throw ValidationError("Two reports can't go to one file.")
    }
  }

  /// Writes every report that was asked for, and the summaries to whatever is left to read.
  func write(
    _ results: [RunResults], _ comparisons: [Comparison], _ texts: SuiteTexts
  ) throws {
    if badge != nil, results.count > 1 {
      throw ValidationError("--badge is about one run, and there are \(results.count).")
    }
    try write(html) {
      Data(HTMLReport(results, comparisons: comparisons, texts: texts).text().utf8)
    }
    try write(junit) { Data(JUnitReport(results, clauseTexts: texts.clauses).text().utf8) }
    try write(tap) { Data(TAPReport(results, clauseTexts: texts.clauses).text().utf8) }
    try write(markdown) {
      Data(
        MarkdownReport(results, comparisons: comparisons, clauseTexts: texts.clauses).text().utf8)
    }
    try write(json) { try ResultsJSON.encode(results) }
    if let run = results.first { try write(badge) { Data(Badge(run).svg().utf8) } }
    let summary =
      results.map { TerminalReport($0).summary() } + comparisons.map { $0.text() }
    let text = summary.joined(separator: "\n")
    if paths.contains("-") { Console.complain(text) } else { Console.write(text) }
  }

  private func write(_ path: String?, _ document: () throws -> Data) throws {
    guard let path else { return }
    let data = try document()
    if path == "-" { return FileHandle.standardOutput.write(data) }
    do {
      try data.write(to: URL(filePath: path))
    } catch {
      Console.complain("\(path) can't be written: \(error.localizedDescription)")
      throw ExitCode(ExitStatus.unable.rawValue)
    }
  }
}
