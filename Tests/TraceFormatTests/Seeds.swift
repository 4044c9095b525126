/// Traces that the format was designed on, one of each kind.
enum Seeds {
  static let responder = """
    format: 1
    id: commit.bounded-by-what-was-verified
    title: Commit stops at prev + count, and the acknowledgement claims no more
    todo: "7.1"
    level: must
    clauses: [commit.follower-bound, append.ack-bound]
    source: https://github.com/hashicorp/raft
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    nodes:
      n1: { term: 3, log: [1, 1, 1, 1, 3, 3, 3, 3] }
    peers: [n2, n3]
    steps:
      - receive: { AppendEntries: { from: n2, to: n1, term: 4, prev: 4@1, entries: [5@3, 6@3], commit: 8 } }
        expect:
          n1: { term: 4, commit: 6, applied: 6, last: 8@3 }
          sent: [ { AppendEntriesResponse: { to: n2, success: true, match: 6 } } ]
      - receive: { AppendEntries: { from: n2, to: n1, term: 4, prev: 8@3, entries: [9@4], commit: 8 } }   # positive control
        expect: { n1: { commit: 8, log: [1, 1, 1, 1, 3, 3, 3, 3, 4] } }
    """

  static let figure8 = """
    format: 1
    id: commit.figure-8
    title: An old-term entry on a majority is not committed by counting
    todo: "7.2"
    level: must
    clauses: [commit.current-term-only]
    requires: [append.limit]
    source: Raft paper, Figure 8
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    config: { maxEntriesPerAppend: 1 }
    nodes: { n1: { term: 3, log: [1, 2] }, n2: { term: 2, log: [1] }, n3: { term: 2, log: [1] }, n4: { term: 3, log: [1] }, n5: { term: 3, log: [1, 3] } }
    steps:
      - elect: { node: n1, by: [n2, n3, n4] }
      - exchange: { between: [n1, n2], until: { n2: { last: 2@2 } } }
      - exchange: { between: [n1, n3], until: { n3: { last: 2@2 } } }
        expect: { n1: { role: leader, commit: { at-most: 1 } } }   # 2@2 is on n1, n2 and n3
      - crash: n1
      - elect: { node: n5, by: [n2, n3, n4] }
      - propose: { to: n5, as: x }
      - settle:
        expect: { n2: { log: [1, 3, x], commit: x }, n3: { log: [1, 3, x], commit: x } }
    """

  static let conflictRepair = """
    format: 1
    id: conflict.cluster-repair
    title: A deposed leader's unreplicated suffix is replaced, through real messages
    todo: "6.2"
    level: must
    clauses: [append.conflict-deleted, progress.backtracks]
    source: Raft paper, Figure 7
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    nodes: { n1: { term: 0 }, n2: { term: 0 }, n3: { term: 0 } }
    steps:
      - elect: { node: n1 }
      - propose: { to: n1, as: a }
      - settle:
        expect: { each: { commit: a } }
      - isolate: n1
      - propose: { to: n1, times: 3, as: lost }       # lost.1 lost.2 lost.3, on n1 alone
      - elect: { node: n2, by: [n3] }
      - propose: { to: n2, as: b }
      - settle:
        expect: { n1: { log: [a, lost.1, lost.2, lost.3] }, n3: { log: [a, b] } }
      - heal:
      - settle:
        expect: { each: { log: [a, b], commit: b, applied: [a, b] }, results: { b: committed, lost: { not: committed } } }
    """

  static let heldSync = """
    format: 1
    id: durability.heartbeat-acks-only-synced
    title: A heartbeat during a held sync does not acknowledge the entry in memory
    todo: "1.1"
    level: must
    clauses: [durability.ack-after-sync]
    requires: [storage.async.entries]
    source: https://github.com/yugabyte/yugabyte-db/issues/32875
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    nodes: { n1: { term: 1, log: [1, 1] } }
    peers: [n2, n3]
    steps:
      - hold: { storage: n1, what: entries }
      - receive: { AppendEntries: { from: n2, to: n1, term: 1, prev: 2@1, entries: [3@1], commit: 2 } }
        expect: { absent: [ { AppendEntriesResponse: { success: true, match: { at-least: 3 } } } ] }
      - receive: { Heartbeat: { from: n2, to: n1, term: 1, matched: 2@1, commit: 2 } }
        expect: { absent: [ { AppendEntriesResponse: { success: true, match: { at-least: 3 } } } ] }
      - complete: { storage: n1, through: 3@1 }
        expect: { sent: [ { AppendEntriesResponse: { to: n2, success: true, match: 3 } } ] }   # positive control
      - crash: { node: n1, unsynced: lost }
      - restart: n1
        expect: { n1: { log: [1, 1, 1] } }
    """

  static let joint = """
    format: 1
    id: joint.both-majorities-commit
    title: In a joint configuration an entry needs both majorities
    todo: "9.2"
    level: must
    clauses: [joint.both-majorities]
    requires: [config.joint]
    source: https://github.com/async-raft/async-raft/issues/62
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    nodes:
      n3: { term: 1, snapshot: { at: 2@1, config: { voters: [n3, n4, n5], outgoing: [n1, n2, n3] } } }
    peers: [n1, n2, n4, n5]
    steps:
      - campaign: n3
      - answer: { from: [n4, n5], to: n3, with: grant }
        expect: { n3: { role: candidate } }            # the new majority alone does not elect
      - answer: { from: n1, to: n3, with: grant }
        expect: { n3: { role: leader, config: { voters: [n3, n4, n5], outgoing: [n1, n2, n3] } } }
      - propose: { to: n3, as: e }
      - answer: { from: [n4, n5], to: n3, with: ack, through: e }
        expect: { n3: { commit: { before: e } }, results: { e: pending } }
      - answer: { from: n2, to: n3, with: ack, through: e }
        expect: { n3: { commit: { at-least: e } }, results: { e: committed } }
    """

