import Conformance
import TraceFormat

/// What the page shows of one trace once it is opened.
struct TraceDetails {
  /// The trace's result in each run.
  let row: [TraceResult?]
  let runs: [RunResults]
  let labels: [String]
  let texts: SuiteTexts

  /// A part for each run in which a step failed.
  func failures() -> [Page.FailurePart] {
    row.indices.compactMap { column in
      guard let result = row[column], let report = result.failure else { return nil }
      return failure(report, result, runs[column], labels[column])
    }
  }

  private func failure(
    _ report: FailureReport, _ result: TraceResult, _ run: RunResults, _ label: String
  ) -> Page.FailurePart {
    let kind = CellKind(result.verdict)
    let isOfSuite = result.file.isEmpty || result.file.hasPrefix("Traces/")
    let hasPicture = !report.transcript.events.isEmpty
    let name = "\(label): the steps before the failure of \(result.id)"
    return Page.FailurePart(
      kind: kind.rawValue, sign: kind.sign, words: result.verdict.words, who: label,
      reason: result.reason, stepNumber: report.step, stepText: report.stepText,
      place: "\(report.location.file):\(report.location.line)", what: report.failure.kind.rawValue,
      summary: report.failure.summary, crashPoint: report.crashPoint,
      mismatches: report.failure.mismatches.map {
        Page.FailurePart.Row(path: $0.path, expected: $0.expected, actual: $0.actual)
      },
      hasMismatches: !report.failure.mismatches.isEmpty, hint: report.hint,
      picture: hasPicture ? picture(report, named: name) : nil, pictureName: name,
      rerun: Rerun(of: run).line(for: isOfSuite ? result.id : result.file))
  }

  private func picture(_ report: FailureReport, named name: String) -> String {
    Diagram(report.transcript, names: report.names, window: .failure).embeddedSVG(title: name)
  }

  /// The other runs, those of one verdict and reason together.
  func outcomes() -> [Page.Outcome] {
    var outcomes: [Page.Outcome] = []
    for (column, result) in row.enumerated() where result?.failure == nil {
      let kind = result.map { CellKind($0.verdict) } ?? .absent
      let words = result?.verdict.words ?? CellKind.absent.words
      let reason = result?.reason
      if let place = outcomes.firstIndex(where: { $0.words == words && $0.reason == reason }) {
        outcomes[place].who += ", " + labels[column]
      } else {
        outcomes.append(
          Page.Outcome(
            kind: kind.rawValue, sign: kind.sign, words: words, who: labels[column], reason: reason)
        )
      }
    }
    return outcomes
  }

  /// The trace's file, with the lines marked at which runs failed.
  func source() -> Page.Source? {
    guard let file = row.lazy.compactMap({ $0?.file }).first, let text = texts.files[file] else {
      return nil
    }
    var marks: [Int: [String]] = [:]
    for (result, label) in zip(row, labels) {
      guard let report = result?.failure, report.location.file == file else { continue }
      marks[report.location.line, default: []].append(label)
    }
    var pieces: [Page.Source.Piece] = []
    var plain = ""
    for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard let who = marks[offset + 1] else {
        plain += line + "\n"
        continue
      }
      if !plain.isEmpty { pieces.append(.init(plain: plain, marked: nil, mark: "")) }
      plain = ""
      pieces.append(
        .init(plain: nil, marked: String(line), mark: "fails: " + who.joined(separator: ", ")))
    }
    while plain.hasSuffix("\n\n") { plain.removeLast() }
    if !plain.isEmpty { pieces.append(.init(plain: plain, marked: nil, mark: "")) }
    return Page.Source(isOpen: !marks.isEmpty, pieces: pieces)
  }
}
