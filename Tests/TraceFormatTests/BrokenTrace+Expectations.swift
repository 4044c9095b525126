extension BrokenTrace {
  static let expectations: [BrokenTrace] = [
    BrokenTrace(
      "an expectation of nothing",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: {}
        """),
      problems: """
        13:5: a node that does nothing passes this trace; it needs a positive control, a later step that only a live and correct node passes
        14:13: an expectation of nothing can't fail
        """),
    BrokenTrace(
      "an expectation of a peer", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n2: { term: 2 } }
        """),
      problems: """
        14:15: 'n2' is a peer: it has no state, and only messages to it can be expected
        """),
    BrokenTrace(
      "an unknown role",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { role: leeder } }
        """),
      problems: """
        14:27: unknown word 'leeder'; did you mean 'leader'?
        """),
    BrokenTrace(
      "a role of two words",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { role: { not: leader, one-of: [leader, candidate] } } }
        """),
      problems: """
        14:42: 'one-of' can't be given along with 'not'
        """),
    BrokenTrace(
      "an empty state",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: {} }
        """),
      problems: """
        14:19: expected a node's state with at least 1 of its keys
        """),
    BrokenTrace(
      "a configuration of nothing",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { config: {} } }
        """),
      problems: """
        14:29: expected what a configuration must be with at least 1 of its keys
        """),
    BrokenTrace(
      "a range that runs back", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { term: { between: [5, 2] } } }
        """),
      problems: """
        14:38: the first of 'between' is above the second
        """),
    BrokenTrace(
      "a bound of two sides",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { term: { at-least: 1, at-most: 3 } } }
        """),
      problems: """
        14:42: 'at-most' can't be given along with 'at-least'
        """),
    BrokenTrace(
      "a field of another message",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { sent: [ { RequestVote: { granted: true } } ] }
        """),
      problems: """
        14:40: unknown key 'granted'; known here: from, last, term, to
        """),
    BrokenTrace(
      "a yes",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { vote: { by: n1, for: n2, term: 2, granted: yes } }
        """),
      problems: """
        14:58: expected true or false, found 'yes'
        """),
    BrokenTrace(
      "a match of a rejection", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { append: { by: n1, to: n2, accepted: false, match: 1 } , n1: { term: 2 } }
        """),
      problems: """
        14:65: 'match' needs 'accepted: true'
        """),
    BrokenTrace(
      "an entry nobody proposed", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { commit: e } }
        """),
      problems: """
        14:29: no entry 'e' was proposed before
        """),
    BrokenTrace(
      "a group where an entry is needed", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - propose: { to: n1, as: e, times: 2 }
            expect: { n1: { commit: e } }
        """),
      problems: """
        14:29: 'e' names several entries; say which: 'e.1'
        """),
    BrokenTrace(
      "a name used twice", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - propose: { to: n1, as: e }
          - propose: { to: n1, as: e }
            expect: { results: { e: committed } }
        """),
      problems: """
        14:28: 'e' was proposed before, on line 13
        """),
    BrokenTrace(
      "a name of a node for an entry", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - propose: { to: n1, as: n2 }
            expect: { results: { n2: committed } }
        """),
      problems: """
        13:28: 'n2' means something else in expectations; choose another name
        """),
    BrokenTrace(
      "a variable without a value", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - receive: { RequestVote: { from: n2, to: n1, term: $T+1, last: 1@1 } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:55: $T has no value yet
        """),
    BrokenTrace(
      "a message nobody captured", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - deliver: a
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:14: no message 'a' was captured before
        """),
    BrokenTrace(
      "a may without work", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            may: [refused]
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:5: 'may' needs a verb of work along with it
        """),
    BrokenTrace(
      "an index that a leader shifts", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { commit: 2, log: [1, 2@2] } }
        """),
      problems: """
        14:29: index 2 is above all that boot states and hand-written messages fill so far (1); a leader may add entries of its own, so name the entry and use its name
        14:41: index 2 is above all that boot states and hand-written messages fill so far (1); a leader may add entries of its own, so name the entry and use its name
        """),
    BrokenTrace(
      "columns without a name", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        cases:
          columns: [last, ok]
          rows: [[1@1, true]]
        steps:
          - receive: { RequestVote: { from: n2, to: n1, term: 3, last: $last } }
            expect: { vote: { by: n1, for: n2, term: 3, granted: $ok } }
        """),
      problems: """
        13:13: the first column must be 'name'
        14:11: expected a case's name like higher-term, found '1@1'
        """),
    BrokenTrace(
      "a row that is too short", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        cases:
          columns: [name, last, ok]
          rows: [[one, 1@1]]
        steps:
          - receive: { RequestVote: { from: n2, to: n1, term: 3, last: $last } }
            expect: { vote: { by: n1, for: n2, term: 3, granted: $ok } }
        """),
      problems: """
        14:10: a row of 2 values for 3 columns
        """),
    BrokenTrace(
      "a case named twice", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        cases:
          columns: [name, last, ok]
          rows: [[one, 1@1, true], [one, 2@1, true]]
        steps:
          - receive: { RequestVote: { from: n2, to: n1, term: 3, last: $last } }
            expect: { vote: { by: n1, for: n2, term: 3, granted: $ok } }
        """),
      problems: """
        14:29: case 'one' is there twice
        """),
    BrokenTrace(
      "a wrong value in a row", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        cases:
          columns: [name, last, ok]
          rows: [[one, 1@1, true], [two, 1@1, maybe], [three, 1@1, maybe]]
        steps:
          - receive: { RequestVote: { from: n2, to: n1, term: 3, last: $last } }
            expect: { vote: { by: n1, for: n2, term: 3, granted: $ok } }
        """),
      problems: """
        14:39: expected true or false, found 'maybe'
        14:60: expected true or false, found 'maybe'
        """),
    BrokenTrace(
      "a column that is not there", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        cases:
          columns: [name, last, good]
          rows: [[one, 1@1, true]]
        steps:
          - receive: { RequestVote: { from: n2, to: n1, term: 3, last: $last } }
            expect: { vote: { by: n1, for: n2, term: 3, granted: $ok } }
        """),
      problems: """
        13:25: warning: column 'good' is not used
        17:58: unknown column '$ok'
        """),
    BrokenTrace(
      "a duplicate key", beyondSchema: true,
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
      level: may
      """,
      problems: """
        15:1: duplicate key 'level'; first given at line 5, column 1
        """),
    BrokenTrace(
      "a blank", beyondSchema: true,
      """
      format: 1
      id: test.trace
      title: <what must happen>
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
        3:8: a blank to fill in: <what must happen>
        """),
  ]
}
