extension BrokenTrace {
  static let header: [BrokenTrace] = [
    BrokenTrace(
      "another version",
      """
      format: 2
      id: test.trace
      title: A trace under test
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        1:9: expected the number 1, found '2'
        """),
    BrokenTrace(
      "a missing key",
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        1:1: missing key 'hint': what probably went wrong where it fails
        """),
    BrokenTrace(
      "an id of one part",
      """
      format: 1
      id: vote
      title: A trace under test
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        2:5: expected an id like vote.up-to-date, found 'vote'
        """),
    BrokenTrace(
      "an unknown rung",
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: "3.9"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        4:7: expected a TODO of the ladder like "3.2", found the text "3.9"
        """),
    BrokenTrace(
      "a rung as a number", beyondSchema: true,
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: 3.2
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        4:7: write "3.2" in quotes; editors read a plain 3.2 as a number
        """),
    BrokenTrace(
      "a rung of a later phase", beyondSchema: true,
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: "12.1"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        4:7: TODO 12.1 belongs to phase 12 (KV store), which is not built yet
        """),
    BrokenTrace(
      "an unknown level",
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: "3.2"
      level: shall
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        5:8: expected 'must', 'should' or 'may', found 'shall'
        """),
    BrokenTrace(
      "no clause",
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: "3.2"
      level: must
      clauses: []
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        6:10: a list of 0 where at least 1 are expected
        """),
    BrokenTrace(
      "an unknown capability",
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      requires: [message]
      """,
      problems: """
        15:12: unknown word 'message'; did you mean 'messages'?
        """),
    BrokenTrace(
      "a capability of a later phase", beyondSchema: true,
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      requires: [kv]
      """,
      problems: """
        15:12: 'kv' is a capability of phase 12 (KV store), which is not built yet
        """),
    BrokenTrace(
      "a title that is empty",
      """
      format: 1
      id: test.trace
      title: ""
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        3:8: expected a title, found the text ""
        """),
    BrokenTrace(
      "a title that is a number",
      """
      format: 1
      id: test.trace
      title: 7
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      """,
      problems: """
        3:8: expected a title, found '7'
        """),
    BrokenTrace(
      "an unknown top-level key",
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      node: {}
      """,
      problems: """
        15:1: unknown key 'node'; did you mean 'nodes'?
        """),
    BrokenTrace(
      "a liveness without a reason",
      """
      format: 1
      id: test.trace
      title: A trace under test
      todo: "3.2"
      level: must
      clauses: [vote.up-to-date]
      source: A test
      hint: A test
      conclusion: A test
      nodes: { n1: { term: 1, log: [1] } }
      peers: [n2, n3]
      steps:
        - timeout: n1
          expect: { n1: { term: 2 } }
      liveness: none
      """,
      problems: """
        15:11: expected 'required' or { none: a reason }, found 'none'
        """),
  ]
}
