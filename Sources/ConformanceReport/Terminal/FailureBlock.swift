import Conformance

extension TerminalReport {
  /// All that is known of one trace that failed, or of why it could not be run.
  public func block(_ result: TraceResult) -> String {
    let isError = result.verdict == .error
    let sign = isError ? "!" : "✗"
    let head = "\(sign) \(Escaping.plain(result.id))"
    var lines = [
      palette.paint(head, isError ? .yellow : .boldRed) + "  " + Escaping.plain(result.title)
    ]
    for clause in result.clauses {
      let text = clauseTexts[clause].map { ": " + $0 } ?? ""
      lines += labelled("clause", Escaping.plain(clause) + Escaping.plain(text))
    }
    if let failure = result.failure {
      lines += describe(failure)
    } else if !result.file.isEmpty {
      lines += labelled("file", Escaping.plain(result.file))
    }
    if let reason = result.reason {
      lines += labelled(isError ? "error" : "reason", Escaping.plain(reason))
    }
    // A trace of somebody's own is found by its file, one of the suite by its id.
    let isOfSuite = result.file.isEmpty || result.file.hasPrefix("Traces/")
    let subject = isOfSuite ? result.id : result.file
    lines += labelled("rerun", rerun.line(for: subject), wraps: false)
    return Self.text(lines)
  }

  private func describe(_ report: FailureReport) -> [String] {
    let place = "\(Escaping.plain(report.location.file)):\(report.location.line)"
    var lines = labelled("at", place, wraps: false)
    lines += labelled("step \(report.step)", Escaping.plain(report.stepText))
    if let point = report.crashPoint {
      lines += labelled("crash", "the node was made to die at its write \(point)")
    }
    lines += labelled(report.failure.kind.rawValue, Escaping.plain(report.failure.summary))
    lines += mismatches(report.failure.mismatches)
    if !report.transcript.events.isEmpty {
      let diagram = Diagram(report.transcript, names: report.names, window: .failure)
      let text = diagram.text(
        Diagram.TextStyle(width: width - 2, isColoured: style.isColoured))
      lines.append("")
      lines += text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
        $0.isEmpty ? "" : "  " + $0
      }
      lines.append("")
    }
    return lines + labelled("hint", Escaping.plain(report.hint))
  }

  private static let labelWidth = 13

  /// A label and its text beside it. What is to be copied whole does not wrap.
  private func labelled(_ label: String, _ text: String, wraps: Bool = true) -> [String] {
    let room = max(16, width - Self.labelWidth - 2)
    let parts = wraps ? Columns.wrap(text, room) : [text]
    return parts.enumerated().map { offset, part in
      let name = Columns.left(offset == 0 ? label : "", Self.labelWidth)
      return "  " + palette.paint(name, .dim) + part
    }
  }

  /// Each field, expected against actual, in columns; one below the other where those don't fit.
  private func mismatches(_ mismatches: [Mismatch]) -> [String] {
    guard !mismatches.isEmpty else { return [] }
    let rows = mismatches.map {
      [Escaping.plain($0.path), Escaping.plain($0.expected), Escaping.plain($0.actual)]
    }
    let titles = ["", "expected", "actual"]
    let widths = titles.indices.map { column in
      ([titles] + rows).map { Columns.width($0[column]) }.max() ?? 0
    }
    guard widths.reduce(4 + 4, +) <= width else { return stacked(rows) }
    func line(_ cells: [String], _ styles: [Palette.Style?]) -> String {
      let last = cells.count - 1
      let texts = cells.indices.map { column in
        let text = column == last ? cells[column] : Columns.left(cells[column], widths[column] + 2)
        return palette.paint(text, styles[column])
      }
      return "    " + texts.joined()
    }
    return [line(titles, [.dim, .dim, .dim])] + rows.map { line($0, [nil, .green, .red]) }
  }

  private func stacked(_ rows: [[String]]) -> [String] {
    rows.flatMap { row in
      wrapped(row[0], indent: 4) + value("expected", row[1], .green) + value("actual", row[2], .red)
    }
  }

  private func value(_ label: String, _ text: String, _ style: Palette.Style) -> [String] {
    Columns.wrap(text, width - 15).enumerated().map { offset, part in
      "      " + Columns.left(offset == 0 ? label : "", 9) + palette.paint(part, style)
    }
  }
}
