import Foundation
import Testing
import TraceFormat
import YAMLTree

/// Holds the JSON Schema against the decoder, with Python's validator (Debian's
/// python3-jsonschema), which shares no code with either.
struct SchemaTests {
  @Test func `every trace of the suite passes the schema`() throws {
    let folder = packageFolder.appending(path: "Traces").resolvingSymlinksInPath()
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.sorted()
    #expect(!paths.isEmpty, "no trace in \(folder.path)")
    let texts = try paths.map { try TraceFile.json(path: folder.path + "/" + $0, file: $0) }
    let verdicts = try Self.validate(texts)
    #expect(zip(paths, verdicts).filter { !$1 }.map(\.0) == [])
  }

  @Test func `every example and every seed that is built passes the schema`() throws {
    let texts =
      Verbs.all.map(\.exampleTrace) + [
        Seeds.responder, Seeds.figure8, Seeds.conflictRepair, Seeds.heldSync, Seeds.table,
        Seeds.joint, Seeds.readIndex, Seeds.snapshot, Seeds.chaos,
        Scaffold.trace(id: "vote.mine", todo: "3.2").filled,
      ]
    let verdicts = try Self.validate(texts.map(Self.json))
    #expect(zip(texts, verdicts).filter { !$1 }.map(\.0) == [])
  }

  @Test func `a broken trace fails in the schema too, or is known to be beyond its reach`() throws {
    let readable = BrokenTrace.all.filter { (try? Self.json($0.text)) != nil }
    let verdicts = try Self.validate(readable.map { try Self.json($0.text) })
    let passed = zip(readable, verdicts).filter { $1 }.map(\.0.name)
    let beyond = readable.filter(\.isBeyondSchema).map(\.name)
    #expect(passed == beyond)
  }

  @Test func `a seed of a later phase fails in the schema, unless a registry alone shows it`()
    throws
  {
    #expect(try Self.validate([Seeds.history].map(Self.json)) == [false])
  }

  @Test func `plain numbers, Booleans and values left out keep their types, all else is text`()
    throws
  {
    let json = try Self.json(
      #"{ a: 1, b: "1", c: true, d: yes, e: , f: 1e3, g: [~, -2, 3@1, "q\"\n"], h: {}, i: [] }"#)
    #expect(
      json == """
        { "a": 1, "b": "1", "c": true, "d": "yes", "e": null, "f": "1e3", \
        "g": [null, -2, "3@1", "q\\"\\n"], "h": {}, "i": [] }
        """)
  }

  private static func json(_ text: String) throws -> String {
    TraceFile.json(of: try YAMLParser.parse(text, file: "t"))
  }

  private static let validator = """
    import json, sys
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        sys.exit("python3 has no jsonschema: sudo apt-get install python3-jsonschema")
    with open(sys.argv[1]) as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    with open(sys.argv[2]) as file:
        for line in file:
            print(validator.is_valid(json.loads(line)))
    """

  /// Whether each of some JSON texts passes the schema.
  private static func validate(_ texts: [String]) throws -> [Bool] {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "raft-ladder-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let schema = folder.appending(path: "schema.json")
    let lines = folder.appending(path: "lines.json")
    try Data(TraceSchema.text.utf8).write(to: schema)
    try Data(texts.map { $0 + "\n" }.joined().utf8).write(to: lines)

    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", validator, schema.path, lines.path]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(
      process.terminationStatus == 0,
      "the validator failed; it needs: sudo apt-get install python3-jsonschema")
    let verdicts = String(decoding: data, as: UTF8.self).split(separator: "\n")
    try #require(verdicts.count == texts.count)
    return verdicts.map { $0 == "True" }
  }
}

extension String {
  /// A scaffold with its blanks filled.
  var filled: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let start = line.firstIndex(of: "<"), line.contains(">") else { return String(line) }
      return line[..<start] + (line.hasPrefix("clauses") ? "vote.up-to-date\"]" : "filled\"")
    }.joined(separator: "\n")
  }
}
