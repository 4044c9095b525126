import AdapterProtocol
import RaftTypes
import Testing

/// Requests, each with the one line that stands for it.
struct RequestCodingTests {
  static let lines: [(Request, String)] = lower + upper

  private static let lower: [(Request, String)] = [
    (
      .hello(protocols: [1, 2], suiteVersion: "0.1.0"),
      #"{"id":0,"op":"hello","protocols":[1,2],"suite":"0.1.0"}"#
    ),
    (
      .begin(trace: "vote.x/case", seed: 0xf9f3c),
      #"{"id":0,"op":"begin","trace":"vote.x/case","seed":"00000000000f9f3c"}"#
    ),
    (
      .begin(trace: "vote.x", seed: .max),
      #"{"id":0,"op":"begin","trace":"vote.x","seed":"ffffffffffffffff"}"#
    ),
    (.create(full), fullLine),
    (
      .create(
        NodeSpecification(
          node: n1, voters: [n1], term: .zero, votedFor: nil, log: [], settings: NodeSettings())),
      #"{"id":0,"op":"create","node":"n1","voters":["n1"],"#
        + #""hardState":{"term":0,"votedFor":null},"log":[],"config":{}}"#
    ),
    (.timeout(n1), #"{"id":0,"op":"timeout","node":"n1"}"#),
    (.campaign(n1), #"{"id":0,"op":"campaign","node":"n1"}"#),
    (.lapse(n1), #"{"id":0,"op":"lapse","node":"n1"}"#),
    (.beat(n1), #"{"id":0,"op":"beat","node":"n1"}"#),
    (.tick(n1, times: 3), #"{"id":0,"op":"tick","node":"n1","times":3}"#),
    (
      .receive(node: n1, from: NodeName("n2"), WireMessage(type: .timeoutNow, term: Term(2))),
      #"{"id":0,"op":"receive","node":"n1","from":"n2","#
        + #""message":{"type":"TimeoutNow","term":2}}"#
    ),
    (.deliver(handle), #"{"id":0,"op":"deliver","handle":7}"#),
    (.drop(handle), #"{"id":0,"op":"drop","handle":7}"#),
    (.duplicate(handle), #"{"id":0,"op":"duplicate","handle":7}"#),
    (.propose(n1, data: []), #"{"id":0,"op":"propose","node":"n1","data":""}"#),
    (.propose(n1, data: [0, 255]), #"{"id":0,"op":"propose","node":"n1","data":"AP8="}"#),
    (.hold(n1, .entries), #"{"id":0,"op":"hold","node":"n1","what":"entries"}"#),
    (.release(n1, .apply), #"{"id":0,"op":"release","node":"n1","what":"apply"}"#),
    (.complete(n1, .next(2), fails: false), #"{"id":0,"op":"complete","node":"n1","next":2}"#),
    (
      .complete(n1, .through(LogPosition(index: LogIndex(3), term: Term(1))), fails: false),
      #"{"id":0,"op":"complete","node":"n1","through":{"index":3,"term":1}}"#
    ),
    (
      .complete(n1, .all, fails: true),
      #"{"id":0,"op":"complete","node":"n1","all":true,"fails":true}"#
    ),
    (
      .storageFault(n1, StorageFault(operation: .anyWrite, nth: 2, effect: .full)),
      #"{"id":0,"op":"storageFault","node":"n1","on":"any-write","nth":2,"error":"full"}"#
    ),
    (
      .crash(n1, .torn, wipesDisk: true),
      #"{"id":0,"op":"crash","node":"n1","unsynced":"torn","wipe":true}"#
    ),
    (.crash(n1, .kept, wipesDisk: false), #"{"id":0,"op":"crash","node":"n1","unsynced":"kept"}"#),
    (
      .corrupt(n1, Corruption(damage: .flip, entry: LogIndex(2))),
      #"{"id":0,"op":"corrupt","node":"n1","what":"flip","entry":2}"#
    ),
    (.restart(n1), #"{"id":0,"op":"restart","node":"n1"}"#),
    (
      .state(n1, want: [.log, .applied]),
      #"{"id":0,"op":"state","node":"n1","want":["log","applied"]}"#
    ),
    (.hold(n1, .snapshot), #"{"id":0,"op":"hold","node":"n1","what":"snapshot"}"#),
    (
      .state(n1, want: [.configuration, .snapshot]),
      #"{"id":0,"op":"state","node":"n1","want":["configuration","snapshot"]}"#
    ),
    (.end, #"{"id":0,"op":"end"}"#),
    (.bye, #"{"id":0,"op":"bye"}"#),
    (.unknown(operation: "no-such-operation"), #"{"id":0,"op":"no-such-operation"}"#),
  ]

  /// Snapshots, members, reads and transfers.
  private static let upper: [(Request, String)] = [
    (.create(joining), joiningLine),
    (.snapshot(n1), #"{"id":0,"op":"snapshot","node":"n1"}"#),
    (.compact(n1, upTo: LogIndex(3)), #"{"id":0,"op":"compact","node":"n1","upTo":3}"#),
    (
      .configure(
        n1,
        ConfigureRequest(
          id: "c",
          change: .to(
            voters: [n1, NodeName("n2")], learners: [NodeName("n4")], joint: .automatic))),
      #"{"id":0,"op":"configure","node":"n1","change":"c","voters":["n1","n2"],"#
        + #""learners":["n4"],"joint":"auto"}"#
    ),
    (
      .configure(
        n1,
        ConfigureRequest(id: "", change: .to(voters: [], learners: [n1, n1], joint: .explicit))),
      #"{"id":0,"op":"configure","node":"n1","change":"","voters":[],"learners":["n1","n1"],"#
        + #""joint":"explicit"}"#
    ),
    (
      .configure(n1, ConfigureRequest(id: "d", change: .leave)),
      #"{"id":0,"op":"configure","node":"n1","change":"d","leave":true}"#
    ),
    (.read(n1, id: "r1"), #"{"id":0,"op":"read","node":"n1","read":"r1"}"#),
    (
      .transfer(n1, to: NodeName("n2")),
      #"{"id":0,"op":"transfer","node":"n1","to":"n2"}"#
    ),
    (
      .storageFault(n1, StorageFault(operation: .snapshot, nth: 1, effect: .io)),
      #"{"id":0,"op":"storageFault","node":"n1","on":"snapshot","nth":1,"error":"io"}"#
    ),
  ]

  private static let n1 = NodeName("n1")
  private static let handle = MessageHandle(rawValue: 7)

  private static let full: NodeSpecification = {
    var settings = NodeSettings()
    settings.electionTicks = 10
    settings.heartbeatTicks = 1
    settings.preVote = false
    settings.checkQuorum = true
    settings.maxEntriesPerAppend = 1
    settings.maxBytesPerAppend = 100
    settings.maxInflightAppends = 4
    return NodeSpecification(
      node: n1, voters: [n1, NodeName("n2")], term: Term(2), votedFor: NodeName("n2"),
      log: [
        WireEntry(term: Term(1), data: Array("1@1".utf8)),
        WireEntry(term: Term(2), kind: .internalEntry, data: []),
        WireEntry(term: Term(2), kind: .configuration, data: [1]),
      ], settings: settings)
  }()

  private static let fullLine =
    #"{"id":0,"op":"create","node":"n1","voters":["n1","n2"],"#
    + #""hardState":{"term":2,"votedFor":"n2"},"log":[{"term":1,"data":"MUAx"},"#
    + #"{"term":2,"kind":"internal","data":""},{"term":2,"kind":"configuration","data":"AQ=="}],"#
    + #""config":{"electionTicks":10,"heartbeatTicks":1,"preVote":false,"checkQuorum":true,"#
    + #""maxEntriesPerAppend":1,"maxBytesPerAppend":100,"maxInflightAppends":4}}"#

  /// A server that is no member yet, with a snapshot and a change in its log.
  private static let joining: NodeSpecification = {
    var settings = NodeSettings()
    settings.maxBytesPerSnapshotChunk = 8
    settings.leaseReads = true
    return NodeSpecification(
      node: NodeName("n4"),
      configuration: WireConfiguration(
        voters: [n1], outgoing: [n1, NodeName("n2")], learners: [NodeName("n3")],
        learnersNext: [NodeName("n2")]),
      term: Term(2), votedFor: nil,
      snapshot: WireSnapshot(
        position: LogPosition(index: LogIndex(3), term: Term(1)),
        configuration: WireConfiguration(voters: [n1]), commands: [[0x78], []]),
      log: [
        WireEntry(term: Term(2), configuration: WireConfiguration(voters: [n1, NodeName("n4")]))
      ], settings: settings)
  }()

  private static let joiningLine =
    #"{"id":0,"op":"create","node":"n4","voters":["n1"],"outgoing":["n1","n2"],"#
    + #""learners":["n3"],"learnersNext":["n2"],"hardState":{"term":2,"votedFor":null},"#
    + #""snapshot":{"index":3,"term":1,"configuration":{"voters":["n1"]},"commands":["eA==",""]},"#
    + #""log":[{"term":2,"kind":"configuration","configuration":{"voters":["n1","n4"]}}],"#
    + #""config":{"maxBytesPerSnapshotChunk":8,"leaseReads":true}}"#

  @Test func `each request is one line, and the line is that request`() throws {
    for (request, line) in Self.lines {
      #expect(text(RequestCoding.encode(request, id: 0)) == line + "\n")
      let (id, decoded) = try RequestCoding.decode(Array(line.utf8))
      #expect(id == 0)
      #expect("\(decoded)" == "\(request)")
    }
  }

  @Test func `the lines show every operation`() {
    let shown = Set(Self.lines.map(\.0.operation))
    #expect(shown.isSuperset(of: Operation.allCases.map(\.rawValue)))
  }

  @Test func `fields left out have their defaults`() throws {
    let cases: [(String, String)] = [
      (#"{"id":1,"op":"tick","node":"n1"}"#, "\(Request.tick(NodeName("n1"), times: 1))"),
      (
        #"{"id":1,"op":"crash","node":"n1"}"#,
        "\(Request.crash(NodeName("n1"), .lost, wipesDisk: false))"
      ),
      (#"{"id":1,"op":"state","node":"n1"}"#, "\(Request.state(NodeName("n1"), want: []))"),
      (
        #"{"id":1,"op":"create","node":"n1","voters":["n1"]}"#,
        "\(Request.create(NodeSpecification(node: NodeName("n1"), voters: [NodeName("n1")], term: .zero, votedFor: nil, log: [], settings: NodeSettings())))"
      ),
      (
        #"{"id":1,"op":"configure","node":"n1","change":"c","voters":["n1"]}"#,
        "\(Request.configure(NodeName("n1"), ConfigureRequest(id: "c", change: .to(voters: [NodeName("n1")], learners: [], joint: .automatic))))"
      ),
    ]
    for (line, expected) in cases {
      #expect("\(try RequestCoding.decode(Array(line.utf8)).1)" == expected)
    }
  }

  @Test func `order, blanks, a carriage return and unknown fields change nothing`() throws {
    let line =
      " { \"node\" : \"n1\" , \"new\" : [ { } , null , -1.5e3 ] , "
      + "\"op\" : \"tick\" ,\t\"times\" : 3 , \"id\" : \"5\" } \r"
    let (id, request) = try RequestCoding.decode(Array(line.utf8))
    #expect(id == 5)
    #expect("\(request)" == "\(Request.tick(NodeName("n1"), times: 3))")
  }

  @Test func `numbers go up to 2^64 - 1, as digits in quotes above 2^53`() throws {
    let cases: [(UInt64, String)] = [
      (0, "0"), (9, "9"), (10, "10"), (1 << 53, "9007199254740992"),
      ((1 << 53) + 1, "\"9007199254740993\""), (.max, "\"18446744073709551615\""),
    ]
    for (value, written) in cases {
      let request = Request.deliver(MessageHandle(rawValue: value))
      let line = RequestCoding.encode(request, id: value)
      #expect(text(line) == "{\"id\":\(written),\"op\":\"deliver\",\"handle\":\(written)}\n")
      let (id, decoded) = try RequestCoding.decode(line)
      #expect(id == value)
      #expect("\(decoded)" == "\(request)")
    }
    let (id, _) = try RequestCoding.decode(Array(#"{"id":18446744073709551615,"op":"end"}"#.utf8))
    #expect(id == .max)
  }
}

/// A line as text.
func text(_ line: [UInt8]) -> String { String(decoding: line, as: UTF8.self) }
