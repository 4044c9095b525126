/// The sentences of `Spec/TraceFormat.md` that no declaration says.
enum SpecProse {
  static let introduction = """
    # The trace format, version 1

    Written from the declarations in `Sources/TraceFormat`; don't edit it by hand. The JSON Schema is
    `Spec/schemas/trace.schema.json`; `raft-ladder new trace ID` starts a trace that points to it.

    A trace is a YAML file. It boots some nodes from a stated durable state, takes steps, and states
    what must hold. Nothing in it depends on one implementation. In a **responder** trace one node is
    real, its messages are written by hand and its peers exist only in them. In a **cluster** trace
    several nodes are real, and the runner is their network and their clock.

    Below, a key with a `?` can be left out. *Words like this* are explained under Values.

    """

  static let boot = """
    `nodes: { n1: { term: 2, votedFor: n2, log: [1, 1, 2] } }` boots n1 with three entries, of the
    terms 1, 1 and 2. The command in each is its position, `3@2` for the last. All nodes and peers are
    voters. Leaders are made by elections. A sender that is no voter, because it was removed or never
    was one, is listed under `strangers`.

    """

  static let cases = """
    ```yaml
    cases:
      columns: [name, last, granted]
      rows:
        - [longer, 4@2, true]
        - [shorter, 2@2, false]
    ```

    In `config`, `nodes`, `peers` and `steps`, `$last` stands for the whole value of its column. Each
    row is a trace of its own, called by the trace's id and its name: `vote.example/longer`.

    """

  static let values = """
    Names are small letters and digits; those of entries may have dashes. A *server* is a real *node*
    or a *peer*. `$T` is a variable: it
    receives its value in `elect`, in `count`, or in the first `term: $T` of an expectation, and is
    compared from then on. `$T+1` is a higher term by one. `3@2` is the entry at index 3 of term 2,
    and `0@0` the position before every log. Whatever stands in quotes is text.

    """

  static let steps = """
    A step is a mapping of one verb, `expect`, or both. The verb comes first in time, wherever it
    stands. A step ends when the system is quiet, time standing still. `note` is for readers, and
    `may: [refused]` lets a verb of work be refused. A selector takes the oldest match, `all: true`
    every match in flight now; to have none fails the step, unless it says `optional: true`.

    """

  static let messages = """
    An entry in `entries` is a position, and then its command is the position's text, or the name of
    a proposed entry. Boot states and messages written by hand are checked against each other: two
    leaders of one term, two prefixes of one entry or two votes of one server in one term are mistakes,
    unless the trace says with `impossible` why it wants them.

    """

  static let expectations = """
    What is not mentioned is free. Besides these keys, a node's name leads to what is expected of its
    state: `expect: { n1: { role: leader } }`. Entries that a leader appends for itself are left out
    of every comparison; so entries are called by their names. `commit: e` means at or past e, with no
    later entry that is not internal.

    """

  static let patterns = """
    A pattern is a mapping of the message's type to the fields it must have; all of them can be left
    out. Each pattern under `sent` takes a message of its own, in any order. A `Heartbeat` and an
    AppendEntries without entries are one class. `absent` also takes `all-of`: messages that must not
    occur together.

    """

  static let check = """
    - All mistakes of a file are reported at once, as `file:line:column: what is wrong`.
    - The last verb is followed by an expectation. Where a node that does nothing meets all of them,
      the trace needs a positive control: a later step that only a live and correct node passes.
    - Indices above what boot states and messages fill by hand are not written as numbers.
    - Servers, entries, variables and captured messages are there before they are named.
    - The id is taken once, the clauses are in `Spec/Clauses.yaml`, the capabilities in
      `Spec/Capabilities.yaml`, and the file lies in the folder of its TODO.
    - No blank of a scaffold, `<like this>`, is left.

    """
}