  static let readIndex = """
    format: 1
    id: read.new-leader-waits-for-own-term
    title: A new leader answers no read before an entry of its own term commits
    todo: "10.1"
    level: must
    clauses: [read.current-term-gate]
    requires: [read.index]
    source: https://github.com/etcd-io/etcd/issues/7331
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    nodes:
      n2: { term: 1, log: [1, 1, 1], heard: { from: n1, term: 1, commit: 2 } }   # n1 committed 3; n2 does not know
    peers: [n1, n3]
    steps:
      - elect: { node: n2, by: [n3] }
      - read: { at: n2, as: r1 }
      - beat: n2
      - answer: { from: n3, to: n2, with: beat }        # confirms the round, acknowledges nothing
        expect: { results: { r1: { one-of: [pending, refused] } } }
      - propose: { to: n2, as: e }
      - answer: { from: n3, to: n2, with: ack, through: e }
      - read: { at: n2, as: r2 }
      - beat: n2
      - answer: { from: n3, to: n2, with: beat, all: true }
        expect: { results: { r2: { served-at: { at-least: e } } } }
    """

  static let snapshot = """
    format: 1
    id: snapshot.older-keeps-matching-suffix
    title: A snapshot of a prefix we hold cuts no suffix and turns nothing back
    todo: "8.3"
    level: must
    clauses: [snapshot.retain-suffix, snapshot.never-back]
    source: https://github.com/camunda/camunda/issues/6092
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    nodes:
      n1: { term: 2, log: [1, 1, 2, 2, 2], heard: { from: n2, term: 2, commit: $known } }
    peers: [n2, n3]
    cases:
      columns: [ name, known ]
      rows: [ [ already-applied, 4 ], [ not-yet-committed, 2 ] ]
    steps:
      - receive: { InstallSnapshot: { from: n2, to: n1, term: 2, last: 3@2, config: { voters: [n1, n2, n3] }, ledger: [1@1, 2@1, 3@2] } }
        expect: { n1: { term: 2, last: 5@2, commit: { at-least: $known }, applied: { at-least: $known } } }
      - receive: { AppendEntries: { from: n2, to: n1, term: 2, prev: 5@2, entries: [6@2], commit: 6 } }   # control
        expect: { n1: { last: 6@2, commit: 6, ledger: [1@1, 2@1, 3@2, 4@2, 5@2, 6@2] } }
    """

  static let chaos = """
    format: 1
    id: chaos.loss-duplication-crash
    title: Loss, duplication, reordering and crashes break no safety property
    todo: "11.3"
    level: must
    clauses: [safety.all]
    source: The design
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    seeds: { from: 1, to: 20 }      # one case each: chaos.loss-duplication-crash/7
    nodes: { n1: {}, n2: {}, n3: {}, n4: {}, n5: {} }
    steps:
      - elect: { node: n1 }
      - chaos:
          moves: 600                # moves, not ticks: a clockless system runs them too
          weights: { deliver: 64, drop: 4, duplicate: 5, reorder: 8, timeout: 1, beat: 6, propose: 8, crash: 1, restart: 3 }
          only: [deliver, drop, duplicate, reorder, timeout, beat, propose, crash, restart]
          down: 2
          at-least: { leaders: 1, committed: 5 }
      - recover: { rounds: 30 }     # heal, restart, elect if need be, propose a probe: all apply it
    """

  static let table = """
    format: 1
    id: vote.up-to-date
    title: A vote goes only to a log at least as up to date, the last term deciding first
    todo: "3.2"
    level: must
    clauses: [vote.up-to-date]
    source: Raft paper, 5.4.1
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    nodes: { n1: { term: 2, log: [1, 1, 2] } }
    peers: [n2, n3]
    cases:
      columns: [ name,                 last, granted ]
      rows:
        - [ equal,                     3@2,  true  ]
        - [ longer,                    4@2,  true  ]
        - [ higher-term-shorter,       2@3,  true  ]
        - [ same-term-shorter,         2@2,  false ]
        - [ lower-term-longer,         9@1,  false ]
    steps:
      - receive: { RequestVote: { from: n2, to: n1, term: 4, last: $last } }
        expect: { vote: { by: n1, for: n2, term: 4, granted: $granted }, n1: { term: 4 } }   # not granted: a denial or silence
      - receive: { RequestVote: { from: n3, to: n1, term: 5, last: 9@4 } }   # control: the voter is alive
        expect: { vote: { by: n1, for: n3, term: 5, granted: true } }
    """

  static let history = """
    format: 1
    id: kv.no-stale-get-from-a-cut-leader
    title: A cut-off leader serves no stale get; the history stays linearizable
    todo: "12.3"
    level: must
    clauses: [kv.linearizable-get]
    requires: [kv, links]
    source: https://github.com/etcd-io/etcd/issues/741
    hint: The rule in the title is broken
    conclusion: The rule in the title holds.
    servers: [n1, n2, n3]
    steps:
      - set: { key: k, value: "1", as: w1 }
        expect: { results: { w1: ok } }
      - await: { leader: $old, for: { rounds: 50 } }
      - isolate: $old
      - set: { key: k, value: "2", at: { not: $old }, as: w2, for: { rounds: 50 } }
        expect: { results: { w2: ok } }
      - get: { key: k, at: $old, as: g1, for: { rounds: 10 } }
      - heal:
      - get: { key: k, as: g2, for: { rounds: 50 } }
        expect:
          results: { g1: { one-of: [pending, refused, unknown, { value: "2" }] }, g2: { value: "2" } }
          history: linearizable
    """
}
