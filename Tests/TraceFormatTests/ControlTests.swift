import Testing

/// What the check says of traces that can't fail.
struct ControlTests {
  let boot = """
    nodes: { n1: { term: 2, votedFor: n2, log: [1, 1] } }
    peers: [n2, n3]
    steps:
      - receive: { RequestVote: { from: n3, to: n1, term: 2, last: 2@1 } }
    """
  let mute =
    "13:5: a node that does nothing passes this trace; it needs a positive control, a later step that only a live and correct node passes"

  @Test(arguments: [
    "sent: none", "n1: { role: follower }", "n1: { term: 2, votedFor: n2 }",
    "n1: { log: [1, 2@1] }", "n1: { last: 2@1, commit: 0, applied: [] }",
    "vote: { by: n1, for: n3, term: 2, granted: false }",
    "append: { by: n1, to: n3, accepted: false }", "n1: { commit: { at-most: 2 } }",
    "absent: [ { RequestVoteResponse: { granted: true } } ]",
    "count: { of: { any: {} }, is: { before: 2 } }", "n1: { role: { not: leader } }",
    "observed: { n1: { role: leader } }", "n1: { ledger: [], leader: none }",
    "one-of: [ { n1: { role: leader } }, { n1: { term: 2 } } ]",
  ])
  func `a dead node meets it, so it is not enough`(expectation: String) {
    #expect(
      problems(of: trace(boot + "\n    expect: { \(expectation) }"))
        == [mute])
  }

  @Test(arguments: [
    "n1: { term: 3 }", "n1: { role: candidate }", "n1: { votedFor: n3 }", "n1: { votedFor: none }",
    "sent: [ { RequestVoteResponse: { granted: false } } ]", "n1: { log: [1] }",
    "vote: { by: n1, for: n3, term: 2, granted: true }", "n1: { leader: n2 }",
    "n1: { commit: { at-least: 1 } }", "n1: { status: halted }", "n1: { applied: [1@1] }",
    "count: { of: { any: {} }, is: 1 }", "append: { by: n1, to: n2, accepted: true }",
  ])
  func `only a live node meets it`(expectation: String) {
    #expect(problems(of: trace(boot + "\n    expect: { \(expectation) }")) == [])
  }

  @Test func `a control that comes later is enough, one that comes before is doubted`() {
    let control =
      "  - receive: { RequestVote: { from: n3, to: n1, term: 3, last: 2@1 } }\n    expect: { n1: { term: 3 } }"
    #expect(problems(of: trace(boot + "\n    expect: { sent: none }\n" + control)) == [])
    let before = """
      nodes: { n1: { term: 2, log: [1, 1] } }
      peers: [n2, n3]
      steps:
      \(control)
        - receive: { RequestVote: { from: n2, to: n1, term: 2, last: 2@1 } }
          expect: { sent: none }
      """
    #expect(
      problems(of: trace(before)) == [
        "15:5: warning: a node that has died meanwhile passes from here on; a positive control after it would show that it lives"
      ])
  }

  @Test func `the last verb is followed by an expectation`() {
    #expect(
      problems(of: trace(boot + "\n    expect: { n1: { term: 3 } }\n  - crash: n1"))
        == ["15:5: the last step proves nothing: it needs an 'expect'"])
    #expect(
      problems(
        of: trace(
          boot
            + "\n    expect: { n1: { term: 3 } }\n  - crash: n1\n  - expect: { n1: { status: crashed } }"
        )
      ).filter { !$0.contains("warning") } == [])
    #expect(
      problems(of: trace(boot)) == [
        "13:5: the last step proves nothing: it needs an 'expect'",
        "13:5: the trace can't fail: it expects nothing",
      ])
  }

  @Test func `a cluster recovers at its end, which dead nodes don't`() {
    func cluster(_ rest: String) -> String {
      trace(
        "nodes: { n1: {}, n2: {}, n3: {} }\n\(rest)steps:\n  - timeout: n1\n    expect: { n2: { role: follower } }"
      )
    }
    #expect(problems(of: cluster("")) == [])
    #expect(problems(of: cluster("liveness: { none: a test }\n")).count == 1)
  }
}
