import ArgumentParser
import Conformance
import Foundation
import TraceFormat

/// Which traces a command is about.
struct SelectionOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Ids ('vote.up-to-date', one case 'vote.up-to-date/equal'), globs of ids ('vote.*'), or trace "
        + "files.",
      valueName: "traces"))
  var patterns: [String] = []

  @Option(help: ArgumentHelp("Only this TODO; may be repeated.", valueName: "todo"))
  var todo: [String] = []

  @Option(help: ArgumentHelp("Only this phase; may be repeated.", valueName: "phase"))
  var phase: [Int] = []

  @Option(help: ArgumentHelp("Only traces of this level: must, should or may.", valueName: "level"))
  var level: [Trace.Level] = []

  /// Whether nothing narrows the selection.
  var isEverything: Bool {
    patterns.isEmpty && todo.isEmpty && phase.isEmpty && level.isEmpty
  }

  /// The TODOs that the options name.
  ///
  /// - Throws: a usage error for one that does not exist.
  func todos() throws -> Set<String> {
    for id in todo where Ladder.todo(id) == nil {
      throw ValidationError(
        "There is no TODO \(id). They run from \(Ladder.todos.first?.id ?? "") to "
          + "\(Ladder.todos.last?.id ?? ""); see 'raft-ladder list --ladder'.")
    }
    for number in phase where Ladder.phase(number) == nil {
      throw ValidationError(
        "There is no phase \(number); they are 0 to \(Ladder.phases.count - 1).")
    }
    let ofPhases = Ladder.todos.filter { phase.contains($0.phase) }.map(\.id)
    return Set(todo + ofPhases)
  }

  /// Whether the checks of the harness contract belong to the selection.
  func includesHarness() throws -> Bool {
    guard patterns.isEmpty, level.isEmpty || level.contains(.must) else { return false }
    return try isEverything || todos().isEmpty || todos().contains("0.1")
  }

  /// The traces selected, in the order of the ladder.
  ///
  /// - Throws: a usage error when a pattern or the whole selection matches nothing.
  func select(from library: TraceLibrary, home: Home) throws -> [Trace] {
    let wanted = try todos()
    let named =
      patterns.isEmpty ? library.traces : try library.traces(matching: patterns, home: home)
    let chosen = named.filter { trace in
      (wanted.isEmpty || wanted.contains(trace.todo))
        && (level.isEmpty || level.contains(trace.level))
    }
    guard !chosen.isEmpty else { throw ValidationError("Nothing is selected.") }
    return chosen
  }
}

extension TraceLibrary {
  /// The traces that ids, globs or files name.
  ///
  /// - Throws: a usage error for a pattern that matches nothing, with the nearest id.
  func traces(matching patterns: [String], home: Home) throws -> [Trace] {
    let all = traces
    let matchers = patterns.map { Matcher($0, home: home) }
    for (pattern, matcher) in zip(patterns, matchers) where !all.contains(where: matcher.matches) {
      let nearest = NearestWord.find(pattern, among: Set(all.map(\.id)).sorted())
      throw ValidationError(
        "No trace matches '\(pattern)'.\(nearest.map { " Did you mean '\($0)'?" } ?? "") "
          + "See 'raft-ladder list'.")
    }
    return all.filter { trace in matchers.contains { $0.matches(trace) } }
  }
}

extension Trace.Level: ExpressibleByArgument {}

/// One pattern of a selection.
private struct Matcher {
  private let pattern: String
  private let file: String?

  init(_ pattern: String, home: Home) {
    self.pattern = pattern
    let isFile =
      pattern.hasSuffix(".yaml") || pattern.hasSuffix(".yml") || pattern.contains("Traces/")
    file = isFile ? home.relative(URL(filePath: pattern)) : nil
  }

  func matches(_ trace: Trace) -> Bool {
    if let file {
      let own = trace.location.file
      return own == file || own.hasPrefix(file.hasSuffix("/") ? file : file + "/")
    }
    return Self.glob(pattern[...], trace.fullID[...]) || Self.glob(pattern[...], trace.id[...])
  }

  /// `*` stands for any characters, `?` for one.
  private static func glob(_ pattern: Substring, _ text: Substring) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      let rest = pattern.dropFirst()
      var tail = text
      while true {
        if glob(rest, tail) { return true }
        guard !tail.isEmpty else { return false }
        tail = tail.dropFirst()
      }
    }
    guard let character = text.first, first == "?" || first == character else { return false }
    return glob(pattern.dropFirst(), text.dropFirst())
  }
}
