import AdapterProtocol
import Testing

/// What is wrong with a line is told with its place, what was expected, and what is there.
struct MalformedLineTests {
  private static let number = "an integer from 0 to 2^64 - 1 (above 2^53 as a string of digits)"

  /// Lines that are no answer, and the complaint about each.
  static let answers: [(line: String, complaint: String)] = [
    ("", "the line: expected a JSON object at byte 1, found the end of the line"),
    ("ready", "the line: expected a JSON object at byte 1, found ready"),
    ("5", "the line: expected an object, found 5"),
    ("[]", "the line: expected an object, found []"),
    ("{", "the line: expected a key in double quotes at byte 2, found the end of the line"),
    (#"{"id":1"#, "the line: expected ',' or '}' at byte 8, found the end of the line"),
    (#"{"id":1,}"#, "the line: expected a key in double quotes at byte 9, found }"),
    (#"{"id" 1}"#, "the line: expected ':' at byte 7, found 1}"),
    (
      #"{"id":1} {}"#,
      "the line: expected the end of the line after the object at byte 10, found {}"
    ),
    (#"{"id":[1,]}"#, "the line: expected a JSON value at byte 10, found ]}"),
    (#"{"id":[1 2]}"#, "the line: expected ',' or ']' at byte 10, found 2]}"),
    (#"{"id":01}"#, "the line: expected ',' or '}' at byte 8, found 1}"),
    (#"{"id":1.}"#, "the line: expected a digit at byte 9, found }"),
    (#"{"id":-}"#, "the line: expected a digit at byte 8, found }"),
    (#"{"id":tru}"#, "the line: expected a JSON value at byte 7, found tru}"),
    (
      #"{"id":"\x"}"#,
      #"the line: expected an escape: one of " \ / b f n r t u at byte 9, found x"}"#
    ),
    (
      #"{"id":"\ud800"}"#,
      #"the line: expected the second half of a surrogate at byte 14, found "}"#
    ),
    (
      #"{"id":"\udc00"}"#,
      #"the line: expected no lone surrogate in a string at byte 14, found "}"#
    ),
    (#"{"id":"\u00g0"}"#, #"the line: expected four hexadecimal digits at byte 12, found g0"}"#),
    (
      "{\"id\":\"\t\"}",
      "the line: expected no control character in a string at byte 8, found \\u{9}\"}"
    ),
    (#"{"ok":{}}"#, #"the line: expected an object with the field 'id', found {"ok":{}}"#),
    (#"{"id":-1,"ok":{}}"#, "the field 'id': expected \(number), found -1"),
    (#"{"id":1.5,"ok":{}}"#, "the field 'id': expected \(number), found 1.5"),
    (
      #"{"id":18446744073709551616,"ok":{}}"#,
      "the field 'id': expected \(number), found 18446744073709551616"
    ),
    (#"{"id":true,"ok":{}}"#, "the field 'id': expected \(number), found true"),
    (#"{"id":"","ok":{}}"#, #"the field 'id': expected \#(number), found """#),
    (
      #"{"id":1,"id":1,"ok":{}}"#, "the line: expected the field 'id' once, found it twice"
    ),
    (
      #"{"id":1}"#,
      #"the line: expected one of the fields 'ok', 'unsupported' and 'error', found {"id":1}"#
    ),
    (
      #"{"id":1,"ok":{},"error":{"message":""}}"#,
      "the line: expected one of the fields 'ok', 'unsupported' and 'error', found "
        + #"{"id":1,"ok":{},"error":{"message":""}}"#
    ),
    (#"{"id":1,"ok":[]}"#, "the field 'ok': expected an object, found []"),
    (
      #"{"id":1,"ok":{"outcome":"fine"}}"#,
      #"the field 'ok.outcome': expected one of "done", "rejected", "blocked", "void", "halted", "#
        + #"found "fine""#
    ),
    (#"{"id":1,"ok":{"node":7}}"#, "the field 'ok.node': expected a string, found 7"),
    (#"{"id":1,"ok":{"node":""}}"#, #"the field 'ok.node': expected the name of a node, found """#),
    (#"{"id":1,"ok":{"sent":{}}}"#, "the field 'ok.sent': expected an array, found {}"),
    (
      #"{"id":1,"ok":{"sent":[{"handle":1,"to":"n1"}]}}"#,
      "the field 'ok.sent[0]': expected an object with the field 'message', found "
        + #"{"handle":1,"to":"n1"}"#
    ),
    (
      #"{"id":1,"ok":{"sent":[{"handle":1,"to":"n2","message":{"type":"TimeoutNow"}},"#
        + #"{"handle":2,"to":"n3","message":{"type":"TimeoutNow","term":"two"}}]}}"#,
      #"the field 'ok.sent[1].message.term': expected \#(number), found "two""#
    ),
    (
      #"{"id":1,"ok":{"state":{"appended":[{"term":1,"data":"AQ"}]}}}"#,
      "the field 'ok.state.appended[0].data': expected bytes as a string in base64, padded with "
        + #"'=', found "AQ""#
    ),
    (
      #"{"id":1,"ok":{"state":{"appended":[{"term":1,"data":[1]}]}}}"#,
      "the field 'ok.state.appended[0].data': expected bytes as a string in base64, found [1]"
    ),
    (
      #"{"id":1,"ok":{"state":{"appended":[{"data":""}]}}}"#,
      "the field 'ok.state.appended[0]': expected an object with the field 'term', found "
        + #"{"data":""}"#
    ),
    (
      #"{"id":1,"ok":{"state":{"votedFor":false}}}"#,
      "the field 'ok.state.votedFor': expected a string, found false"
    ),
    (
      #"{"id":1,"ok":{"sent":[{"handle":1,"to":"n2","message":"#
        + #"{"type":"PreVoteResponse","granted":1}}]}}"#,
      "the field 'ok.sent[0].message.granted': expected true or false, found 1"
    ),
    (
      #"{"id":1,"ok":{"protocol":1}}"#,
      "the field 'ok': expected an object with the field 'implementation' beside 'protocol', found "
        + #"{"protocol":1}"#
    ),
    (
      #"{"id":1,"ok":{"protocol":1,"implementation":{"name":"x","version":"1"},"#
        + #""capabilities":[],"window":0}}"#,
      "the field 'ok.window': expected an integer from 1 to 2^53, found 0"
    ),
    (
      #"{"id":1,"ok":{"protocol":1,"implementation":{"name":"x","version":"1"},"#
        + #""capabilities":[],"wire":{"RequestVote":["lastIndex"]}}}"#,
      "the field 'ok.wire.RequestVote[0]': expected a field of a message: configuration, context, "
        + "data, disrupt, done, entries, granted, hint, index, installed, lastIncluded, "
        + "lastLogIndex, lastLogTerm, leaderCommit, matchIndex, nextOffset, offset, prevLogIndex, "
        + #"prevLogTerm, success, term, found "lastIndex""#
    ),
    (
      #"{"id":1,"ok":{"results":[{"fate":"lost"}]}}"#,
      "the field 'ok.results[0]': expected an object with the field 'data', found "
        + #"{"fate":"lost"}"#
    ),
    (
      #"{"id":1,"ok":{"results":[{"data":"","change":"c","fate":"lost"}]}}"#,
      "the field 'ok.results[0]': expected one of the fields 'data' and 'change', found "
        + #"{"data":"","change":"c","fate":"lost"}"#
    ),
    (
      #"{"id":1,"ok":{"reads":[{"read":"r","fate":"done"}]}}"#,
      "the field 'ok.reads[0]': expected an object with the field 'index', found "
        + #"{"read":"r","fate":"done"}"#
    ),
    (
      #"{"id":1,"ok":{"reads":[{"read":"r","fate":"committed"}]}}"#,
      #"the field 'ok.reads[0].fate': expected one of "done", "lost", found "committed""#
    ),
    (
      #"{"id":1,"ok":{"state":{"configuration":{"learners":[]}}}}"#,
      "the field 'ok.state.configuration': expected an object with the field 'voters', found "
        + #"{"learners":[]}"#
    ),
    (
      #"{"id":1,"ok":{"state":{"appended":[{"term":1,"configuration":{"voters":[]}}]}}}"#,
      "the field 'ok.state.appended[0]': expected an entry of the kind \"configuration\" where it "
        + #"has a 'configuration', found {"term":1,"configuration":{"voters":[]}}"#
    ),
    (
      #"{"id":1,"ok":{"state":{"restored":{"index":1,"term":1}}}}"#,
      "the field 'ok.state.restored': expected an object with the field 'commands', found "
        + #"{"index":1,"term":1}"#
    ),
    (
      #"{"id":1,"ok":{"sent":[{"handle":1,"to":"n2","message":"#
        + #"{"type":"InstallSnapshot","offset":-1}}]}}"#,
      "the field 'ok.sent[0].message.offset': expected \(number), found -1"
    ),
    (
      #"{"id":1,"error":{"detail":"x"}}"#,
      #"the field 'error': expected an object with the field 'message', found {"detail":"x"}"#
    ),
  ]

  /// Lines that are no request, and the complaint about each.
  static let requests: [(line: String, complaint: String)] = [
    (#"{"id":1}"#, #"the line: expected an object with the field 'op', found {"id":1}"#),
    (#"{"id":1,"op":4}"#, "the field 'op': expected a string, found 4"),
    (
      #"{"id":1,"op":"timeout"}"#,
      #"the line: expected an object with the field 'node', found {"id":1,"op":"timeout"}"#
    ),
    (
      #"{"id":1,"op":"begin","trace":"t","seed":"9f3c"}"#,
      #"the field 'seed': expected a seed of 16 hexadecimal digits, found "9f3c""#
    ),
    (
      #"{"id":1,"op":"tick","node":"n1","times":0}"#,
      "the field 'times': expected an integer from 1 to 2^53, found 0"
    ),
    (
      #"{"id":1,"op":"complete","node":"n1"}"#,
      "the line: expected one of the fields 'next', 'through' and 'all', found "
        + #"{"id":1,"op":"complete","node":"n1"}"#
    ),
    (
      #"{"id":1,"op":"hold","node":"n1","what":"disk"}"#,
      #"the field 'what': expected one of "entries", "vote", "sync", "apply", "snapshot", "#
        + #"found "disk""#
    ),
    (
      #"{"id":1,"op":"receive","node":"n1","from":"n2","message":{"type":"Gossip"}}"#,
      "the field 'message.type': expected one of "
        + #""RequestVote", "RequestVoteResponse", "PreVote", "PreVoteResponse", "AppendEntries", "#
        + #""AppendEntriesResponse", "Heartbeat", "HeartbeatResponse", "InstallSnapshot", "#
        + #""InstallSnapshotResponse", "TimeoutNow", "ReadIndex", "ReadIndexResponse", "#
        + #"found "Gossip""#
    ),
    (
      #"{"id":1,"op":"compact","node":"n1"}"#,
      "the line: expected an object with the field 'upTo', found "
        + #"{"id":1,"op":"compact","node":"n1"}"#
    ),
    (
      #"{"id":1,"op":"configure","node":"n1","change":"c"}"#,
      "the line: expected one of the fields 'voters' and 'leave', found "
        + #"{"id":1,"op":"configure","node":"n1","change":"c"}"#
    ),
    (
      #"{"id":1,"op":"configure","node":"n1","change":"c","voters":[],"joint":"no"}"#,
      #"the field 'joint': expected one of "auto", "always", "never", "explicit", found "no""#
    ),
    (
      #"{"id":1,"op":"read","node":"n1"}"#,
      "the line: expected an object with the field 'read', found "
        + #"{"id":1,"op":"read","node":"n1"}"#
    ),
  ]

  @Test func `each broken answer gets its complaint`() {
    for (line, complaint) in Self.answers {
      #expect(self.complaint { _ = try AnswerCoding.decode(Array(line.utf8)) } == complaint)
    }
  }

  @Test func `each broken request gets its complaint`() {
    for (line, complaint) in Self.requests {
      #expect(self.complaint { _ = try RequestCoding.decode(Array(line.utf8)) } == complaint)
    }
  }

  @Test func `the id is told where it could be read`() {
    #expect(problem(#"{"id":7,"op":"timeout"}"#)?.id == 7)
    #expect(problem(#"{"id":7,"op":"timeout""#)?.id == nil)
    #expect(problem(#"{"id":7,"op":"timeout""#)?.isSyntax == true)
    #expect(problem(#"{"id":7,"op":"timeout"}"#)?.isSyntax == false)
  }

  @Test func `bytes that are not UTF-8 are refused, and shown without harm`() {
    let line = Array(#"{"id":1,"x":""#.utf8) + [0xFF, 0x1B] + Array("\"}".utf8)
    #expect(
      complaint { _ = try AnswerCoding.decode(line) }
        == "the line: expected no control character in a string at byte 15, found \\u{1b}\"}")
    let other = Array(#"{"id":1,"x":""#.utf8) + [0xC3, 0x28] + Array("\"}".utf8)
    #expect(
      complaint { _ = try AnswerCoding.decode(other) }
        == "the line: expected UTF-8 in a string at byte 13, found \"\u{FFFD}(\"}")
  }

  @Test func `what is shown of a line is bounded and moves no cursor`() throws {
    let long = String(repeating: "x", count: 500)
    let found = try #require(problem("{\"id\":\"\(long)\",\"op\":\"end\"}")).found
    #expect(found == "\"\(String(repeating: "x", count: 59))... (502 bytes)")
    let hostile = try #require(problem("\u{1B}[2J\u{202E}<b>")).found
    #expect(hostile == "\\u{1b}[2J\\u{202e}<b>")
  }

  @Test func `limits refuse what is beyond them and nothing that is not`() throws {
    func nested(_ depth: Int) -> String {
      let open = String(repeating: "[", count: depth), close = String(repeating: "]", count: depth)
      return "{\"id\":1,\"op\":\"end\",\"x\":\(open)\(close)}"
    }
    // One level is the object's own.
    #expect(problem(nested(ProtocolLimits.nesting - 1)) == nil)
    #expect(
      problem(nested(ProtocolLimits.nesting))?.expected
        == "at most 32 arrays and objects inside one another at byte 55")
    func named(_ count: Int) -> String {
      "{\"id\":1,\"op\":\"\(String(repeating: "x", count: count))\"}"
    }
    #expect(problem(named(ProtocolLimits.nameBytes)) == nil)
    #expect(
      problem(named(ProtocolLimits.nameBytes + 1))?.expected == "a string of at most 256 bytes")
    func voters(_ count: Int) -> String {
      let names = (0..<count).map { "\"n\($0)\"" }.joined(separator: ",")
      return "{\"id\":1,\"op\":\"create\",\"node\":\"n1\",\"voters\":[\(names)]}"
    }
    #expect(problem(voters(ProtocolLimits.names)) == nil)
    #expect(problem(voters(ProtocolLimits.names + 1))?.expected == "at most 1024 elements")
    let tooLong = [UInt8](repeating: 0x20, count: ProtocolLimits.lineBytes + 1)
    #expect(
      complaint { _ = try AnswerCoding.decode(tooLong) }
        == "the line: expected at most 16777216 bytes, found 16777217 bytes")
  }

  private func problem(_ line: String) -> ProtocolProblem? {
    do throws(ProtocolProblem) {
      _ = try RequestCoding.decode(Array(line.utf8))
      return nil
    } catch {
      return error
    }
  }

  private func complaint(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? ProtocolProblem)?.message
    }
  }
}
