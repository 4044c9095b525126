import Conformance
import TraceFormat

extension TerminalReport {
  /// The rungs, a line each under the name of their phase.
  public func table() -> String {
    let rungs = results.rungs
    guard !rungs.isEmpty else { return "" }
    let titleRoom = max(12, width - 2 - 2 - 5 - countColumns.count * Self.countWidth)
    let longest = rungs.map { Columns.width($0.todo.title) }.max() ?? 0
    let titleWidth = min(titleRoom, longest)
    var lines = [
      palette.paint(
        String(repeating: " ", count: 9 + titleWidth)
          + countColumns.map { Columns.right($0.name, Self.countWidth) }.joined(), .dim)
    ]
    for phase in Ladder.phases {
      let members = rungs.filter { $0.todo.phase == phase.number }
      if members.isEmpty { continue }
      lines.append(palette.paint("\(phase.number)  \(phase.name)", .bold))
      lines += members.map { line(of: $0, titleWidth: titleWidth) }
    }
    return Self.text(lines)
  }

  private static let countWidth = 8

  /// The columns of numbers and the verdicts that each counts. Known failures get one where there
  /// are any.
  private var countColumns: [(name: String, verdicts: [Verdict])] {
    let known: [(name: String, verdicts: [Verdict])] =
      results.count(.knownFailure) > 0 ? [("known", [.knownFailure])] : []
    return [
      ("passed", [.passed, .passedNonStrict]), ("failed", [.failed, .staleKnownFailure]),
    ] + known + [("n.a.", [.notApplicable]), ("errors", [.error])]
  }

  private func line(of rung: Rung, titleWidth: Int) -> String {
    let mark = Self.mark(of: rung.state)
    let counts = countColumns.map { column in
      let count = column.verdicts.reduce(0) { $0 + rung.count($1) }
      return Columns.right(count == 0 ? "·" : "\(count)", Self.countWidth)
    }
    let title = Columns.left(Columns.cut(rung.todo.title, titleWidth), titleWidth)
    let id = Columns.left(rung.todo.id, 5)
    return "  \(palette.paint(mark.sign, mark.style)) \(id)\(title)" + counts.joined()
  }

  private static func mark(of state: Rung.State) -> (sign: String, style: Palette.Style) {
    switch state {
    case .holds: ("✓", .green)
    case .fails: ("✗", .red)
    case .notShown: ("–", .yellow)
    }
  }
}
