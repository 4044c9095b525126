import RaftTypes

/// An entry as somebody showed it: in a log, in a message or to a state machine.
///
/// Its index is told beside it. An array's buffer that is handed in again is recognised, so that a
/// caller who shares payloads pays nothing for their bytes.
public struct ObservedEntry: Hashable, Sendable {
  /// The term in which it was appended by a leader.
  public var term: Term
  /// What it is for.
  public var kind: EntryKind
  /// Its bytes. Those of a configuration are `Configuration.encoded`, in the caller's server ids.
  public var payload: [UInt8]

  /// Makes an entry.
  public init(term: Term, kind: EntryKind = .command, payload: [UInt8] = []) {
    self.term = term
    self.kind = kind
    self.payload = payload
  }
}

/// A snapshot as somebody showed it: in storage, in a message or to a state machine.
public struct ObservedSnapshot: Hashable, Sendable {
  /// The last entry that it covers.
  public var position: LogPosition
  /// The configuration as of `position`, in the caller's server ids; `nil` where it is not shown.
  public var configuration: Configuration?
  /// The payloads of the commands up to `position`, in order; `nil` where they are not shown, or
  /// not all of them.
  public var commands: [[UInt8]]?

  /// Makes a snapshot.
  public init(
    _ position: LogPosition, configuration: Configuration? = nil, commands: [[UInt8]]? = nil
  ) {
    self.position = position
    self.configuration = configuration
    self.commands = commands
  }
}

/// Something that was seen to happen.
///
/// Observations are fed in the order in which things happened. Where one answer of a node tells
/// several changes at once, the order is: term, vote, role; truncation; where the state machine was
/// replaced by a received snapshot, that snapshot's storing, the compaction and the restoring;
/// append, commit, apply; a snapshot of its own and the compaction behind it; the configuration in
/// force; reads; and at last the messages sent. Server ids are small integers from 0 on, given out
/// by the caller.
public enum Observation: Hashable, Sendable {
  /// A server starts its first life from this durable state: `log` starts at index `first`, and
  /// `snapshot` covers all before it. `configuration` is what holds where neither the log nor the
  /// snapshot has one.
  indirect case booted(
    ServerID, HardState, configuration: Configuration? = nil, snapshot: ObservedSnapshot? = nil,
    first: LogIndex = LogIndex(1), log: [ObservedEntry], commit: LogIndex)
  /// A server starts a further life from what its storage held, as in `booted`. What is volatile
  /// (role, commitIndex, lastApplied) starts anew.
  indirect case restarted(
    ServerID, HardState, snapshot: ObservedSnapshot? = nil, first: LogIndex = LogIndex(1),
    log: [ObservedEntry])
  /// The server died. Its role is gone; what it stored is told when it restarts.
  case crashed(ServerID)
  /// Everything the server stored is gone, and with it every promise that it made.
  case diskWiped(ServerID)
  /// The server stopped itself on purpose.
  case halted(ServerID)
  /// The server is in this term now.
  case termChanged(ServerID, Term)
  /// The server's `votedFor` in `term`, as its state tells it.
  case voted(ServerID, for: ServerID?, term: Term)
  /// The server has this role in `term`.
  case roleChanged(ServerID, NodeRole, term: Term)
  /// The entries from `from` on were removed from the server's log. What a directly following
  /// `appended` puts back unchanged counts as never removed.
  case truncated(ServerID, from: LogIndex)
  /// Entries were put behind the last one of the server's log.
  case appended(ServerID, first: LogIndex, entries: [ObservedEntry])
  /// The server's commitIndex is now this.
  case committed(ServerID, LogIndex)
  /// The server handed this entry to its state machine.
  case applied(ServerID, LogPosition, ObservedEntry)
  /// The server's state machine was replaced by what a snapshot holds.
  indirect case restored(ServerID, ObservedSnapshot)
  /// A snapshot of this position, the server's own or a received one, is durable now.
  case snapshotStored(ServerID, LogPosition)
  /// The entries before `first` were discarded from the server's log. Where the log ended before
  /// that, it is empty and goes on at `first`.
  case compacted(ServerID, first: LogIndex)
  /// The server uses this configuration now, in the caller's server ids.
  indirect case configurationChanged(ServerID, Configuration)
  /// A client asks for a read. The number is the caller's, and unique in the history.
  case readStarted(UInt64)
  /// The server served a read from a state machine that had applied the log up to `index`.
  case readServed(ServerID, read: UInt64, index: LogIndex)
  /// An observed server sent a message.
  case sent(from: ServerID, to: ServerID, ObservedMessage)
  /// A server received a message from a peer that is not itself observed.
  case received(by: ServerID, from: ServerID, ObservedMessage)
}

/// The messages that claim or promise something.
///
/// Pre-votes, rejections and denials bind nobody and are not fed.
public enum ObservedMessage: Hashable, Sendable {
  /// RequestVote: its sender is a candidate of `term`, and so has voted for itself.
  case voteRequested(term: Term)
  /// RequestVoteResponse with `voteGranted`: its sender votes for the receiver.
  case voteGranted(term: Term)
  /// AppendEntries, heartbeats included: its sender is the leader of `term`. The entries follow
  /// `prev`.
  case appendEntries(
    term: Term, prev: LogPosition, entries: [ObservedEntry], leaderCommit: LogIndex)
  /// AppendEntriesResponse with `success`: its sender durably holds the leader's log up to `match`.
  case accepted(term: Term, match: LogIndex)
  /// InstallSnapshot, or one chunk of it: its sender is the leader of `term`, and everything up to
  /// the snapshot's position is committed.
  indirect case installSnapshot(term: Term, ObservedSnapshot)
  /// InstallSnapshotResponse with `installed`: its sender durably holds everything up to this
  /// position, which the leader of `term` sent.
  case snapshotInstalled(term: Term, LogPosition)
  /// TimeoutNow: its sender is the leader of `term`.
  case timeoutNow(term: Term)
}
