import Conformance
import Foundation
import TraceFormat

/// Whether clauses, catalogue and traces speak of one another truly.
struct Coverage {
  var home: Home
  var library: TraceLibrary

  /// Clauses of the phases built that no trace names.
  func uncoveredClauses() -> [String] {
    let named = Set(library.traces.flatMap(\.clauses))
      .union(HarnessContract.checks.map(\.clause))
    return library.clauses.clauses.filter { clause in
      let isBuilt = Ladder.todo(clause.todo).map { Ladder.builtPhases.contains($0.phase) } ?? false
      return isBuilt && !named.contains(clause.slug)
    }.map { "\($0.location): no trace shows the clause '\($0.slug)'" }
  }

  /// Traces that `Spec/Coverage.md` names and that do not exist.
  ///
  /// Its tables have three columns: the catalogue's id, what it is about, and the traces in code
  /// quotes or the reason why none applies.
  func staleMentions() throws -> [String] {
    let path = "Spec/Coverage.md"
    let text = try String(contentsOf: home.root.appending(path: path), encoding: .utf8)
    let known = Set(library.traces.map(\.id)).union(HarnessContract.checks.map(\.id))
    var problems: [String] = []
    for (number, line) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
      guard line.hasPrefix("|"), cells.count == 5, !line.hasPrefix("| ---"),
        !line.hasPrefix("| id")
      else { continue }
      let quoted = cells[3].split(separator: "`", omittingEmptySubsequences: false)
      let names = quoted.indices.filter { $0 % 2 == 1 }.map { String(quoted[$0]) }
      for name in names where !known.contains(name) {
        problems.append("\(path):\(number): there is no trace '\(name)'")
      }
      if names.isEmpty, cells[3].allSatisfy(\.isWhitespace) {
        problems.append("\(path):\(number): neither a trace nor a reason")
      }
    }
    return problems
  }
}
