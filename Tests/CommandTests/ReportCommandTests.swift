import Foundation
import Support
import Testing

/// `raft-ladder report`, as a user would run it.
@Suite struct ReportCommandTests {
  @Test func `every report is written from one run, and again from its results`() throws {
    let folder = try TemporaryFolder()
    func path(_ name: String) -> String { folder.url.appending(path: name).path }
    func bytes(_ name: String) throws -> Data {
      try Data(contentsOf: folder.url.appending(path: name))
    }
    let first = try Command().run(
      "report", "--phase", "2", "--html", path("a.html"), "--junit", path("a.xml"), "--tap",
      path("a.tap"), "--markdown", path("a.md"), "--json", path("a.json"), "--badge", path("a.svg"))
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("Height: 2.2"))
    let second = try Command().run(
      "report", "--from", path("a.json"), "--html", path("b.html"), "--junit", path("b.xml"),
      "--tap", path("b.tap"), "--markdown", path("b.md"), "--json", path("b.json"), "--badge",
      path("b.svg"))
    #expect(second.status == 0, "\(second.errors)")
    for kind in ["html", "xml", "tap", "md", "json", "svg"] {
      #expect(try bytes("a.\(kind)") == bytes("b.\(kind)"), "the \(kind) is not the same")
    }
    #expect(String(decoding: try bytes("a.html"), as: UTF8.self).contains("steps:"))
  }

  @Test func `one report can go to standard output, and the summary goes beside it`() throws {
    let result = try Command().run("report", "stepdown.*", "--tap", "-")
    #expect(result.output.hasPrefix("TAP version 14\n"))
    #expect(result.errors.contains("Height:"))
    #expect(try Command().run("report", "--tap", "-", "--json", "-").status == 64)
  }

  @Test func `a comparison with itself finds no change`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "a.json").path
    #expect(try Command().run("report", "--todo", "3.2", "--json", file).status == 0)
    let result = try Command().run("report", "--from", file, "--compare", file)
    #expect(result.status == 0)
    #expect(result.output.contains("height 3.2, as before: no trace changed"))
  }

  @Test func `several systems stand side by side in one report`() throws {
    let result = try Command().run(
      "report", "--todo", "2.1", "--system", "reference, reference", "--tap", "-")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.components(separatedBy: "# Subtest: ").count == 3)
  }

  @Test func `what can't be reported is a usage error that says why`() throws {
    let folder = try TemporaryFolder()
    let none = try folder.write("{}", to: "none.json").path
    let cases: [(arguments: [String], complaint: String)] = [
      (["--system", "reference,nobody"], "There is no system 'nobody'"),
      (["--from", none], "holds no results: 'format' is missing"),
      (["--from", none + ".not"], "can't be read"),
      (["--from", none, "--seed", "7"], "--from reads what was run"),
      (["--system", "reference,reference", "--todo", "2.1", "--badge", none], "about one run"),
    ]
    for (arguments, complaint) in cases {
      let result = try Command().run(["report"] + arguments)
      #expect(result.status == 64, "\(arguments)")
      #expect(result.errors.contains(complaint), "\(result.errors)")
    }
  }
}
