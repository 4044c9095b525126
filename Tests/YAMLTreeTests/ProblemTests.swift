import Testing
import YAMLTree

import struct YAMLTree.SourceLocation  // Testing has a type of this name too.

@Suite struct ProblemTests {
  @Test func `a duplicate key names both places`() {
    #expect(
      problems(in: "a: 1\nb: 2\n'a': 3\n")
        == ["3:1: duplicate key 'a'; first given at line 1, column 1"])
  }

  @Test func `equal keys of different mappings are no duplicates`() throws {
    #expect(try outline(parse("a: {a: 1}\nb: {a: 2}")) == "{a: {a: 1}, b: {a: 2}}")
  }

  @Test(arguments: [
    ("!!str", "!!str"), ("!foo", "!foo"), ("!", "!"), ("!<tag:x.org,2000:y>", "tag:x.org,2000:y"),
  ])
  func `a tag is refused as it was written`(tag: String, shown: String) {
    #expect(
      problems(in: "k: \(tag) 1")
        == ["1:4: tag '\(shown)' is not used here; what a value means follows from its place"])
  }

  @Test func `tags of collections and tag directives are refused`() {
    let expected = "is not used here; what a value means follows from its place"
    #expect(problems(in: "!!map {a: 1}") == ["1:1: tag '!!map' \(expected)"])
    #expect(problems(in: "- !set [a]") == ["1:3: tag '!set' \(expected)"])
    #expect(
      problems(in: "%TAG !e! tag:e.org:\n---\na: 1")
        == ["1:1: tag directives are not used here; remove %TAG"])
  }

  @Test func `a key is a scalar`() {
    #expect(problems(in: "{[a]: 1}") == ["1:2: a sequence can't be a key; expected a scalar"])
    #expect(problems(in: "? {a: 1}\n: 2") == ["1:3: a mapping can't be a key; expected a scalar"])
  }

  @Test func `a merge key is refused and a quoted one is a name`() throws {
    #expect(
      problems(in: "a: &a {b: 1}\nc:\n  <<: *a\n")
        == ["3:3: merge keys ('<<') are not used here; write the entries out"])
    #expect(try parse("'<<': 1")["<<"]?.asInteger == 1)
  }

  @Test func `all problems are found in one run, in the order of their places`() {
    let text = "a: !x 1\na: {[!y k]: 2, b: 3, b: 4}\n<<: 5\n"
    let found = problems(in: text)
    let places = found.map { $0.prefix { $0 != " " } }
    #expect(places == ["1:4:", "2:1:", "2:5:", "2:6:", "2:22:", "3:1:"])
  }

  @Test func `a syntax error comes with what was found before it`() {
    let found = problems(in: "a: 1\na: 2\nb: [1, 2\nc: 3\n")
    #expect(found.count == 2)
    #expect(found.first == "2:1: duplicate key 'a'; first given at line 1, column 1")
    #expect(
      found.last
        == "4:2: did not find expected ',' or ']' while parsing a flow sequence "
        + "at line 3, column 4")
  }

  @Test func `what can be read of a faulty file is kept`() throws {
    let root = try #require(recovered("a: !x 1\na: 2\n{}: 3\n<<: {}\nb: [4]\n---\nc\n"))
    #expect(outline(root) == "{a: 1, b: [4]}")
    #expect(recovered("a: 1\na: 2\nb: [") == nil)
  }

  @Test func `an empty document is a problem where it is empty`() {
    let message = "the document is empty; expected a YAML node"
    for text in ["", "\u{FEFF}", "\n\n", "# nothing\n"] {
      #expect(problems(in: text) == ["1:1: \(message)"])
    }
    #expect(problems(in: "---\n...\n") == ["2:1: \(message)"])
    #expect(recovered("---\n") == nil)
    #expect(
      problems(in: "%YAML 1.1\n") == ["2:1: did not find expected <document start>"])
  }

  @Test func `a second document is a problem where it begins`() {
    #expect(
      problems(in: "a: 1\n---\nb: 2\n")
        == ["2:1: a second document begins here; a file holds one document"])
  }

  @Test func `a quoted name in a message stays on one line and short`() {
    let long = String(repeating: "k", count: 100)
    #expect(
      problems(in: "{\"\\e[1m\\n\": 1, \"\\e[1m\\n\": 2, \(long): 3, \(long): 4}").map {
        $0.drop { $0 != " " }.prefix { $0 != ";" }
      } == [" duplicate key '\\u{1B}[1m\\n'", " duplicate key '\(long.prefix(60))…'"])
  }

  @Test func `a problem prints as place and message`() {
    let place = SourceLocation(file: "d/t.yaml", line: 2, column: 3)
    let problem = YAMLProblem(location: place, message: "wrong")
    let both = YAMLProblems([problem, problem])
    #expect(both.description == "d/t.yaml:2:3: wrong\nd/t.yaml:2:3: wrong")
  }
}
