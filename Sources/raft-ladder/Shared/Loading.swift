import ArgumentParser
import Conformance
import Foundation
import TraceFormat

extension Home {
  /// The registry of clauses.
  func clauses() throws -> ClauseRegistry {
    try ClauseRegistry.load(path: spec.appending(path: "Clauses.yaml").path)
  }

  /// Every trace of the suite, with the mistakes found in them.
  func library() throws -> TraceLibrary {
    TraceLibrary.load(folder: traces.path, clauses: try clauses(), root: root.path)
  }

  /// The suite's traces, and those of other files that patterns name.
  ///
  /// - Throws: exit 64 after telling every mistake, when a trace can't be run.
  func runnableLibrary(naming patterns: [String] = []) throws -> TraceLibrary {
    var library = try library()
    let strangers = patterns.filter { pattern in
      FileManager.default.fileExists(atPath: pattern)
        && !relative(URL(filePath: pattern)).hasPrefix("Traces")
    }
    if !strangers.isEmpty {
      library.add(files: strangers.map { ($0, relative(URL(filePath: $0))) })
    }
    let errors = library.problems.filter { $0.severity == .error }
    guard errors.isEmpty else {
      for error in errors { Console.complain(error.description) }
      Console.complain(
        (errors.count == 1 ? "1 mistake" : "\(errors.count) mistakes")
          + " in the traces; nothing was run. A program that is older than its traces says so of "
          + "verbs it lacks: tools/run builds it anew")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    return library
  }
}
