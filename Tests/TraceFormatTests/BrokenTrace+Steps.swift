extension BrokenTrace {
  static let steps: [BrokenTrace] = [
    BrokenTrace(
      "no node",
      trace(
        """
        nodes: {}
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        10:8: expected a mapping from a node's name, found an empty mapping
        13:14: unknown node 'n1'; the trace has none
        14:15: unknown node or key 'n1'
        """),
    BrokenTrace(
      "a reserved word as a node",
      trace(
        """
        nodes: { n1: {}, each: {} }
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        10:18: 'each' is a word of the format and can't be a node's name
        """),
    BrokenTrace(
      "a node that is a peer too", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n1, n2, n2]
        steps:
          - timeout: n1
            expect: { n1: { role: { not: follower } } }
        """),
      problems: """
        11:9: n1 is a real node and can't be a peer too
        11:17: peer n2 is there twice
        """),
    BrokenTrace(
      "a stranger that is a peer", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1 } }
        peers: [n2, n3]
        strangers: [n9, n3]
        steps:
          - timeout: n1
            expect: { n1: { role: candidate } }
        """),
      problems: """
        12:17: 'n3' is named already, and a stranger is nobody else
        """),
    BrokenTrace(
      "a server that joins and is a learner already", beyondSchema: true,
      trace(
        """
        nodes: { n1: {}, n4: { joins: true } }
        learners: [n4]
        peers: [n2, n3]
        steps:
          - timeout: n1
            expect: { n1: { role: { not: follower } } }
        """),
      problems: """
        10:31: n4 joins later, and is no learner yet
        """),
    BrokenTrace(
      "a setting below its least",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2]
        config: { electionTicks: 0, prevote: true }
        steps:
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        12:26: expected a number from 1 to 100000, found '0'
        12:29: unknown key 'prevote'; did you mean 'preVote'?
        """),
    BrokenTrace(
      "a typing error in a verb",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeuot: n1
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:5: unknown key 'timeuot'; did you mean 'timeout'?
        """),
    BrokenTrace(
      "two verbs in a step",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - { timeout: n1, beat: n1 }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:20: a step has one verb; 'beat' needs a step of its own after 'timeout'
        """),
    BrokenTrace(
      "a step of a note alone",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - note: nothing here
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:5: a step needs a verb or 'expect'
        """),
    BrokenTrace(
      "a step that is a word",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - settle
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:5: expected a step: a mapping of a verb, 'expect' or both, found 'settle'
        """),
    BrokenTrace(
      "a verb of a later phase",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - call: { client: c1, seq: 1 }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:5: 'call' is a verb of phase 12 (KV store), which is not built yet
        """),
    BrokenTrace(
      "an unknown node", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n9
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:14: unknown node 'n9'; expected n1
        """),
    BrokenTrace(
      "a peer where a node is needed", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - timeout: n2
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:14: 'n2' is a peer, and a real node is needed here; expected n1
        """),
    BrokenTrace(
      "a node where a peer is needed", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - answer: { from: n1, to: n1, with: grant }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:21: 'n1' is a real node: it answers by itself, when messages are delivered to it
        """),
    BrokenTrace(
      "a number in quotes",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - tick: { node: n1, times: "3" }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:30: expected a number from 1 to 100000, found the text "3"
        """),
    BrokenTrace(
      "a number that is none",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - tick: { node: n1, times: 1e3 }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:30: expected a number from 1 to 100000, found '1e3'
        """),
    BrokenTrace(
      "a count without an end",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - tick: { node: n1, until: { role: leader } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:30: 'until' needs 'at-most' along with it
        """),
    BrokenTrace(
      "times and until",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - tick: { node: n1, times: 3, until: { role: leader }, at-most: 9 }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:33: 'until' can't be given along with 'times'
        """),
    BrokenTrace(
      "no extent of completion",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - complete: { storage: n1 }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:15: missing one of 'next', 'through' or 'all'
        """),
    BrokenTrace(
      "two extents of completion",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - complete: { storage: n1, next: 1, all: true }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:39: 'all' can't be given along with 'next'
        """),
    BrokenTrace(
      "a held write of no kind",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - hold: { storage: n1 }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:22: 'storage' needs 'what' along with it
        """),
    BrokenTrace(
      "a crash within a crash", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - crash: { node: n1, during: { crash: n1 }, at: every-write }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:32: a crash can't be inside another one
        """),
    BrokenTrace(
      "a crash during nothing",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - crash: { node: n1, at: every-write }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:28: 'at' needs 'during' along with it
        """),
    BrokenTrace(
      "a partition that forgets a server", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - partition: [[n1], [n2]]
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:16: n3 is in no group of the partition
        """),
    BrokenTrace(
      "an exchange with oneself", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - exchange: { between: [n1, n1], until: { n1: { term: 1 } } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:26: expected two different nodes
        """),
    BrokenTrace(
      "through without ack", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - answer: { from: n2, to: n1, with: grant, through: 1@1 }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:55: 'through' needs 'with: ack' or 'with: index'
        """),
    BrokenTrace(
      "two messages in one receive",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - receive: { RequestVote: { from: n2, to: n1, term: 3, last: 1@1 }, PreVote: { from: n2, to: n1, term: 3, last: 1@1 } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:71: expected exactly one message type here
        """),
    BrokenTrace(
      "an unknown type of message",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - receive: { AppendEntry: { from: n2 } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:16: unknown message type 'AppendEntry'; did you mean 'AppendEntries'?
        """),
    BrokenTrace(
      "a snapshot of nothing", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - receive: { InstallSnapshot: { from: n2, to: n1, term: 1, last: 0@0 } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:68: a snapshot covers at least one entry
        """),
    BrokenTrace(
      "a message to oneself", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - receive: { RequestVote: { from: n1, to: n1, term: 3, last: 1@1 } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:45: n1 can't send a message to itself
        """),
    BrokenTrace(
      "a position without a term",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - receive: { RequestVote: { from: n2, to: n1, term: 3, last: 1 } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:64: expected a position like 3@2, found '1'
        """),
    BrokenTrace(
      "a position in term 0",
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - receive: { RequestVote: { from: n2, to: n1, term: 3, last: 1@0 } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:64: expected a position like 3@2, found '1@0'
        """),
    BrokenTrace(
      "a success with a hint", beyondSchema: true,
      trace(
        """
        nodes: { n1: { term: 1, log: [1] } }
        peers: [n2, n3]
        steps:
          - receive: { AppendEntriesResponse: { from: n2, to: n1, term: 1, success: true, prev: 1, hint: 1@1 } }
          - timeout: n1
            expect: { n1: { term: 2 } }
        """),
      problems: """
        13:77: with 'success: true' comes 'match', not 'prev' and 'hint'
        """),
  ]
}
