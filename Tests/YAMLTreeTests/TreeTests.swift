import Testing
import YAMLTree

import struct YAMLTree.SourceLocation  // Testing has a type of this name too.

@Suite struct TreeTests {
  @Test func `block and flow collections nest in one another`() throws {
    let root = try parse(
      """
      nodes:
        n1: { term: 3, log: [1, 1, 2] }
      steps:
      - receive:
          - [a, {b: c}, []]
          - {}
      - settle
      """)
    #expect(
      outline(root)
        == "{nodes: {n1: {term: 3, log: [1, 1, 2]}}, "
        + "steps: [{receive: [[a, {b: c}, []], {}]}, settle]}")
  }

  @Test func `a node's place is where its text begins`() throws {
    let root = try parse("a:\n  - b\n  - {c: [d]}\ne: |\n  f\n")
    #expect(
      places(root) == [
        "1:1", "1:1", "2:3", "2:5", "3:5", "3:6", "3:9", "3:10", "4:1", "4:4",
      ])
    #expect(root.location.description == "t.yaml:1:1")
  }

  @Test func `columns count Unicode scalars`() throws {
    // Two, three and four bytes of UTF-8, and one letter made of two scalars.
    let root = try parse("ключ: {日本: 😀, e\u{301}: x}\n")
    #expect(places(root) == ["1:1", "1:1", "1:7", "1:8", "1:12", "1:15", "1:19"])
    #expect(root["ключ"]?["日本"]?.text == "😀")
  }

  @Test func `a problem behind multi-byte text has its column in scalars`() {
    #expect(
      problems(in: "{日本: 1, 😀: 2, 日本: 3}")
        == ["1:15: duplicate key '日本'; first given at line 1, column 2"])
  }

  @Test func `CRLF files have the same tree and the same places`() throws {
    let text = "a: 1\nb:\n  - \"x\"\n  - |\n    y\n    z\n"
    let unix = try parse(text)
    let windows = try parse(text.replacing("\n", with: "\r\n"))
    #expect(outline(windows) == outline(unix))
    #expect(places(windows) == places(unix))
  }

  @Test func `a byte order mark is no part of the text`() throws {
    let root = try parse("\u{FEFF}a: 1")
    #expect(places(root) == ["1:1", "1:1", "1:4"])
    #expect(root["a"]?.asInteger == 1)
  }

  @Test func `a value left out is a plain empty scalar behind the colon`() throws {
    let value = try #require(try parse("key:\nother: 1\n")["key"])
    #expect(value.scalar == YAMLScalar(text: "", isPlain: true))
    #expect(value.isNull)
    #expect((value.location.line, value.location.column) == (1, 5))
  }

  @Test func `only unquoted scalars are plain`() throws {
    let root = try parse("- p\n- 's'\n- \"d\"\n- |-\n  l\n- >-\n  f\n  g\n")
    #expect(outline(root) == "[p, \"s\", \"d\", \"l\", \"f g\"]")
  }

  @Test func `an escaped NUL does not end a scalar`() throws {
    #expect(try parse("\"a\\0b\\u00e9\"").text == "a\0bé")
  }

  @Test func `a document may have its markers, a version and comments`() throws {
    #expect(try outline(parse("%YAML 1.1\n# c\n---\na: 1 # d\n...\n# e\n")) == "{a: 1}")
  }

  @Test func `look-ups answer by shape`() throws {
    let root = try parse("{'k': 1, s: [x, y]}")
    #expect(root["k"]?.text == "1")
    #expect(root["absent"] == nil)
    #expect(root.entries?.map(\.name) == ["k", "s"])
    #expect(root.items == nil)
    #expect(root.text == nil)
    #expect(root["s"]?.items?.map(\.text) == ["x", "y"])
    #expect(root["s"]?.entries == nil)
    #expect(root["s"]?["x"] == nil)
    let shapes = [root, root["s"], root["k"]].map { $0?.shape }
    #expect(shapes == ["a mapping", "a sequence", "a scalar"])
  }

  @Test func `places are ordered by file, line and column`() {
    func at(_ file: String, _ line: Int, _ column: Int) -> SourceLocation {
      SourceLocation(file: file, line: line, column: column)
    }
    let ordered = [at("a", 1, 9), at("a", 2, 1), at("a", 2, 10), at("b", 1, 1)]
    #expect([2, 0, 3, 1].map { ordered[$0] }.sorted() == ordered)
  }
}
