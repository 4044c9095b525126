// The text of the ladder. The folders' names are part of the traces' addresses: they stay.

extension Ladder {
  /// The phases in their order.
  public static let phases: [Phase] = lowerPhases + upperPhases

  private static func phase(
    _ number: Int, _ name: String, folder: String, _ todos: [Todo]
  ) -> Phase {
    let digits = number < 10 ? "0\(number)" : "\(number)"
    return Phase(number: number, name: name, folder: "Phase\(digits)-\(folder)", todos: todos)
  }

  private static func todo(
    _ id: String, _ title: String, _ slug: String, _ invariants: String...
  ) -> Todo {
    Todo(id: id, title: title, folder: "\(id)-\(slug)", invariants: invariants)
  }

  private static let lowerPhases: [Phase] = [
    phase(
      0, "Foundations", folder: "Foundations",
      [
        todo(
          "0.1", "Project layout and harness contract", "layout-and-contract",
          "The layout is clean and extensible, and everything builds in it.",
          "Any implementation can be asked what it is, booted from a stated state and asked again."
        ),
        todo(
          "0.2", "Storage interface", "storage-interface",
          "What is persisted is decoupled from the rules that decide it."),
        todo(
          "0.3", "Deterministic step function", "deterministic-step",
          "Every change of state goes through one step function.",
          "It has no threads, no clock and no randomness of its own."),
      ]),
    phase(
      1, "Persistence", folder: "Persistence",
      [
        todo(
          "1.1", "Robust storage", "robust-storage",
          "What a write acknowledged is durable.", "Damage is noticed when the data is loaded."),
        todo(
          "1.2", "Term monotonicity", "term-monotonicity",
          "A node's term never falls, not even by a restart.",
          "Messages of a lower term change nothing."),
        todo(
          "1.3", "Single vote per term", "single-vote-per-term",
          "A node votes for at most one candidate in a term.",
          "The vote survives a crash because it is durable before it is told."),
      ]),
    phase(
      2, "States", folder: "States",
      [
        todo(
          "2.1", "Valid node states", "valid-node-states",
          "A node is in exactly one state at any time, and changes it only as the rules allow."),
        todo(
          "2.2", "Step down on a higher term", "step-down",
          "No leader and no candidate survives a message of a higher term."),
      ]),
    phase(
      3, "Elections", folder: "Elections",
      [
        todo(
          "3.1", "Start an election", "start-an-election",
          "An election always starts in a new term, with a vote for oneself."),
        todo(
          "3.2", "Vote granting rules", "vote-granting-rules",
          "A vote goes to one candidate of the current term whose log is at least as up to date."),
        todo(
          "3.3", "Leader elected by majority", "leader-by-majority",
          "A term has at most one leader."),
      ]),
    phase(
      4, "Time", folder: "Time",
      [
        todo(
          "4.1", "Logical ticks", "logical-ticks",
          "Time is what the ticks say it is; no wall clock is read."),
        todo(
          "4.2", "Election timeout", "election-timeout",
          "A follower that hears from nobody stands for election after a randomised time.",
          "Elections don't stay synchronised."),
      ]),
    phase(
      5, "Log", folder: "Log",
      [
        todo(
          "5.1", "Append-only log", "append-only-log",
          "Entries keep their order, and their indices have no gap."),
        todo(
          "5.2", "Log term association", "log-term-association",
          "An entry keeps the term it was appended in."),
      ]),
    phase(
      6, "Replication", folder: "Replication",
      [
        todo(
          "6.1", "AppendEntries handling", "append-entries-handling",
          "Two logs that agree on an entry's index and term agree on everything before it."),
        todo(
          "6.2", "Conflict resolution", "conflict-resolution",
          "A follower's log becomes a prefix of its leader's."),
        todo(
          "6.3", "nextIndex and matchIndex", "next-and-match-index",
          "A leader skips no index and believes of a follower only what it acknowledged."),
      ]),
    phase(
      7, "Commit", folder: "Commit",
      [
        todo(
          "7.1", "Commit index monotonicity", "commit-monotonicity",
          "The commit index never falls: what is committed is not rolled back."),
        todo(
          "7.2", "Majority commit rule", "majority-commit-rule",
          "An entry of the current term commits once a majority holds it; older ones along with it.",
          "A committed entry is in the log of every later leader."),
        todo(
          "7.3", "Apply to the state machine", "apply-to-state-machine",
          "Only committed entries are applied, in order, each exactly once.",
          "No two nodes apply different entries at one index."),
      ]),
  ]

  private static let upperPhases: [Phase] = [
    phase(
      8, "Snapshots", folder: "Snapshots",
      [
        todo(
          "8.1", "Snapshot creation", "snapshot-creation",
          "A snapshot is the state after a prefix of the log that is committed."),
        todo(
          "8.2", "Log compaction", "log-compaction",
          "The snapshot and the log after it rebuild the whole state."),
        todo(
          "8.3", "InstallSnapshot", "install-snapshot",
          "A follower that installed a snapshot has the leader's state at that point."),
      ]),
    phase(
      9, "Membership", folder: "Membership",
      [
        todo(
          "9.1", "Configuration log entries", "configuration-entries",
          "A change of membership is an entry of the log, replicated like any other."),
        todo(
          "9.2", "Joint consensus", "joint-consensus",
          "While a change is under way no two majorities can decide apart from each other."),
      ]),
    phase(
      10, "Reads", folder: "Reads",
      [
        todo(
          "10.1", "ReadIndex", "read-index",
          "A read sees every write that was committed before it began.")
      ]),
    phase(
      11, "Chaos", folder: "Chaos",
      [
        todo("11.1", "Message drop", "message-drop", "Lost messages break no safety property."),
        todo(
          "11.2", "Reordering and duplication", "reordering-and-duplication",
          "Messages that come late, twice or in another order break no safety property."),
        todo(
          "11.3", "Crash and restart", "crash-and-restart",
          "A node killed at any moment comes back without breaking a safety property."),
      ]),
    phase(
      12, "KV store", folder: "KVStore",
      [
        todo(
          "12.1", "Command encoding", "command-encoding",
          "The same commands give the same state, whoever applies them."),
        todo(
          "12.2", "KV state machine", "kv-state-machine", "All replicas converge on one state."),
        todo(
          "12.3", "Linearizable get", "linearizable-get",
          "A get reflects what is committed when it is answered."),
      ]),
  ]
}
