import AdapterProtocol
import Foundation
import Testing

/// The schemas of `Spec/schemas`, as `validate-adapter` reads them.
struct JSONSchemaTests {
  private static func schema(_ name: String) throws -> JSONSchema {
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Spec/schemas/\(name).schema.json")
    return try JSONSchema(parsing: Array(Data(contentsOf: file)))
  }

  private static func complaints(_ line: String, by name: String = "adapter-answer") throws
    -> [String]
  {
    try schema(name).findings(in: Array(line.utf8)).problems.map(\.message)
  }

  @Test(arguments: [
    (#"{"ok":{}}"#, "the line: expected an object with the field 'id', found only ok"),
    (#"{"id":-1,"ok":{}}"#, "the field 'id': expected from 0 to 2^64 - 1: an integer"),
    (
      #"{"id":1}"#,
      "the line: expected exactly one of the fields 'ok', 'unsupported' and 'error', found id"
    ),
    (#"{"id":1,"ok":{},"error":{"message":""}}"#, "found id, ok, error"),
    (#"{"id":1,"ok":[]}"#, "the field 'ok': expected an object, found []"),
    (#"{"id":1,"ok":{"outcome":"fine"}}"#, #"expected one of "done", "rejected""#),
    (
      #"{"id":1,"ok":{"state":{"term":"two"}}}"#,
      "the field 'ok.state.term': expected from 0 to 2^64 - 1"
    ),
    (#"{"id":1,"ok":{"state":{"role":"boss"}}}"#, "the field 'ok.state.role': expected one of"),
    (#"{"id":1,"ok":{"state":{"leader":7}}}"#, "a string of 1 to 256 characters, or null"),
    (#"{"id":1,"ok":{"sent":[{"handle":1,"to":"n2"}]}}"#, "'message', found only handle, to"),
    (#"{"id":1,"ok":{"protocol":1}}"#, "expected an object with the field 'implementation'"),
    (#"{"id":1,"ok":{"state":{"appended":[{"data":""}]}}}"#, "'ok.state.appended[0]'"),
    (#"{"id":1,"ok":{"state":{"appended":[{"term":1,"data":"A"}]}}}"#, "bytes in base64"),
    (#"{"id":1,"ok":{"capabilities":"messages"}}"#, "'ok.capabilities': expected an array"),
    (#"{"id":1,"ok":{"wire":{"RequestVote":["lastIndex"]}}}"#, "'ok.wire.RequestVote[0]'"),
    (#"{"id":1,"ok":{"node":"n1","node":"n2"}}"#, "expected the field 'node' once"),
  ])
  func `a wrong answer is told by its place and what belongs there`(
    line: String, words: String
  ) throws {
    let complaints = try Self.complaints(line)
    #expect(complaints.contains { $0.contains(words) }, "\(complaints)")
  }

  @Test func `every mistake of a line is told`() throws {
    let line = #"{"id":1,"ok":{"window":0,"state":{"term":-1,"role":"boss"}}}"#
    #expect(try Self.complaints(line).count == 3)
  }

  @Test(arguments: [
    #"{"id":1,"ok":{}}"#, #"{"id":"18446744073709551615","ok":{"state":{"votedFor":null}}}"#,
    #"{"id":1,"ok":{"sent":null,"state":null,"why":null}}"#,
    #"{"id":1,"unsupported":{"capability":"x"}}"#, #"{"id":1,"error":{"message":"no"}}"#,
    #"{"id":1,"ok":{"state":{"appended":[{"term":1,"data":"MUAx"}],"extra":{"a":[1.5,true]}}}}"#,
  ])
  func `a right answer has no mistake, null counts as left out`(line: String) throws {
    #expect(try Self.complaints(line) == [])
  }

  @Test func `a request's schema asks for what its operation needs`() throws {
    let complaints = try Self.complaints(#"{"id":1,"op":"timeout"}"#, by: "adapter-request")
    #expect(complaints == ["the line: expected an object with the field 'node', found only id, op"])
    #expect(
      try Self.complaints(#"{"id":1,"op":"begin","trace":"t","seed":"9f"}"#, by: "adapter-request")
        .count == 1)
    #expect(try Self.complaints(#"{"id":1,"op":"fly"}"#, by: "adapter-request") == [])
  }

  @Test func `a field that nobody reads is told with those that are missing`() throws {
    let line = #"{"id":1,"ok":{"state":{"votedfor":"n1","term":1}}}"#
    let fields = try Self.schema("adapter-answer").findings(in: Array(line.utf8)).unknownFields
    #expect(fields.map(\.path) == ["ok.state"])
    #expect(fields.map(\.name) == ["votedfor"])
    #expect(fields.first?.missing.contains("votedFor") == true)
    #expect(fields.first?.missing.contains("term") == false)
  }

  @Test(arguments: [
    #"{"uniqueItems":true}"#, #"{"properties":{"a":{"not":{}}}}"#, #"{"$ref":"other.json"}"#,
    ##"{"$ref":"#/$defs/none"}"##, "nonsense",
  ])
  func `a schema that is not understood is refused`(text: String) {
    #expect(throws: ProtocolProblem.self) { try JSONSchema(parsing: Array(text.utf8)) }
  }
}
