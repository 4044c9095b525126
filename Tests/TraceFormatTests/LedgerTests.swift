import Testing
import TraceFormat

/// What the check says of hand-written messages and boot states that contradict each other.
struct LedgerTests {
  /// The problems of some messages to n1, which answers a vote at the end.
  func problems(
    of messages: [String], boot: String = "{ term: 1, log: [1, 1] }", rest: String = ""
  ) -> [String] {
    let steps = messages.map { "  - receive: { \($0) }" }.joined(separator: "\n")
    let body = """
      nodes: { n1: \(boot) }
      peers: [n2, n3]
      \(rest)
      steps:
      \(steps)
        - receive: { RequestVote: { from: n3, to: n1, term: 90, last: 9@80 } }
          expect: { vote: { by: n1, for: n3, term: 90, granted: true } }
      """
    return TraceFormatTests.problems(of: trace(body))
  }

  @Test func `messages that one run can show are fine`() {
    #expect(
      problems(of: [
        "AppendEntries: { from: n2, to: n1, term: 2, prev: 2@1, entries: [3@1, 4@2], commit: 2 }",
        "AppendEntries: { from: n2, to: n1, term: 2, prev: 3@1, entries: [4@2, 5@2], commit: 2 }",
        "Heartbeat: { from: n2, to: n1, term: 2, matched: 5@2, commit: 5 }",
        "AppendEntries: { from: n3, to: n1, term: 3, prev: 4@2, entries: [5@3], commit: 2 }",
      ]) == [])
  }

  @Test func `an entry has one prefix`() {
    #expect(
      problems(of: [
        "AppendEntries: { from: n2, to: n1, term: 3, prev: 1@1, entries: [2@2, 3@3], commit: 0 }",
        "AppendEntries: { from: n2, to: n1, term: 3, prev: 2@1, entries: [3@3], commit: 0 }",
      ]) == [
        "15:66: the leader of term 3 has 2@1 here and 2@2 on line 14",
        "15:80: 3@3 follows an entry of term 1 here and of term 2 on line 14",
      ])
  }

  @Test func `the entries of a term begin at one index`() {
    #expect(
      problems(
        of: [
          "AppendEntries: { from: n2, to: n1, term: 4, prev: 1@1, entries: [2@2], commit: 0 }"
        ], boot: "{ term: 2, log: [1, 1, 2] }")
        == [
          "14:80: 2@2 can't be: the entries of term 2 begin at index 3, as line 10 says"
        ])
  }

  @Test func `entries have no gap, and their terms neither fall nor pass the message's`() {
    #expect(
      problems(of: [
        "AppendEntries: { from: n2, to: n1, term: 3, prev: 2@1, entries: [4@3], commit: 0 }",
        "AppendEntries: { from: n2, to: n1, term: 4, prev: 3@3, entries: [4@2], commit: 0 }",
        "AppendEntries: { from: n2, to: n1, term: 5, prev: 2@1, entries: [3@6], commit: 0 }",
        "Heartbeat: { from: n2, to: n1, term: 6, matched: 3@7, commit: 0 }",
      ]) == [
        "14:80: 4@3 can't follow 2@1: there is a gap",
        "15:80: 4@2 follows 3@3, and terms never fall",
        "16:80: 3@6 is of a later term than the message",
        "17:65: 3@7 is of a later term than the message",
      ])
  }

  @Test func `a term has one leader`() {
    #expect(
      problems(of: [
        "Heartbeat: { from: n2, to: n1, term: 3, matched: 2@1, commit: 0 }",
        "AppendEntries: { from: n3, to: n1, term: 3, prev: 2@1, commit: 0 }",
      ]) == ["15:39: n3 leads term 3 here, and n2 does on line 14"])
    #expect(
      problems(
        of: ["Heartbeat: { from: n3, to: n1, term: 2, matched: 2@1, commit: 0 }"],
        boot: "{ term: 2, log: [1, 1], heard: { from: n2, term: 2, commit: 0 } }")
        == ["14:35: n3 leads term 2 here, and n2 does on line 10"])
  }

  @Test func `a server has one vote in a term, and a candidate gives it to itself`() {
    #expect(
      problems(of: [
        "RequestVote: { from: n2, to: n1, term: 3, last: 2@1 }",
        "RequestVoteResponse: { from: n2, to: n1, term: 3, granted: true }",
      ]) == ["15:37: n2 votes for n1 in term 3 here, and for n2 on line 14"])
    let text = trace(
      """
      nodes: { n1: { term: 1 }, n2: { term: 1 } }
      peers: [n3]
      liveness: { none: a test }
      steps:
        - receive: { RequestVoteResponse: { from: n3, to: n1, term: 2, granted: true } }
        - receive: { RequestVoteResponse: { from: n3, to: n2, term: 2, granted: true } }
          expect: { n2: { term: { not: 1 } } }
      """)
    #expect(
      TraceFormatTests.problems(of: text)
        == ["15:37: n3 votes for n2 in term 2 here, and for n1 on line 14"])
  }

  @Test func `a log ends below the term that its candidate stands in`() {
    #expect(
      problems(of: ["RequestVote: { from: n2, to: n1, term: 3, last: 4@3 }"]) == [
        "14:64: 4@3 is an entry of a term that only begins with the election of term 3"
      ])
  }

  @Test func `a boot state is one that a node can have`() {
    #expect(
      problems(of: [], boot: "{ term: 1, log: [1, 2] }")
        == ["10:10: n1 has term 1, below its last entry's 2"])
    #expect(
      problems(of: [], boot: "{ term: 3, log: [1, 3, 2] }")
        == ["10:10: 3@2 follows 2@3, and terms never fall"])
    #expect(
      problems(of: [], boot: "{ votedFor: n2 }")
        == ["10:26: a vote for n2 in term 0: nobody stands for it"])
    #expect(
      problems(of: [], boot: "{ term: 3, heard: { from: n1, term: 2, commit: 0 } }") == [
        "10:40: n1 can't hear from itself",
        "10:50: a heartbeat of term 2, below the node's term 3, would be ignored",
      ])
  }

  @Test func `a contradiction that is meant is let through`() {
    let two = [
      "Heartbeat: { from: n2, to: n1, term: 3, matched: 2@1, commit: 0 }",
      "Heartbeat: { from: n3, to: n1, term: 3, matched: 2@1, commit: 0 }",
    ]
    #expect(problems(of: two, rest: "impossible: two leaders must not stop the node") == [])
  }

  @Test func `a term that is a variable is left to the run`() {
    let text = trace(
      """
      nodes: { n1: {} }
      peers: [n2, n3]
      steps:
        - elect: { node: n1, by: [n2], term: $T }
        - receive: { AppendEntries: { from: n3, to: n1, term: $T+1, prev: 0@0, entries: [1@1], commit: 0 } }
          expect: { n1: { role: follower, term: $T+1, log: [1@1] } }
      """)
    #expect(TraceFormatTests.problems(of: text) == [])
  }
}
