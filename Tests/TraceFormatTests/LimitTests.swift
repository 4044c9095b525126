import Testing
import TraceFormat

/// What is said of traces that are larger than a trace may be, and of texts that are no traces.
struct LimitTests {
  func problems(of steps: String, nodes: String = "{ n1: {} }") -> [String] {
    TraceFormatTests.problems(
      of: trace("nodes: \(nodes)\npeers: [n2, n3]\nsteps:\n\(steps)"))
  }

  let control = "  - timeout: n1\n    expect: { n1: { role: { not: follower } } }\n"

  @Test func `a trace has so many steps at most`() {
    let many = String(repeating: "  - beat: n1\n", count: TraceLimits.steps - 1)
    #expect(problems(of: many + control) == [])
    #expect(
      problems(of: many + "  - beat: n1\n" + control)
        == ["13:3: \(TraceLimits.steps + 1) steps, and at most \(TraceLimits.steps) are allowed"])
    #expect(problems(of: "  []") == ["13:3: a trace needs a step"])
  }

  @Test func `a trace has so many servers at most`() {
    let names = (4...TraceLimits.servers + 1).map { "n\($0): {}" }.joined(separator: ", ")
    #expect(
      problems(of: control, nodes: "{ n1: {}, \(names) }") == [
        "10:8: \(TraceLimits.servers + 1) servers, and at most \(TraceLimits.servers) are allowed"
      ])
  }

  @Test func `names, titles and texts have so many characters at most`() {
    let name = String(repeating: "a", count: TraceLimits.nameLength + 1)
    #expect(
      problems(of: "  - deliver: \(name)\n" + control).first
        == "13:14: 49 characters, and at most 48 are allowed")
    let title = String(repeating: "a", count: TraceLimits.titleLength + 1)
    let text = trace("nodes: { n1: {} }\npeers: [n2]\nsteps:\n" + control)
      .replacing("A trace under test", with: title)
    #expect(
      TraceFormatTests.problems(of: text) == ["3:8: 101 characters, and at most 100 are allowed"])
  }

  @Test func `a table has so many rows and columns at most`() {
    func table(columns: Int, rows: Int) -> [String] {
      let names = (1..<columns).map { ", c\($0)" }.joined()
      let cells = (1..<columns).map { _ in ", 1" }.joined()
      let lines = (1...rows).map { "    - [r\($0)\(cells)]" }.joined(separator: "\n")
      let body =
        "nodes: { n1: { term: $c1 } }\npeers: [n2, n3]\ncases:\n  columns: [name\(names)]\n"
      return TraceFormatTests.problems(of: trace(body + "  rows:\n\(lines)\nsteps:\n" + control))
        .filter { !$0.contains("is not used") }
    }
    #expect(table(columns: TraceLimits.columns, rows: 3) == [])
    #expect(
      table(columns: TraceLimits.columns + 1, rows: 1).first
        == "13:12: a list of 17 where at most 16 are expected")
    #expect(
      table(columns: 2, rows: TraceLimits.cases + 1)
        == ["15:5: a list of 1001 where at most 1000 are expected"])
  }

  @Test(arguments: Verbs.all.map(\.name))
  func `a trace with any line missing, doubled or cut is judged and never crashes`(
    name: String
  ) throws {
    let text = try #require(Verbs.verb(name)).exampleTrace
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for index in lines.indices {
      let line = lines[index]
      for other in ["", line + "\n" + line, String(line.prefix(line.count / 2)), line + " x"] {
        var changed = lines
        changed[index] = other
        let file = TraceFile.decode(text: changed.joined(separator: "\n"), file: "t")
        #expect(file.problems == Set(file.problems).sorted())
        #expect(file.isRunnable != file.traces.isEmpty, "\(index + 1): \(other)")
      }
    }
  }
}
