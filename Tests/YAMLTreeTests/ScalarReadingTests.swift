import Testing
import YAMLTree

@Suite struct ScalarReadingTests {
  @Test(arguments: [
    ("0", 0), ("7", 7), ("-1", -1), ("10", 10), ("9223372036854775807", Int.max),
    ("-9223372036854775808", Int.min),
  ])
  func `a plain decimal is an integer`(text: String, value: Int) throws {
    #expect(try parse(text).asInteger == value)
  }

  @Test(arguments: [
    "1e3", "0x10", "0o7", "0b1", "1_000", "+1", "01", "-01", "00", "-0", "--1", "1.0", "1-",
    "1:30", "١", "~", "true", "12a", "1 2",
  ])
  func `any other spelling is text`(text: String) throws {
    let node = try parse(text)
    #expect(node.asInteger == nil)
    #expect(node.asUnsigned == nil)
    #expect(!node.spellsInteger)
    #expect(node.asText == text)
  }

  @Test(arguments: ["'3'", "\"3\"", "|-\n  3", ">-\n  3"])
  func `a quoted number is text`(text: String) throws {
    let node = try parse(text)
    #expect(node.asInteger == nil)
    #expect(node.asUnsigned == nil)
    #expect(!node.spellsInteger)
    #expect(node.asText == "3")
  }

  @Test func `a number out of range is told from text`() throws {
    let large = try parse("9223372036854775808")
    #expect(large.asInteger == nil)
    #expect(large.spellsInteger)
    #expect(large.asUnsigned == 9_223_372_036_854_775_808)
    #expect(try parse("18446744073709551615").asUnsigned == UInt64.max)
    let larger = try parse("18446744073709551616")
    #expect(larger.asUnsigned == nil)
    #expect(larger.spellsInteger)
    #expect(try parse("-9223372036854775809").asInteger == nil)
  }

  @Test func `a sign or nothing is no integer`() {
    #expect(!YAMLScalar(text: "-").spellsInteger)
    #expect(!YAMLScalar(text: "").spellsInteger)
  }

  @Test func `a negative number is not unsigned`() throws {
    let node = try parse("-1")
    #expect(node.asUnsigned == nil)
    #expect(node.spellsInteger)
  }

  @Test func `only plain true and false are Booleans`() throws {
    #expect(try parse("true").asBool == true)
    #expect(try parse("false").asBool == false)
    let text = "[yes, no, on, off, y, n, True, FALSE, 1, 0, 'true', \"false\", '', ~]"
    let items = try #require(try parse(text).items)
    #expect(items.count == 14)
    #expect(items.allSatisfy { $0.asBool == nil })
    #expect(items.prefix(4).map(\.asText) == ["yes", "no", "on", "off"])
  }

  @Test func `null is plain and empty, a tilde, or null`() throws {
    let items = try #require(try parse("-\n- ~\n- null\n- Null\n- ''\n- 'null'\n- \"~\"\n").items)
    #expect(items.map(\.isNull) == [true, true, true, false, false, false, false])
  }

  @Test func `a collection is no scalar`() throws {
    for node in [try parse("[1]"), try parse("{1: true}")] {
      #expect(node.asInteger == nil)
      #expect(node.asUnsigned == nil)
      #expect(!node.spellsInteger)
      #expect(node.asBool == nil)
      #expect(node.asText == nil)
      #expect(!node.isNull)
    }
  }
}
