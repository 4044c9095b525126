import Foundation
import TraceFormat

/// The traces of a folder, with every mistake that was found in them.
public struct TraceLibrary: Sendable {
  /// The files read, by path.
  public private(set) var files: [TraceFile]
  /// The clauses that traces may name.
  public let clauses: ClauseRegistry
  /// The mistakes, by place.
  public private(set) var problems: [TraceProblem]

  /// The traces, cases apart, in the order of the ladder, then by file and case.
  public var traces: [Trace] {
    let rank = Dictionary(
      uniqueKeysWithValues: Ladder.todos.enumerated().map { ($0.element.id, $0.offset) })
    return files.enumerated().sorted { a, b in
      let first = a.element.traces.first.flatMap { rank[$0.todo] } ?? .max
      let second = b.element.traces.first.flatMap { rank[$0.todo] } ?? .max
      return (first, a.element.file) < (second, b.element.file)
    }.flatMap(\.element.traces)
  }

  /// Reads every `.yaml` below a folder.
  ///
  /// - Parameter root: what the names of files are relative to.
  public static func load(folder: String, clauses: ClauseRegistry, root: String) -> TraceLibrary {
    var library = TraceLibrary(files: [], clauses: clauses, problems: [])
    let base = root.hasSuffix("/") ? root : root + "/"
    // The enumerator does not enter a folder that is itself a link.
    let real = URL(filePath: folder).resolvingSymlinksInPath().path
    let paths = (FileManager.default.enumerator(atPath: real)?.allObjects as? [String] ?? [])
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
      .sorted()
      .map { folder + "/" + $0 }
    library.files = paths.map { path in
      let file = path.hasPrefix(base) ? String(path.dropFirst(base.count)) : path
      return TraceFile.load(path: path, file: file)
    }
    library.problems = TraceLint.problems(of: library.files, clauses: clauses, checksFolders: true)
    return library
  }

  /// Reads more files, from anywhere.
  public mutating func add(files more: [(path: String, name: String)]) {
    let added = more.map { TraceFile.load(path: $0.path, file: $0.name) }
    problems += TraceLint.problems(of: added, clauses: clauses, checksFolders: false)
    files += added
  }
}
