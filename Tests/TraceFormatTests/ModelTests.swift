import RaftTypes
import Testing
import TraceFormat

/// What the forms of the verbs and expectations mean.
struct ModelTests {
  /// The only step of a trace of n1 and n2 with the peer n3, with what it needs.
  func decoded(_ step: String) throws -> (step: Step, needs: Set<Capability>) {
    let text = trace(
      """
      nodes: { n1: { log: [1, 1] }, n2: {} }
      peers: [n3]
      liveness: { none: a test }
      steps:
        - propose: { to: n1, as: e }
        - capture: { to: n1, as: m }
        - deliver: m
        - \(step)
        - timeout: n1
          expect: { n1: { role: leader } }
      """)
    let file = TraceFile.decode(text: text, file: "t")
    let trace = try #require(file.traces.first, "\(file.problems)")
    let rest: Set<Capability> = [.propose, .reorderedMessages, .timeout]
    return (trace.steps[3], trace.requiredCapabilities.subtracting(rest))
  }

  func action(_ step: String) throws -> Action { try #require(try decoded(step).step.action) }

  @Test func `a tick is for a node, some, or all, once or often`() throws {
    for (text, nodes, times) in [
      ("tick: n1", ["n1"], 1), ("tick: all", ["n1", "n2"], 1), ("tick: [n2, n1]", ["n2", "n1"], 1),
      ("tick: { nodes: all, times: 7 }", ["n1", "n2"], 7),
      ("tick: { node: n2, until: { role: leader }, at-most: 9, count: $t }", ["n2"], 9),
    ] {
      guard case .tick(let tick) = try action(text) else {
        Issue.record("\(text) is no tick")
        continue
      }
      #expect(tick.nodes.map(\.rawValue) == nodes)
      #expect(tick.times == times)
      #expect((tick.until != nil) == text.contains("until"))
      #expect(tick.count == (text.contains("count") ? "t" : nil))
    }
  }

  @Test func `an election is by all other voters unless they are named`() throws {
    guard case .elect(let all) = try action("elect: { node: n1 }"),
      case .elect(let some) = try action("elect: { node: n1, by: [n3], term: $T }")
    else {
      Issue.record("no election")
      return
    }
    #expect(all.by == [NodeName("n2"), NodeName("n3")])
    #expect(all.term == nil)
    #expect(some.by == [NodeName("n3")])
    #expect(some.term == .variable("T", offset: 0))
  }

  @Test func `a message is written field by field`() throws {
    let text =
      "receive: { AppendEntries: { from: n3, to: n1, term: 4, prev: 2@1, entries: [3@4, e], commit: 8 } }"
    guard case .receive(let message) = try action(text),
      case .appendEntries(let prev, let entries, let commit) = message.body
    else {
      Issue.record("no AppendEntries")
      return
    }
    #expect(message.from == NodeName("n3"))
    #expect(message.to == NodeName("n1"))
    #expect(message.term == .literal(Term(4)))
    #expect(prev == LogPosition(index: LogIndex(2), term: Term(1)))
    #expect(
      entries == [
        .command(.position(LogPosition(index: LogIndex(3), term: Term(4)))), .command(.name("e")),
      ])
    #expect(commit == LogIndex(8))
  }

  @Test func `what is held is messages, writes or the applying of entries`() throws {
    guard
      case .holdMessages(let link) = try action("hold: { messages: { to: [n2], type: PreVote } }")
    else {
      Issue.record("no messages are held")
      return
    }
    #expect(link.to == [NodeName("n2")])
    #expect(link.type == .preVote)
    #expect(link.all && link.optional)
    guard
      case .holdStorage(NodeName("n2"), .vote) = try action("hold: { storage: n2, what: vote }"),
      case .holdApply(NodeName("n1")) = try action("hold: { apply: n1 }"),
      case .releaseStorage(NodeName("n2")) = try action("release: { storage: n2 }"),
      case .releaseAll = try action("release: all")
    else {
      Issue.record("the writes are not held")
      return
    }
  }

  @Test func `settle takes its three forms`() throws {
    guard case .settle(.quiescent) = try action("settle:"),
      case .settle(.deliveriesOnly) = try action("settle: { beats: 0 }"),
      case .settle(.within(rounds: 9)) = try action("settle: { within: { rounds: 9 } }")
    else {
      Issue.record("settle is something else")
      return
    }
  }

  @Test func `a crash keeps what was synced unless it says otherwise`() throws {
    guard case .crash(let plain) = try action("crash: n1"),
      case .crash(let torn) = try action("crash: { node: n1, unsynced: torn, disk: wiped }"),
      case .crash(let points) = try action(
        "crash: { node: n1, during: { propose: { to: n1, as: f } }, at: every-write }")
    else {
      Issue.record("no crash")
      return
    }
    #expect(plain.unsynced == .lost)
    #expect(!plain.wipesDisk)
    #expect(torn.unsynced == .torn)
    #expect(torn.wipesDisk)
    guard case .propose(let propose)? = points.during else {
      Issue.record("it dies during nothing")
      return
    }
    #expect(propose.entryNames == ["f"])
  }

