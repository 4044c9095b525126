import Testing
import YAMLTree

@Suite struct AliasTests {
  @Test func `an alias stands for its node`() throws {
    let root = try parse("base: &b {x: [1, 2]}\ncopy: *b\nword: &w yes\n*w : *w\n")
    #expect(
      outline(root) == "{base: {x: [1, 2]}, copy: {x: [1, 2]}, word: yes, yes: yes}")
  }

  @Test func `an expanded node begins at the alias and its parts where they were written`() throws {
    let copy = try #require(try parse("base: &b {x: 1}\ncopy: *b\n")["copy"])
    #expect(places(copy) == ["2:7", "1:11", "1:14"])
  }

  @Test func `an alias needs an anchor before it`() {
    #expect(
      problems(in: "a: *x\nb: &x 1\n")
        == ["1:4: alias '*x' has no node; expected '&x' before it"])
  }

  @Test func `a node can't contain itself`() {
    #expect(
      problems(in: "a: &a\n  b: [*a]\n")
        == [
          "2:7: alias '*a' lies inside the node it stands for, "
            + "which begins at line 1, column 4"
        ])
  }

  @Test func `an anchor is given once`() {
    #expect(
      problems(in: "- &a 1\n- &a 2\n")
        == ["2:3: duplicate anchor '&a'; first given at line 1, column 3"])
  }

  @Test func `an alias to a mapping can't be a key`() {
    #expect(
      problems(in: "- &a {b: 1}\n- {*a : 2}\n")
        == ["2:4: a mapping can't be a key; expected a scalar"])
  }

  @Test func `a key given again through an alias is a duplicate`() {
    #expect(
      problems(in: "a: &k b\nb: 1\n*k : 2\n")
        == ["3:1: duplicate key 'b'; first given at line 2, column 1"])
  }

  @Test func `aliases that explode are refused at the one that crosses the limit`() {
    // The values have 1, 11, 111, 1 111 and 11 111 nodes, with the root and the keys 12 351. Of the
    // next line's aliases seven fit (90 130 nodes with its key and sequence), the eighth does not.
    var text = "l0: &l0 lol\n"
    for level in 1...12 {
      let aliases = Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ")
      text += "l\(level): &l\(level) [\(aliases)]\n"
    }
    let found = problems(in: text)
    #expect(
      found == ["6:45: more than 100000 nodes, aliases expanded; expected a smaller document"])
  }

  @Test func `aliases count towards the depth where they stand`() throws {
    let text = "a: &a [[1]]\nb: [*a]\n"
    #expect(
      problems(in: text, limits: YAMLLimits(depth: 3))
        == ["2:5: nested 4 deep; at most 3 levels are allowed"])
    #expect(try outline(parse(text, limits: YAMLLimits(depth: 4))) == "{a: [[1]], b: [[[1]]]}")
    #expect(
      problems(in: "a: &a {x: {y: 1}, z: 2}\nb: [*a]\n", limits: YAMLLimits(depth: 3))
        == ["2:5: nested 4 deep; at most 3 levels are allowed"])
  }
}
