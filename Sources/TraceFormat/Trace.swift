import RaftTypes
import YAMLTree

/// One runnable trace: a file without `cases`, or one row of a file with them.
public struct Trace: Sendable {
  /// The stable id of the file: `vote.up-to-date`.
  public var id: String
  /// The name of the case's row, if the file has `cases`.
  public var caseName: String?
  /// One line: what must happen.
  public var title: String
  /// The rung: `3.2`.
  public var todo: String
  /// How binding the trace is; only a `must` can show that a rung holds.
  public var level: Level
  /// Slugs of Spec/Clauses.yaml.
  public var clauses: [String]
  /// Capabilities the author asks for; see `requiredCapabilities` for those the verbs imply.
  public var requires: [String]
  /// A section of a paper, or the URL of the bug it comes from.
  public var source: String
  /// What probably went wrong where the trace fails.
  public var hint: String
  /// What its runs have shown.
  public var conclusion: String
  /// Why a cluster trace does not end with a recovery, if it does not.
  public var livenessWaiver: String?
  /// Why hand-written messages contradict each other on purpose, if they do.
  public var impossible: String?
  /// The settings of every real node, from `config`.
  public var settings: TraceSettings
  /// The real nodes, in the order they are written.
  public var nodes: [NodeBoot]
  /// Servers that exist only as the other end of hand-written messages.
  public var peers: [NodeName]
  /// Senders of hand-written messages that are in no configuration.
  public var strangers: [NodeName] = []
  /// Servers of the first configuration that have no vote.
  public var learners: [NodeName] = []
  /// The seeds that a trace with a chaos runs with; each is a case of its own.
  public var seeds: ClosedRange<UInt64>?
  /// The seed of this case.
  public var chaosSeed: UInt64?
  /// What happens, in order: 1 to `TraceLimits.steps` steps.
  public var steps: [Step]
  /// Where the file's mapping begins; the same for every case of a file.
  public var location: SourceLocation
  /// What the verbs, keys and settings of the trace need of an implementation.
  public var impliedCapabilities: Set<Capability> = []

  /// Makes a trace; decoding and the lint check it, and this does not.
  public init(
    id: String, caseName: String?, title: String, todo: String, level: Level, clauses: [String],
    requires: [String], source: String, hint: String, conclusion: String,
    livenessWaiver: String?, impossible: String?, settings: TraceSettings, nodes: [NodeBoot],
    peers: [NodeName], steps: [Step], location: SourceLocation
  ) {
    self.id = id
    self.caseName = caseName
    self.title = title
    self.todo = todo
    self.level = level
    self.clauses = clauses
    self.requires = requires
    self.source = source
    self.hint = hint
    self.conclusion = conclusion
    self.livenessWaiver = livenessWaiver
    self.impossible = impossible
    self.settings = settings
    self.nodes = nodes
    self.peers = peers
    self.steps = steps
    self.location = location
  }

  /// What a verdict is reported under: `vote.up-to-date/equal`.
  public var fullID: String { caseName.map { "\(id)/\($0)" } ?? id }

  /// All capabilities without which the trace does not apply to an implementation.
  public var requiredCapabilities: Set<Capability> {
    impliedCapabilities.union(requires.compactMap(Capability.init(rawValue:)))
  }

  /// Nodes and peers, ascending: the voters unless a boot state says otherwise.
  public var servers: [NodeName] { (nodes.map(\.name) + peers).sorted() }

  /// The configuration that the cluster starts from.
  public var configuration: TraceConfiguration {
    let outside = Set(nodes.filter(\.joins).map(\.name) + learners)
    return TraceConfiguration(
      voters: servers.filter { !outside.contains($0) }, learners: learners.sorted())
  }

  /// The trace once for each of its seeds, under the seed's name; a trace without seeds as it is.
  ///
  /// - Parameter range: other seeds than the trace's own.
  public func perSeed(_ range: ClosedRange<UInt64>? = nil) -> [Trace] {
    guard let seeds else { return [self] }
    return (range ?? seeds).map { seed in
      var copy = self
      copy.chaosSeed = seed
      copy.caseName = "\(seed)"
      return copy
    }
  }

  /// Whether several real nodes talk to each other.
  public var isCluster: Bool { nodes.count > 1 }

  /// How binding a trace is, in the words of RFC 2119.
  public enum Level: String, Sendable, CaseIterable {
    case must, should, may
  }
}

