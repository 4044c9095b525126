import Foundation
import Support
import Testing

/// `raft-ladder validate-adapter`, as an author of an adapter meets it.
@Suite struct ValidateAdapterTests {
  private static let reference = ["--", Command.program.path, "adapter", "reference"]

  @Test func `a right adapter ends with 0, whichever way it is named`() throws {
    let after = try Command().run(["validate-adapter"] + Self.reference)
    #expect(after.status == 0, "\(after.output)\(after.errors)")
    #expect(after.output.contains("the adapter is valid"))
    #expect(!after.output.contains("\u{1B}"), "no colours where there is no terminal")
    let option = try Command().run(
      "validate-adapter", "--adapter", "'\(Command.program.path)' adapter reference")
    #expect(option.status == 0)
    #expect(
      option.output.components(separatedBy: "traces apply")[0]
        == after.output.components(separatedBy: "traces apply")[0])
  }

  @Test func `the conversation is shown when it is asked for`() throws {
    let result = try Command().run(["validate-adapter", "--verbose"] + Self.reference)
    #expect(result.output.contains(#"-> {"id":1,"op":"hello","protocols":[1]"#))
    #expect(result.output.contains(#"<- {"id":1,"ok":{"protocol":1"#))
  }

  @Test func `a faulty adapter ends with 1, and is told what to mend and where`() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write(Self.faulty, to: "faulty.py")
    let result = try Command().run("validate-adapter", "--", Tool.python, script.path)
    #expect(result.status == 1, "\(result.output)\(result.errors)")
    for part in [
      "✓ hello", "✗ unknown operation", "an operation that does not exist is answered with ok",
      "✗ create", "the field 'ok.state.term': expected", #"found "four""#,
      #"<- {"id": 4, "ok": {"state""#, "did you mean 'votedFor'?", "to mend",
    ] {
      let isThere = result.output.lowercased().contains(part.lowercased())
      #expect(isThere, "\(part) is missing in:\n\(result.output)")
    }
    #expect(!result.output.contains("declare next"), "first things first")
  }

  @Test func `what comes next is told with what it brings`() throws {
    let folder = try TemporaryFolder()
    let made = try Command(folder: folder.url).run("new", "adapter", "--language", "python")
    #expect(made.status == 0)
    let result = try Command().run(
      "validate-adapter", "--", Tool.python, folder.url.appending(path: "adapter.py").path)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("What to declare next:"))
    #expect(result.output.contains(/clock: \d+ traces more, of phases? .*; operations: tick/))
  }

  @Test func `an adapter that does not start, or has no hello, ends with 2`() throws {
    let none = try Command().run("validate-adapter", "--", "no-such-program-here")
    #expect(none.status == 2)
    #expect(none.errors.contains("'no-such-program-here' could not be started"))
    let mute = try Command().run("validate-adapter", "--", "false")
    #expect(mute.status == 2)
    #expect(mute.output.contains("it exited with code 1 instead of answering request 1 (hello)"))
  }

  @Test(arguments: [
    ["validate-adapter"], ["validate-adapter", "--adapter", "a", "--", "b"],
    ["validate-adapter", "--adapter", "'a"], ["validate-adapter", "--adapter", ""],
  ])
  func `a command that names no adapter is a usage error`(arguments: [String]) throws {
    let result = try Command().run(arguments)
    #expect(result.status == 64)
    #expect(!result.errors.isEmpty)
  }

  @Test func `what an adapter says moves no cursor`() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write(Self.hostile, to: "hostile.py")
    let result = try Command().run("validate-adapter", "--", Tool.python, script.path)
    #expect(result.output.contains("\\u{1b}[2J"))
    #expect(!result.output.contains("\u{1B}"))
  }

  /// Answers everything with ok, and 'create' with a term in words.
  private static let faulty = #"""
    import json, sys
    for line in sys.stdin:
        request = json.loads(line)
        ok = {}
        if request["op"] == "hello":
            ok = {"protocol": 1, "implementation": {"name": "faulty", "version": "1"},
                  "capabilities": ["votedFor.read"]}
        if request["op"] == "create":
            ok = {"state": {"term": "four", "role": "follower", "votedfor": "n3"}}
        print(json.dumps({"id": request["id"], "ok": ok}), flush=True)
    """#

  /// Has escapes in every text.
  private static let hostile = #"""
    import json, sys
    nasty = "\u001b[2J"
    for line in sys.stdin:
        request = json.loads(line)
        ok = {}
        if request["op"] == "hello":
            ok = {"protocol": 1, "implementation": {"name": nasty, "version": nasty},
                  "capabilities": [nasty], "window": 1, nasty: 1}
        print(json.dumps({"id": request["id"], "ok": ok, nasty: 2}, ensure_ascii=False).replace(
            "\u001b", "\\u001b"), flush=True)
    """#
}
