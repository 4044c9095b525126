import Conformance
import ConformanceReport
import Testing

@Suite struct EscapingTests {
  @Test func `control characters are written out`() {
    #expect(Escaping.plain("a\u{1B}[31mb\nc\td\r") == "a\\u{1B}[31mb\\nc\\td\\r")
    #expect(Escaping.plain("\r\n") == "\\r\\n")
    #expect(Escaping.plain("\u{9B}2J\u{7F}") == "\\u{9B}2J\\u{7F}")
  }

  @Test func `text can't be reordered or hidden`() {
    #expect(Escaping.plain("a\u{202E}b\u{200B}") == "a\\u{202E}b\\u{200B}")
    #expect(Escaping.plain("né \u{4E2D}") == "né \u{4E2D}")
  }

  @Test func `markup is text`() {
    #expect(Escaping.xml("<a href=\"x\">&'\0") == "&lt;a href=&quot;x&quot;&gt;&amp;&apos;\\u{0}")
    #expect(Escaping.markdown("a|b`[c]") == "a\\|b\\`\\[c\\]")
  }

  @Test func `a shell takes an argument as it is`() {
    #expect(Escaping.shell("vote.up-to-date/equal") == "vote.up-to-date/equal")
    #expect(Escaping.shell("python3 it's $x") == "'python3 it'\\''s $x'")
    #expect(Escaping.shell("") == "''")
    #expect(
      Rerun(arguments: ["--seed", "7"]).line(for: "a.b/*") == "raft-ladder run 'a.b/*' --seed 7")
  }
}