/// The settings that a trace asks of every node; `nil` leaves the choice to the implementation.
public struct TraceSettings: Hashable, Sendable {
  /// The least election time-out, ticks; the greatest is below twice that.
  public var electionTicks: Int?
  /// Ticks between a leader's heartbeats.
  public var heartbeatTicks: Int?
  /// Whether elections start with a pre-vote (thesis, §9.6).
  public var preVote: Bool?
  /// Whether a leader without contact to a quorum steps down (thesis, §6.2).
  public var checkQuorum: Bool?
  /// The most entries of one AppendEntries.
  public var maxEntriesPerAppend: Int?
  /// The most bytes of entries in one AppendEntries; one entry always fits.
  public var maxBytesPerAppend: Int?
  /// The most unanswered AppendEntries of one follower.
  public var maxInflightAppends: Int?
  /// The most bytes of one piece of a snapshot.
  public var maxBytesPerSnapshotChunk: Int?
  /// Whether a leader serves reads by its lease (thesis, §6.4.1).
  public var leaseReads: Bool?
  /// Settings that ask for nothing.
  public init() {}
}

/// A real node and the durable state it boots from.
public struct NodeBoot: Sendable {
  /// The key of `nodes` that it is written under.
  public var name: NodeName
  /// `currentTerm`; when left out in the trace, the term of the last entry, or 0.
  public var term: Term
  /// Whom it voted for in `term`; `nil` for nobody.
  public var votedFor: NodeName?
  /// The terms of entries 1, 2, ... (after the snapshot, where there is one).
  public var log: [Term]
  /// The configurations among those entries, by their places in `log`.
  public var configurations: [Int: TraceConfiguration] = [:]
  /// The snapshot that the log begins after; `nil` for none.
  public var snapshot: Snapshot?
  /// Whether it starts outside the configuration.
  public var joins = false
  /// What it heard before the first step, if anything.
  public var heard: Heard?
  /// Where its name is written.
  public var location: SourceLocation

  /// A heartbeat that the node received before the first step.
  public struct Heard: Sendable, Hashable {
    /// The leader.
    public var from: NodeName
    /// The leader's term, not below the node's own.
    public var term: Term
    /// The leader's commit index.
    public var commit: LogIndex

    /// Makes a heartbeat; whoever sends it takes the boot log's last entry for its prev.
    public init(from: NodeName, term: Term, commit: LogIndex) {
      self.from = from
      self.term = term
      self.commit = commit
    }
  }

  /// A snapshot on the node's disk.
  public struct Snapshot: Sendable, Hashable {
    /// The last entry that it covers.
    public var position: LogPosition
    /// The commands that it holds, in order: positions, whose text they are, or texts.
    public var ledger: [EntryReference]
    /// The configuration as of `position`; `nil` for the one that the trace begins with.
    public var configuration: TraceConfiguration?

    /// Makes a snapshot; nothing is checked.
    public init(
      position: LogPosition, ledger: [EntryReference], configuration: TraceConfiguration?
    ) {
      self.position = position
      self.ledger = ledger
      self.configuration = configuration
    }
  }

  /// The position that the log begins after: the snapshot's, or 0@0.
  public var base: LogPosition { snapshot?.position ?? .zero }

  /// The position of the last entry.
  public var last: LogPosition {
    guard let term = log.last else { return base }
    return LogPosition(index: base.index + log.count, term: term)
  }

  /// Makes a boot state; nothing is checked.
  public init(
    name: NodeName, term: Term, votedFor: NodeName?, log: [Term], heard: Heard?,
    location: SourceLocation
  ) {
    self.name = name
    self.term = term
    self.votedFor = votedFor
    self.log = log
    self.heard = heard
    self.location = location
  }
}

/// One step: at most one verb, then what must hold.
public struct Step: Sendable {
  /// The verb; `nil` for a step that only expects.
  public var action: Action?
  /// What must hold after the verb; `nil` for a step that only acts.
  public var expect: Expectation?
  /// Whether the work may be refused without failing the step (`may: [refused]`).
  public var mayBeRefused: Bool
  /// Where the step begins.
  public var location: SourceLocation
  /// The step as one line of YAML, for reports: `propose: { to: n1, as: e }`.
  public var text: String

  /// Makes a step; that it acts or expects is not checked.
  public init(
    action: Action?, expect: Expectation?, mayBeRefused: Bool = false, location: SourceLocation,
    text: String
  ) {
    self.action = action
    self.expect = expect
    self.mayBeRefused = mayBeRefused
    self.location = location
    self.text = text
  }
}
