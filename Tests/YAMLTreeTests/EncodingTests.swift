import Testing
import YAMLTree

@Suite struct EncodingTests {
  @Test func `invalid UTF-8 is a problem at its first byte`() {
    let text = Array("a: 1\né: ".utf8)
    let faulty: [[UInt8]] = [
      [0xFF], [0x80], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
    ]
    for bytes in faulty {
      let first = String(bytes[0], radix: 16, uppercase: true)
      #expect(
        problems(inBytes: text + bytes + Array(" b\n".utf8))
          == ["2:4: byte 0x\(first) is not UTF-8; expected UTF-8"])
    }
    #expect(
      problems(inBytes: text + [0xE2, 0x82]) == ["2:4: byte 0xE2 is not UTF-8; expected UTF-8"])
  }

  @Test func `invalid UTF-8 behind a byte order mark has the column without it`() {
    #expect(
      problems(inBytes: [0xEF, 0xBB, 0xBF, 0x61, 0xFF])
        == ["1:2: byte 0xFF is not UTF-8; expected UTF-8"])
  }

  @Test func `UTF-16 is named`() {
    #expect(
      problems(inBytes: [0xFF, 0xFE, 0x61, 0x00]) == ["1:1: the file is UTF-16; expected UTF-8"])
    #expect(
      problems(inBytes: [0xFE, 0xFF, 0x00, 0x61]) == ["1:1: the file is UTF-16; expected UTF-8"])
  }

  @Test(arguments: [0x00, 0x01, 0x07, 0x1B, 0x7F])
  func `a control character is refused at its place`(code: UInt8) {
    #expect(
      problems(inBytes: Array("a: 1\r\né: x".utf8) + [code] + Array("y\n".utf8))
        == ["2:5: control characters are not allowed (character \(code))"])
  }

  @Test func `a tab does not indent`() {
    #expect(
      problems(in: "a:\n\tb: 1\n")
        == ["2:1: found character that cannot start any token while scanning for the next token"])
  }

  @Test func `a tab may separate a value from its key`() throws {
    #expect(try parse("a:\t1\n")["a"]?.asInteger == 1)
  }
}
