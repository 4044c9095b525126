import AdapterProtocol
import RaftTypes
import Testing

/// Answers, each with the one line that stands for it.
struct AnswerCodingTests {
  static let lines: [(Answer, String)] = plain + carried

  private static let plain: [(Answer, String)] = [
    (.ok(OperationResult()), #"{"id":3,"ok":{}}"#),
    (
      .ok(OperationResult(outcome: .rejected(why: "not-leader"))),
      #"{"id":3,"ok":{"outcome":"rejected","why":"not-leader"}}"#
    ),
    (.ok(OperationResult(outcome: .blocked)), #"{"id":3,"ok":{"outcome":"blocked"}}"#),
    (.ok(OperationResult(outcome: .void)), #"{"id":3,"ok":{"outcome":"void"}}"#),
    (.ok(OperationResult(outcome: .halted)), #"{"id":3,"ok":{"outcome":"halted"}}"#),
    (
      .unsupported(capability: "storage.fault", reason: "in memory"),
      #"{"id":3,"unsupported":{"capability":"storage.fault","reason":"in memory"}}"#
    ),
    (
      .error(message: "no \"n9\"\n", detail: "\u{1}\u{7f}é\\"),
      #"{"id":3,"error":{"message":"no \"n9\"\n","detail":"\u0001\u007fé\\"}}"#
    ),
    (.ok(moved), movedLine),
    (.ok(born), bornLine),
    (.ok(introduced), introducedLine),
    (.ok(risen), risenLine),
  ]

  /// Each message, as the one that was sent.
  private static let carried: [(Answer, String)] = messages.map { message, line in
    var result = OperationResult()
    result.sent = [
      SentMessage(handle: MessageHandle(rawValue: 1), to: NodeName("n2"), message: message)
    ]
    return (.ok(result), #"{"id":3,"ok":{"sent":[{"handle":1,"to":"n2","message":"# + line + "}]}}")
  }

  private static let moved: OperationResult = {
    var result = OperationResult()
    result.node = NodeName("n2")
    var delta = StateDelta()
    delta.status = .running
    delta.role = .preCandidate
    delta.term = Term(3)
    delta.votedFor = .cleared
    delta.leader = .set(NodeName("n1"))
    delta.commitIndex = LogIndex(4)
    delta.truncatedFrom = LogIndex(5)
    delta.appended = [WireEntry(term: Term(3), kind: .internalEntry, data: [])]
    delta.applied = [
      AppliedEntry(
        position: LogPosition(index: LogIndex(4), term: Term(2)), kind: .command, data: [1, 2])
    ]
    result.state = delta
    result.results = [ProposalResult(data: [1, 2], fate: .committed)]
    result.handle = MessageHandle(rawValue: 9)
    return result
  }()

  private static let movedLine =
    #"{"id":3,"ok":{"node":"n2","state":{"status":"running","role":"pre-candidate","term":3,"#
    + #""votedFor":null,"leader":"n1","commitIndex":4,"truncatedFrom":5,"#
    + #""appended":[{"term":3,"kind":"internal","data":""}],"#
    + #""applied":[{"index":4,"term":2,"data":"AQI="}]},"#
    + #""results":[{"data":"AQI=","fate":"committed"}],"handle":9}}"#

  private static let born: OperationResult = {
    var result = OperationResult()
    var delta = StateDelta()
    delta.votedFor = .set(NodeName("n3"))
    delta.leader = .cleared
    result.state = delta
    result.base = LogPosition(index: LogIndex(1), term: Term(1))
    return result
  }()

  private static let bornLine =
    #"{"id":3,"ok":{"base":{"index":1,"term":1},"state":{"votedFor":"n3","leader":null}}}"#

  /// Everything that snapshots, members and reads add.
  private static let risen: OperationResult = {
    var result = OperationResult()
    var delta = StateDelta()
    delta.configuration = WireConfiguration(
      voters: [NodeName("n1")], outgoing: [NodeName("n2")], learnersNext: [NodeName("n2")])
    delta.snapshot = LogPosition(index: LogIndex(7), term: Term(2))
    delta.truncatedFrom = LogIndex(5)
    delta.firstIndex = LogIndex(8)
    delta.appended = [
      WireEntry(term: Term(3), configuration: WireConfiguration(voters: [NodeName("n1")]))
    ]
    delta.restored = WireSnapshot(
      position: LogPosition(index: LogIndex(7), term: Term(2)), commands: [[1, 2]])
    delta.applied = [
      AppliedEntry(
        position: LogPosition(index: LogIndex(8), term: Term(3)), kind: .configuration, data: [],
        configuration: WireConfiguration(voters: [NodeName("n1")]))
    ]
    delta.transferTarget = .cleared
    result.state = delta
    result.results = [ProposalResult(data: [1, 2], fate: .lost)]
    result.changes = [ChangeResult(id: "c", fate: .unknown)]
    result.reads = [
      ReadResult(id: "r1", fate: .done(index: LogIndex(8))), ReadResult(id: "r2", fate: .lost),
    ]
    return result
  }()

  private static let risenLine =
    #"{"id":3,"ok":{"state":{"configuration":{"voters":["n1"],"outgoing":["n2"],"#
    + #""learnersNext":["n2"]},"snapshot":{"index":7,"term":2},"truncatedFrom":5,"firstIndex":8,"#
    + #""appended":[{"term":3,"kind":"configuration","configuration":{"voters":["n1"]}}],"#
    + #""restored":{"index":7,"term":2,"commands":["AQI="]},"#
    + #""applied":[{"index":8,"term":3,"kind":"configuration","configuration":{"voters":["n1"]}}],"#
    + #""transferTarget":null},"results":[{"data":"AQI=","fate":"lost"},"#
    + #"{"change":"c","fate":"unknown"}],"reads":[{"read":"r1","fate":"done","index":8},"#
    + #"{"read":"r2","fate":"lost"}]}}"#

  private static let introduced: OperationResult = {
    var result = OperationResult()
    result.implementation = Implementation(
      protocolVersion: 1, name: "x", version: "2", language: "go", homepage: "https://x",
      capabilities: ["messages", "clock"], window: 64,
      wireFields: [.requestVote: ["term"], .appendEntriesResponse: ["term", "success"]])
    return result
  }()

  private static let introducedLine =
    #"{"id":3,"ok":{"protocol":1,"implementation":{"name":"x","version":"2","language":"go","#
    + #""homepage":"https://x"},"capabilities":["messages","clock"],"window":64,"#
    + #""wire":{"AppendEntriesResponse":["success","term"],"RequestVote":["term"]}}}"#

  private static let messages: [(WireMessage, String)] = {
    var vote = WireMessage(type: .requestVote, term: Term(2))
    vote.lastLogIndex = LogIndex(3)
    vote.lastLogTerm = Term(2)
    vote.disrupt = true
    var granted = WireMessage(type: .preVoteResponse, term: Term(2))
    granted.granted = false
    var append = WireMessage(type: .appendEntries, term: Term(2))
    append.prevLogIndex = LogIndex(4)
    append.prevLogTerm = Term(1)
    append.entries = []
    append.leaderCommit = LogIndex(8)
    var accepted = WireMessage(type: .appendEntriesResponse, term: Term(2))
    accepted.success = true
    accepted.matchIndex = LogIndex(6)
    var refused = WireMessage(type: .appendEntriesResponse)
    refused.success = false
    refused.prevLogIndex = LogIndex(6)
    refused.hint = LogPosition(index: LogIndex(4), term: Term(1))
    return [
      (chunk, chunkLine), (wanted, wantedLine), (readIndex, readIndexLine),
      (
        vote,
        #"{"type":"RequestVote","term":2,"lastLogIndex":3,"lastLogTerm":2,"disrupt":true}"#
      ),
      (granted, #"{"type":"PreVoteResponse","term":2,"granted":false}"#),
      (
        append,
        #"{"type":"AppendEntries","term":2,"prevLogIndex":4,"prevLogTerm":1,"entries":[],"#
          + #""leaderCommit":8}"#
      ),
      (accepted, #"{"type":"AppendEntriesResponse","term":2,"success":true,"matchIndex":6}"#),
      (
        refused,
        #"{"type":"AppendEntriesResponse","success":false,"prevLogIndex":6,"#
          + #""hint":{"index":4,"term":1}}"#
      ),
    ]
      + MessageType.allCases.map { (WireMessage(type: $0), "{\"type\":\"\($0.rawValue)\"}") }
  }()

  private static let chunk: WireMessage = {
    var chunk = WireMessage(type: .installSnapshot, term: Term(4))
    chunk.lastIncluded = LogPosition(index: LogIndex(9), term: Term(3))
    chunk.configuration = WireConfiguration(voters: [NodeName("n1")], learners: [NodeName("n2")])
    chunk.offset = 8
    chunk.data = [0, 0, 0, 1, 0x78]
    chunk.done = true
    return chunk
  }()

  private static let chunkLine =
    #"{"type":"InstallSnapshot","term":4,"lastIncluded":{"index":9,"term":3},"#
    + #""configuration":{"voters":["n1"],"learners":["n2"]},"offset":8,"data":"AAAAAXg=","#
    + #""done":true}"#

  private static let wanted: WireMessage = {
    var wanted = WireMessage(type: .installSnapshotResponse, term: Term(4))
    wanted.lastIncluded = LogPosition(index: LogIndex(9), term: Term(3))
    wanted.nextOffset = 13
    wanted.installed = false
    return wanted
  }()

  private static let wantedLine =
    #"{"type":"InstallSnapshotResponse","term":4,"lastIncluded":{"index":9,"term":3},"#
    + #""nextOffset":13,"installed":false}"#

  private static let readIndex: WireMessage = {
    var answer = WireMessage(type: .readIndexResponse, term: Term(4))
    answer.context = "7"
    answer.index = LogIndex(9)
    return answer
  }()

  private static let readIndexLine =
    #"{"type":"ReadIndexResponse","term":4,"context":"7","index":9}"#

  @Test func `each answer is one line, and the line is that answer`() throws {
    for (answer, line) in Self.lines {
      #expect(text(AnswerCoding.encode(answer, id: 3)) == line + "\n")
      let (id, decoded) = try AnswerCoding.decode(Array(line.utf8))
      #expect(id == 3)
      #expect(text(AnswerCoding.encode(decoded, id: 3)) == line + "\n")
    }
  }

  @Test func `what was decoded is what was said, field by field`() throws {
    guard case .ok(let moved) = try AnswerCoding.decode(Array(Self.movedLine.utf8)).1,
      case .ok(let introduced) = try AnswerCoding.decode(Array(Self.introducedLine.utf8)).1
    else { throw Unexpected() }
    #expect(moved.outcome == .done)
    #expect(moved.node == NodeName("n2"))
    let state = try #require(moved.state)
    #expect(state.role == .preCandidate)
    #expect(state.votedFor == .cleared)
    #expect(state.leader == .set(NodeName("n1")))
    #expect(state.truncatedFrom == LogIndex(5))
    #expect(state.appended == Self.moved.state?.appended)
    #expect(state.applied == Self.moved.state?.applied)
    #expect(moved.results == Self.moved.results)
    guard case .ok(let risen) = try AnswerCoding.decode(Array(Self.risenLine.utf8)).1 else {
      throw Unexpected()
    }
    let upper = try #require(risen.state)
    #expect(upper.configuration == Self.risen.state?.configuration)
    #expect(upper.snapshot == Self.risen.state?.snapshot)
    #expect(upper.firstIndex == LogIndex(8))
    #expect(upper.appended == Self.risen.state?.appended)
    #expect(upper.restored == Self.risen.state?.restored)
    #expect(upper.applied == Self.risen.state?.applied)
    #expect(upper.transferTarget == .cleared)
    #expect(risen.results == Self.risen.results)
    #expect(risen.changes == Self.risen.changes)
    #expect(risen.reads == Self.risen.reads)
    #expect(introduced.implementation?.wireFields == Self.introduced.implementation?.wireFields)
    #expect(introduced.implementation?.capabilities == ["messages", "clock"])
  }

  @Test func `a change that is absent is none, and one that is null clears`() throws {
    func state(_ fields: String) throws -> StateDelta? {
      let line = "{\"id\":1,\"ok\":{\"state\":{\(fields)}}}"
      guard case .ok(let result) = try AnswerCoding.decode(Array(line.utf8)).1 else { return nil }
      return result.state
    }
    #expect(try state("")?.isEmpty == true)
    #expect(try state("\"votedFor\":null")?.votedFor == .cleared)
    #expect(try state("\"votedFor\":\"n1\"")?.votedFor == .set(NodeName("n1")))
    #expect(try state("\"term\":null")?.term == nil)
  }

  @Test func `escapes in names and keys are read as what they stand for`() throws {
    let line = #"{"id":1,"\u006fk":{"no\u0064e":"\ud83d\ude00\t\/"}}"#
    guard case .ok(let result) = try AnswerCoding.decode(Array(line.utf8)).1 else {
      throw Unexpected()
    }
    #expect(result.node == NodeName("😀\t/"))
  }

  @Test func `a type of message that the suite does not know has no say about fields`() throws {
    let line =
      #"{"id":1,"ok":{"protocol":1,"implementation":{"name":"x","version":"1"},"#
      + #""capabilities":[],"wire":{"Gossip":["rumour"],"TimeoutNow":["term"]}}}"#
    guard case .ok(let result) = try AnswerCoding.decode(Array(line.utf8)).1 else {
      throw Unexpected()
    }
    #expect(result.implementation?.wireFields == [.timeoutNow: ["term"]])
    #expect(result.implementation?.window == 1)
  }
}

/// A line was read as something that it does not say.
struct Unexpected: Error {}
