import Testing
import YAMLTree

@Suite struct LimitTests {
  @Test func `a file may have the bytes allowed and no more`() throws {
    let limits = YAMLLimits(bytes: 5)
    #expect(try outline(parse("a: 12", limits: limits)) == "{a: 12}")
    #expect(
      problems(in: "a: 123", limits: limits)
        == ["1:1: the file is larger than the 5 bytes allowed"])
  }

  @Test func `nesting has a depth`() throws {
    let limits = YAMLLimits(depth: 3)
    #expect(try outline(parse("a: [[1]]", limits: limits)) == "{a: [[1]]}")
    #expect(
      problems(in: "a: [[{b: 1}]]", limits: YAMLLimits(depth: 3))
        == ["1:6: nested 4 deep; at most 3 levels are allowed"])
  }

  @Test func `the standard depth is 64 and much deeper input is refused in time`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try parse(nested(64)).items?.count == 1)
    #expect(
      problems(in: nested(65)) == ["1:65: nested 65 deep; at most 64 levels are allowed"])
    #expect(
      problems(in: nested(100_000)) == ["1:65: nested 65 deep; at most 64 levels are allowed"])
  }

  @Test func `the greatest depth fits the stack`() throws {
    let depth = YAMLLimits.greatestDepth
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(try parse(text, limits: YAMLLimits(depth: depth)).items?.count == 1)
  }

  @Test func `a scalar has a length in bytes`() throws {
    let limits = YAMLLimits(scalarLength: 4)
    #expect(try parse("[abcd, éé]", limits: limits).items?.count == 2)
    #expect(
      problems(in: "a: ééé", limits: limits)
        == ["1:4: a scalar of 6 bytes; at most 4 are allowed"])
  }

  @Test func `nodes are counted with their keys`() throws {
    let limits = YAMLLimits(nodes: 5)
    #expect(try outline(parse("{a: [1, 2]}", limits: limits)) == "{a: [1, 2]}")
    #expect(
      problems(in: "{a: [1, 2, 3]}", limits: limits)
        == ["1:12: more than 5 nodes, aliases expanded; expected a smaller document"])
  }

  @Test func `problems are listed up to a number`() {
    let text = "a: 1\na: 2\na: 3\na: 4\na: 5\n"
    let found = problems(in: text, limits: YAMLLimits(problems: 2))
    #expect(
      found.suffix(2) == [
        "3:1: duplicate key 'a'; first given at line 1, column 1",
        "4:1: more than 2 problems; the rest of the file was not read",
      ])
    #expect(found.count == 3)
  }
}
