import Foundation
import TraceFormat

/// The ladder as a Markdown table, and its place in a text between two markers.
public enum LadderTable {
  /// The line before the table.
  public static let begin = "<!-- ladder:begin -->"
  /// The line after the table.
  public static let end = "<!-- ladder:end -->"

  /// The table: a row per TODO, from the lowest rung up.
  ///
  /// - Parameter files: the number of trace files of each TODO, by its id.
  public static func markdown(files: [String: Int]) -> String {
    var lines = [
      "| phase | TODO | title | invariant | traces |",
      "| --- | --- | --- | --- | ---: |",
    ]
    for phase in Ladder.phases {
      for (offset, todo) in phase.todos.enumerated() {
        let name = offset == 0 ? "\(phase.number) \(Escaping.markdown(phase.name))" : ""
        let invariants = Escaping.markdown(todo.invariants.joined(separator: " "))
        let count = phase.isBuilt ? "\(files[todo.id] ?? 0)" : "later"
        lines.append(
          "| \(name) | \(todo.id) | \(Escaping.markdown(todo.title)) | \(invariants) | \(count) |")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The text with a table in place of what stood between its markers, the ladder's own unless
  /// others are named.
  ///
  /// - Throws: `LadderTableProblem` where the markers are not there once each, in order.
  public static func replacing(
    in text: String, with table: String, begin: String = begin, end: String = end
  ) throws(LadderTableProblem) -> String {
    let heads = text.components(separatedBy: begin)
    guard heads.count == 2 else { throw .marker(begin, found: heads.count - 1) }
    let tails = heads[1].components(separatedBy: end)
    guard tails.count == 2 else { throw .marker(end, found: tails.count - 1) }
    return heads[0] + begin + "\n" + table + end + tails[1]
  }

  /// Whether the text has this very table between its markers.
  ///
  /// - Throws: `LadderTableProblem` where the markers are not there once each, in order.
  public static func isCurrent(in text: String, table: String) throws(LadderTableProblem) -> Bool {
    try replacing(in: text, with: table) == text
  }
}

/// Why the table can't be put into a text.
public enum LadderTableProblem: Error, Hashable, CustomStringConvertible {
  /// The marker has to stand in the text once, `begin` before `end`.
  case marker(String, found: Int)

  /// What is wrong, and what the text must have.
  public var description: String {
    switch self {
    case .marker(let marker, let found):
      "the text must have the line '\(marker)' once, with the begin before the end; found \(found)"
    }
  }
}
