import Conformance
import Mustache
import TraceFormat

/// Runs side by side as one HTML page that needs nothing else: no network, no other file.
///
/// What differs between the implementations comes first, then the ladder, rung by rung and trace by
/// trace. The page is read without its script too, which only filters and searches.
public struct HTMLReport: Sendable {
  /// What is reported; a column each.
  public var runs: [RunResults]
  /// What changed since earlier runs.
  public var comparisons: [Comparison]
  /// The suite's own texts.
  public var texts: SuiteTexts

  /// A report of these runs.
  public init(
    _ runs: [RunResults], comparisons: [Comparison] = [], texts: SuiteTexts = SuiteTexts()
  ) {
    self.runs = runs
    self.comparisons = comparisons
    self.texts = texts
  }

  /// The page, with a line feed at its end. The same runs give the same bytes.
  public func text() -> String {
    let page = PageBuilder(runs: runs, comparisons: comparisons, texts: texts).page()
    guard let text = Self.library.render(page, withTemplate: "page") else {
      preconditionFailure("the library has a template 'page'")
    }
    return text
  }

  private static let library: MustacheLibrary = {
    MustacheContentTypes.register(ReportContent(), named: "REPORT")
    do {
      return MustacheLibrary(
        templates: try PageTemplates.all.mapValues { try MustacheTemplate(string: $0) })
    } catch {
      preconditionFailure("a template of the report does not parse: \(error)")
    }
  }()
}

/// The texts of the suite that results name and do not hold.
public struct SuiteTexts: Sendable, Hashable {
  /// The text of each clause, by slug; a clause without one is named alone.
  public var clauses: [String: String]
  /// The YAML of each trace file, by the name that results give it.
  public var files: [String: String]

  /// Texts; what is missing is left out of a report.
  public init(clauses: [String: String] = [:], files: [String: String] = [:]) {
    self.clauses = clauses
    self.files = files
  }
}

/// How every variable of the templates is escaped: markup, controls and reordering marks are text.
private struct ReportContent: MustacheContentType {
  func escapeText(_ text: String) -> String { Escaping.xmlLines(text) }
}
