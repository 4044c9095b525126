import AdapterProtocol
import Conformance
import ConformanceReport
import TraceFormat

/// What a walk through an adapter showed, for a terminal. What the adapter says is escaped.
struct ValidationText {
  var isColoured: Bool
  /// Whether the whole conversation is shown.
  var isVerbose: Bool

  /// One stage, as it ends; empty for one that was not declared.
  func stage(_ stage: WalkStage) -> String {
    let name = stage.name.padded(to: 22)
    switch stage.standing {
    case .notDeclared: return ""
    case .needs(let others):
      return "  \(paint("·", .dim)) \(name) not shown: it needs \(others.joined(separator: ", "))\n"
    case .notWalked: return "  \(paint("·", .dim)) \(name) declared; its traces judge it\n"
    case .walked: break
    }
    let mark =
      stage.findings.contains { $0.kind == .fault }
      ? paint("✗", .red)
      : stage.findings.contains { $0.kind == .doubt } ? paint("?", .yellow) : paint("✓", .green)
    let title = stage.title.hasSuffix(".") ? String(stage.title.dropLast()) : stage.title
    var text = "  \(mark) \(name) \(title)\n"
    for finding in stage.findings { text += self.finding(finding, of: stage) }
    if isVerbose { for exchange in stage.exchanges { text += lines(exchange, limit: .max) } }
    return text
  }

  private func finding(_ finding: WalkFinding, of stage: WalkStage) -> String {
    let label =
      switch finding.kind {
      case .fault: paint("adapter:", .red)
      case .doubt: paint("implementation:", .yellow)
      case .note: "note:"
      }
    var text = "      \(label) \(finding.message).\n"
    if !finding.remedy.isEmpty {
      let end = finding.remedy.hasSuffix("?") ? "" : "."
      text += "        \(finding.remedy)\(end)\n"
    }
    if !isVerbose, finding.kind != .note, let place = finding.exchange {
      text += lines(stage.exchanges[place], limit: 400)
    }
    return text
  }

  private func lines(_ exchange: LineExchange, limit: Int) -> String {
    let request = Excerpt.of(exchange.line.dropLast(), limit: limit)
    let answer = Excerpt.of(exchange.answer, limit: limit)
    return "        \(paint("->", .dim)) \(request)\n        \(paint("<-", .dim)) \(answer)\n"
  }

  /// Who was walked through.
  func title(_ implementation: Implementation) -> String {
    func printable(_ text: String) -> String { Excerpt.printable(text) }
    let language = implementation.language.isEmpty ? "" : " (\(printable(implementation.language)))"
    return "\(printable(implementation.name)) \(printable(implementation.version))\(language), "
      + "protocol \(implementation.protocolVersion), window \(implementation.window)"
  }

  /// What it came to.
  func summary(_ report: WalkReport) -> String {
    let walked = report.stages.count { $0.standing == .walked }
    let missing = report.stages.filter { $0.standing == .notDeclared }.map(\.name)
    var text = ""
    if !missing.isEmpty { text += "\nNot declared: \(missing.joined(separator: ", ")).\n" }
    if let implementation = report.implementation { text += "\n\(title(implementation)): " }
    text += report.isValid ? "the adapter is valid" : counted(report.faults, "fault") + " to mend"
    text += ", \(counted(walked, "stage"))"
    if report.doubts > 0 { text += ", \(counted(report.doubts, "doubt")) about the implementation" }
    return text + ".\n"
  }

  /// What to do next.
  func advice(
    _ steps: [NextStep], declared: Set<Capability>, applicable: Int, of total: Int, command: String
  ) -> String {
    let answered = Set(declared.flatMap(\.operations))
    var text = "\n\(applicable) of \(total) traces apply"
    text += applicable > 0 ? ": raft-ladder climb --adapter \(Escaping.shell(command))\n" : ".\n"
    guard !steps.isEmpty else { return text }
    text += "What to declare next:\n"
    for step in steps {
      let names = step.capabilities.map(\.name).joined(separator: " + ")
      let operations = unique(
        step.capabilities.flatMap(\.operations).filter { !answered.contains($0) })
      let phases = step.phases.map(String.init).joined(separator: ", ")
      text += "  \(names): \(counted(step.traces, "trace")) more, of "
      text += "\(step.phases.count == 1 ? "phase" : "phases") \(phases)"
      text += operations.isEmpty ? "\n" : "; operations: \(operations.joined(separator: ", "))\n"
      for capability in step.capabilities {
        text += paint("    \(capability.name): \(capability.meaning)", .dim) + "\n"
      }
    }
    return text
  }

  private enum Style: Int {
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
  }

  private func paint(_ text: String, _ style: Style) -> String {
    isColoured ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  private func unique(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }

  private func counted(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }
}
