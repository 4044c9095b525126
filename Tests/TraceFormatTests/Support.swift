import Foundation
import TraceFormat

/// The package's folder, found from this file's place in it.
let packageFolder = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The problems of a text, without the file's name.
func problems(of text: String) -> [String] {
  TraceFile.decode(text: text, file: "t").problems.map { problem in
    let place = "\(problem.location.line):\(problem.location.column)"
    return problem.severity == .error
      ? "\(place): \(problem.message)" : "\(place): warning: \(problem.message)"
  }
}

/// A trace around some lines of `nodes`, `peers`, `steps` and the like. They begin on line 10.
func trace(_ body: String) -> String {
  """
  format: 1
  id: test.trace
  title: A trace under test
  todo: "3.2"
  level: must
  clauses: [vote.up-to-date]
  source: A test
  hint: A test
  conclusion: A test
  \(body)
  """
}
