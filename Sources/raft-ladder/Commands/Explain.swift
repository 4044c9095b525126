import ArgumentParser
import Conformance
import Foundation
import TraceFormat

/// What a rung demands.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a TODO, a clause or a trace: what it demands, and how people get it wrong.",
    discussion: """
      EXAMPLES
        raft-ladder explain 6.2                     a rung of the ladder
        raft-ladder explain append.prefix-match     a clause
        raft-ladder explain commit.figure-8         a trace
      """)

  @Argument(help: "A TODO (6.2), the slug of a clause, or the id of a trace.")
  var subject: String

  func run() throws {
    let home = try Home.find()
    let library = try home.library()
    if let todo = Ladder.todo(subject) {
      try explain(todo, home, library)
    } else if let clause = library.clauses.clauses.first(where: { $0.slug == subject }) {
      explain(clause, library)
    } else if let trace = library.traces.first(where: {
      $0.id == subject || $0.fullID == subject
    }) {
      explain(trace, library)
    } else {
      let words =
        Ladder.todos.map(\.id) + library.clauses.clauses.map(\.slug)
        + Set(library.traces.map(\.id)).sorted()
      let nearest = NearestWord.find(subject, among: words).map { " Did you mean '\($0)'?" } ?? ""
      throw ValidationError("'\(subject)' is no TODO, no clause and no trace.\(nearest)")
    }
  }

  private func explain(_ todo: Ladder.Todo, _ home: Home, _ library: TraceLibrary) throws {
    Console.write(try LadderChapter.section(of: todo, home: home) + "\n")
    Console.write("### Clauses\n\n")
    for clause in library.clauses.clauses where clause.todo == todo.id {
      Console.write("- \(clause.slug) (\(clause.level.rawValue)): \(clause.text)\n")
    }
    let traces = library.files.filter { $0.traces.first?.todo == todo.id }
    Console.write("\n### Traces\n\n")
    if traces.isEmpty { Console.write("None yet.\n") }
    for file in traces {
      guard let trace = file.traces.first else { continue }
      Console.write("- \(trace.id): \(trace.title)\n")
    }
    Console.write("\nRun them: raft-ladder run --todo \(todo.id)\n")
  }

  private func explain(_ clause: ClauseRegistry.Clause, _ library: TraceLibrary) {
    Console.write("\(clause.slug) (\(clause.level.rawValue), TODO \(clause.todo))\n\n")
    Console.write("\(clause.text)\n\nSource: \(clause.source)\n\nTraces:\n")
    for file in library.files {
      guard let trace = file.traces.first, trace.clauses.contains(clause.slug) else { continue }
      Console.write("- \(trace.id): \(trace.title)\n")
    }
  }

  private func explain(_ trace: Trace, _ library: TraceLibrary) {
    Console.write("\(trace.id) (\(trace.level.rawValue), TODO \(trace.todo)): \(trace.title)\n\n")
    for slug in trace.clauses {
      guard let clause = library.clauses.clauses.first(where: { $0.slug == slug }) else { continue }
      Console.write("- \(clause.slug): \(clause.text)\n")
    }
    Console.write(
      """

      Source: \(trace.source)
      Hint: \(trace.hint)
      Conclusion: \(trace.conclusion)
      File: \(trace.location.file)

      Run it: raft-ladder run \(trace.id)
      Draw it: raft-ladder diagram \(trace.id)

      """)
  }
}

/// The chapters of `Spec/Ladder`.
enum LadderChapter {
  /// A TODO's section of its phase's chapter: from its heading to the next one of the same level.
  static func section(of todo: Ladder.Todo, home: Home) throws -> String {
    let text = try String(contentsOf: file(of: todo, home: home), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("## \(todo.id) ") }) else {
      throw ValidationError(
        "\(home.relative(file(of: todo, home: home))) has no section \(todo.id).")
    }
    let rest = lines[(start + 1)...]
    let end = rest.firstIndex { $0.hasPrefix("## ") } ?? lines.endIndex
    return lines[start..<end].joined(separator: "\n")
  }

  /// The chapter that a TODO is told in.
  static func file(of todo: Ladder.Todo, home: Home) -> URL {
    let folder = Ladder.phase(todo.phase)?.folder ?? ""
    let name = folder.dropFirst("Phase".count)
    return home.spec.appending(path: "Ladder/\(name).md")
  }
}
