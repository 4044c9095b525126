import Testing
import Foundation
import TraceFormat
@Test func scratch() throws {
  for f in try FileManager.default.contentsOfDirectory(atPath: "/tmp/br").filter({ $0.hasSuffix(".yaml") }).sorted() {
    let file = TraceFile.load(path: "/tmp/br/" + f, file: "t")
    let text = file.problems.map { "\($0.location.line):\($0.location.column): \($0.severity == .warning ? "warning: " : "")\($0.message)" }.joined(separator: "\n")
    try Data(text.utf8).write(to: URL(filePath: "/tmp/br/" + f + ".out"))
    let json = (try? TraceFile.json(path: "/tmp/br/" + f)) ?? ""
    try Data(json.utf8).write(to: URL(filePath: "/tmp/br/" + f + ".json"))
  }
  let root = "/work/main/Traces/"
  let clock = ContinuousClock()
  var files: [TraceFile] = []
  let d = try clock.measure {
    files = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".yaml") }.sorted().map { TraceFile.load(path: root + $0, file: "Traces/" + $0) }
  }
  let reg = try ClauseRegistry.load(path: "/work/main/Spec/Clauses.yaml")
  let p = TraceLint.problems(of: files, clauses: reg, checksFolders: true)
  try Data((p.map(\.description).joined(separator: "\n") + "\n\(d) \(files.count)\n").utf8).write(to: URL(filePath: "/tmp/lint.txt"))
}
