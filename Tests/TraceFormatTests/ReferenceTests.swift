import Testing

/// What the check says of names: entries, variables, captured messages, indices.
struct ReferenceTests {
  func problems(of steps: String, nodes: String = "{ n1: {}, n2: {}, n3: {} }") -> [String] {
    TraceFormatTests.problems(of: trace("nodes: \(nodes)\nsteps:\n\(steps)"))
  }

  @Test func `a step may speak of what its own verb names`() {
    #expect(
      problems(
        of: """
            - expect: { n1: { role: leader, term: $T } }
              elect: { node: n1, term: $T }
            - expect: { n1: { log: [e] } }
              propose: { to: n1, as: e }
          """) == [])
  }

  @Test func `a variable has a value before it is compared or counted from`() {
    #expect(
      problems(
        of: """
            - timeout: n1
              expect: { n1: { term: { at-least: $T } } }
            - elect: { node: n1, term: $T }
              expect: { n1: { term: $T+1 }, sent: [ { any: { term: $U } } ] }
            - elect: { node: n1, term: $T }
              expect: { n2: { term: $U } }
          """) == [
          "13:39: $T has no value yet", "16:30: $T has its value since line 14",
        ])
  }

  @Test func `a name that is received and never used is doubted`() {
    #expect(
      problems(
        of: """
            - elect: { node: n1, term: $T }
            - propose: { to: n1, as: e }
            - capture: { from: n1, to: n2, carries: e, as: late }
            - settle:
              expect: { n3: { log: [e] } }
          """) == [
          "12:30: warning: $T is not used", "14:50: warning: captured message 'late' is not used",
        ])
  }

  @Test func `a captured message is called by its name, near misses included`() {
    #expect(
      problems(
        of: """
            - elect: { node: n1 }
            - capture: { from: n1, to: n2, as: late }
            - deliver: lat
            - drop: late
            - capture: { from: n1, to: n3, as: late }
            - settle:
              expect: { n1: { role: leader } }
          """) == [
          "14:14: no message 'lat' was captured before; did you mean 'late'?",
          "16:38: message 'late' was captured before, on line 13",
          "16:38: warning: captured message 'late' is not used",
        ])
  }

  @Test func `entries of a group are called by their numbers`() {
    #expect(
      problems(
        of: """
            - elect: { node: n1 }
            - propose: { to: n1, as: e, times: 2 }
            - settle:
              expect: { each: { log: [e.1, e.2, e.3], commit: e }, results: { e: committed, f: lost } }
          """) == [
          "15:39: no entry 'e.3' was proposed before; did you mean 'e.1'?",
          "15:53: 'e' names several entries; say which: 'e.1'",
          "15:83: no entry 'f' was proposed before; did you mean 'e'?",
        ])
  }

  @Test func `indices that boot states and messages fill may be numbers, later ones not`() {
    let boots = "{ n1: { log: [1, 1] }, n2: { log: [1] }, n3: {} }"
    #expect(
      problems(
        of: """
            - elect: { node: n1 }
            - exchange: { between: [n1, n2], until: { n2: { last: 2@1 } } }
              expect: { n1: { commit: { at-least: 2 } }, n2: { commit: { at-most: 5 } } }
            - propose: { to: n1, as: e }
            - settle:
              expect: { n1: { commit: 3, last: 3@2 }, absent: [ { AppendEntries: { prev: 7@2 } } ] }
          """, nodes: boots
      ).map { $0.prefix { $0 != " " } } == ["17:29:", "17:38:"])
  }

  @Test func `a number too large for editors is written in quotes`() {
    func vote(_ term: String) -> [String] {
      problems(
        of: "  - receive: { RequestVote: { from: n2, to: n1, term: \(term), last: 0@0 } }\n"
          + "    expect: { n1: { term: \(term) } }")
    }
    #expect(vote("9007199254740992") == [])
    #expect(vote("\"9007199254740993\"") == [])
    #expect(vote("\"9223372036854775807\"") == [])
    #expect(
      vote("9007199254740993").first
        == "12:55: numbers above 9007199254740992 are written in quotes")
    #expect(vote("\"3\"").count == 2)
    #expect(vote("\"9223372036854775808\"").count == 2)
  }
}
