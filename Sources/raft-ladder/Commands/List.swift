import ArgumentParser
import Conformance
import Foundation
import TraceFormat

/// What there is.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List traces, or the rungs of the ladder.",
    discussion: """
      EXAMPLES
        raft-ladder list                 every trace: id, TODO, level, title
        raft-ladder list --phase 3       those of a phase
        raft-ladder list --ladder        the 33 TODOs and how many traces each has
      """)

  @OptionGroup var selection: SelectionOptions

  @Flag(help: "List the rungs of the ladder.")
  var ladder = false

  @Flag(help: "List each case of a table by itself.")
  var cases = false

  func run() throws {
    let home = try Home.find()
    let library = try home.runnableLibrary(naming: selection.patterns)
    if ladder {
      listLadder(library)
    } else {
      try listTraces(library, home)
    }
  }

  private func listLadder(_ library: TraceLibrary) {
    let files = Dictionary(grouping: library.files.filter { !$0.traces.isEmpty }) {
      $0.traces[0].todo
    }
    for phase in Ladder.phases {
      Console.write("\(phase.number)  \(phase.name)\(phase.isBuilt ? "" : " (not built yet)")\n")
      for todo in phase.todos {
        let count = files[todo.id]?.count ?? 0
        let traces = count == 0 ? "" : "  (\(count) traces)"
        Console.write("   \(todo.id.padded(to: 5)) \(todo.title)\(traces)\n")
      }
    }
  }

  private func listTraces(_ library: TraceLibrary, _ home: Home) throws {
    let traces = try selection.select(from: library, home: home)
    var rows: [(id: String, trace: Trace, count: Int)] = []
    for trace in traces {
      if !cases, let last = rows.last, last.trace.id == trace.id {
        rows[rows.count - 1].count += 1
      } else {
        rows.append((cases ? trace.fullID : trace.id, trace, 1))
      }
    }
    let width = rows.map(\.id.count).max() ?? 0
    for row in rows {
      let suffix = row.count > 1 ? " (\(row.count) cases)" : ""
      Console.write(
        "\(row.id.padded(to: width))  \(row.trace.todo.padded(to: 4))  "
          + "\(row.trace.level.rawValue.padded(to: 6))  \(row.trace.title)\(suffix)\n")
    }
  }
}

extension String {
  /// The text with spaces behind it, at least `width` characters long.
  func padded(to width: Int) -> String {
    count >= width ? self : self + String(repeating: " ", count: width - count)
  }
}