  @Test func `a complete goes through an entry, for a number, or for all`() throws {
    guard case .complete(let through) = try action("complete: { storage: n1, through: e }"),
      case .through(.name("e")) = through.extent,
      case .complete(let next) = try action("complete: { storage: n1, next: 2, error: io }"),
      case .next(2) = next.extent,
      case .complete(let all) = try action("complete: { storage: n1, all: true }"),
      case .all = all.extent
    else {
      Issue.record("complete is something else")
      return
    }
    #expect(next.fails)
    #expect(!all.fails)
  }

  static let needs: [(step: String, needs: Set<Capability>)] = [
    ("tick: n1", [.clock]),
    ("lapse: n1", [.lapse]),
    ("beat: n1", [.beat]),
    ("hold: { storage: n1, what: sync }", [.heldSync]),
    ("crash: n1", [.crash]),
    ("crash: { node: n1, unsynced: torn }", [.crash, .tornCrash]),
    ("crash: { node: n1, disk: wiped }", [.crash, .wipedDisk]),
    ("crash: { node: n1, during: { timeout: n1 }, at: every-write }", [.crash, .crashPoints]),
    (
      "receive: { PreVoteResponse: { from: n3, to: n1, term: 1, granted: true } }",
      [.messages, .unsolicitedResponses]
    ),
    ("expect: { n1: { votedFor: none, log: [] } }", [.readVote, .readLog]),
    ("expect: { observed: { n1: { votedFor: none, log: [] } } }", []),
    ("expect: { n1: { applied: [] }, results: { e: pending } }", [.readLedger, .results]),
    ("expect: { n1: { applied: 2 } }", []),
    ("duplicate: { to: n1, optional: true }", [.duplicatedMessages]),
    ("settle: { within: { rounds: 3 } }", [.beat, .election]),
  ]

  @Test(arguments: needs)
  func `a verb, a key or a word asks for what it needs`(
    step: String, needs: Set<Capability>
  ) throws {
    #expect(try decoded(step).needs == needs)
  }

  @Test func `a step's text is one line of YAML, without its expectation`() throws {
    #expect(
      try decoded("{ deliver: { to: n1,   all: true }, expect: { n1: { role: leader } } }").step
        .text
        == "deliver: { to: n1, all: true }")
    #expect(try decoded("settle:").step.text == "settle:")
    #expect(
      try decoded("expect: { n1: { term: { at-least: 1 } } }").step.text
        == "expect: { n1: { term: { at-least: 1 } } }")
  }

  @Test func `bounds compare with numbers, variables, entries and last indices`() throws {
    for (text, bound) in [
      ("e", Bound.equals(.entry("e"))), ("2", .equals(.number(2))),
      ("n2.last", .equals(.lastIndex(NodeName("n2")))), ("{ at-least: e }", .atLeast(.entry("e"))),
      ("{ before: e }", .before(.entry("e"))), ("{ not: 1 }", .not(.number(1))),
      ("{ between: [0, 2] }", .between(0, 2)),
      ("{ at-most: n1.last }", .atMost(.lastIndex(NodeName("n1")))),
    ] {
      let step = try decoded("expect: { n1: { commit: \(text) } }").step
      #expect(step.expect?.nodes.first?.value.expectation.commit == bound)
    }
  }

  @Test func `messages that may not occur are told apart from those that may not meet`() throws {
    let step = try decoded(
      "expect: { absent: [ { any: { to: n2 } }, { all-of: [ { PreVote: {} }, { RequestVote: {} } ] } ] }"
    ).step
    #expect(step.expect?.absent.map(\.type) == [nil])
    #expect(step.expect?.absent.first?.text == "{ any: { to: n2 } }")
    #expect(step.expect?.absentTogether.map { $0.map(\.type) } == [[.preVote, .requestVote]])
  }

  @Test func `alternatives are whole expectations, weaker ones marked`() throws {
    let step = try decoded(
      "expect: { one-of: [ { n1: { term: 1 } }, { non-strict: true, n1: { term: 2 } } ] }"
    ).step
    #expect(step.expect?.oneOf.map(\.isNonStrict) == [false, true])
  }

  @Test func `a trace knows its kind, its servers and why it does not recover`() throws {
    let text = trace(
      """
      nodes: { n3: { log: [1, 2] }, n1: { term: 4, votedFor: n2, heard: { from: n2, term: 4, commit: 1 } } }
      peers: [n2]
      liveness: { none: the leader is gone }
      config: { electionTicks: 10, preVote: false }
      steps:
        - timeout: n1
          expect: { n1: { term: 5 } }
      """)
    let trace = try #require(TraceFile.decode(text: text, file: "t").traces.first)
    #expect(trace.isCluster)
    #expect(trace.servers.map(\.rawValue) == ["n1", "n2", "n3"])
    #expect(trace.nodes.map(\.name.rawValue) == ["n3", "n1"])
    #expect(trace.nodes.map(\.term) == [Term(2), Term(4)])
    #expect(trace.livenessWaiver == "the leader is gone")
    #expect(trace.settings.electionTicks == 10)
    #expect(trace.settings.preVote == false)
    #expect(trace.settings.checkQuorum == nil)
    #expect(!trace.requiredCapabilities.contains(.preVote))
    #expect(trace.requiredCapabilities.contains(.messages))
  }
}
