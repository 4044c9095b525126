import ArgumentParser
import Foundation

/// Where the traces and the specification lie.
struct Home {
  var root: URL

  var traces: URL { root.appending(path: "Traces") }
  var spec: URL { root.appending(path: "Spec") }

  /// The nearest folder that holds both: named by RAFT_LADDER_HOME, else above the current folder,
  /// else above the program itself.
  ///
  /// - Throws: a usage error that says how to name it.
  static func find() throws -> Home {
    if let named = ProcessInfo.processInfo.environment["RAFT_LADDER_HOME"] {
      let home = Home(root: URL(filePath: named))
      guard home.isComplete else {
        throw ValidationError("RAFT_LADDER_HOME=\(named) has no Traces and Spec folders.")
      }
      return home
    }
    // Not the first argument: found in PATH, it would be a bare name.
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let here = URL(filePath: FileManager.default.currentDirectoryPath)
    for start in [here, program] {
      var folder = start
      while folder.path != "/" {
        let home = Home(root: folder)
        if home.isComplete { return home }
        folder = folder.deletingLastPathComponent()
      }
    }
    throw ValidationError(
      "No folder here or above has Traces and Spec. Run this inside a checkout, or set "
        + "RAFT_LADDER_HOME to one.")
  }

  private var isComplete: Bool {
    let manager = FileManager.default
    return manager.fileExists(atPath: traces.path)
      && manager.fileExists(atPath: spec.appending(path: "Clauses.yaml").path)
  }

  /// A path as people and results name it: relative to the root where it lies below it.
  func relative(_ url: URL) -> String {
    let path = url.standardizedFileURL.path
    let prefix = root.standardizedFileURL.path + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }
}
