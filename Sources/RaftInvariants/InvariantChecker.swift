import RaftTypes

/// What the system under judgement shows of its servers.
public struct Visibility: OptionSet, Hashable, Sendable {
  /// The bits of the set.
  public let rawValue: UInt8

  /// Makes a set of its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Truncations and appends are observed, and logs at boot and restart.
  public static let logs = Visibility(rawValue: 1)
  /// Every change of a commitIndex is observed. Without it, what is applied counts as committed.
  public static let commits = Visibility(rawValue: 2)
  /// Everything that there is to be fed.
  public static let all: Visibility = [.logs, .commits]
}

/// Checks the safety properties of Raft over what is observed of a cluster.
///
/// It is fed changes, and a change costs what it changed, never the length of a log: an entry is
/// compared once with what was known of it, and once with each server's log that must hold it. Only
/// a boot and a restart cost the log that they read.
public struct InvariantChecker: Sendable {
  /// Server ids are below this.
  public static var serverLimit: Int { 4096 }

  let trustsPeers: Bool
  let observing: Visibility
  var servers: [ServerRecord] = []
  var facts = Facts()
  var findings = Findings()
  /// The server whose last truncation is not judged yet: an append can still put entries back.
  var openCut: Int?
  /// The configurations that leaders appended since violations were last taken: a commit of the one
  /// before may be told after them.
  var appendedConfigurations: [(place: Int, index: Int, term: Term)] = []
  /// The servers whose configuration in force is to be compared when violations are taken.
  var openConfigurations: [Int] = []

  var electionSafety = ElectionSafety()
  var leaderAppendOnly = LeaderAppendOnly()
  var logMatching = LogMatching()
  var leaderCompleteness = LeaderCompleteness()
  var stateMachineSafety = StateMachineSafety()
  var termMonotonic = TermMonotonic()
  var commitMonotonic = CommitMonotonic()
  var oneVotePerTerm = OneVotePerTerm()
  var contiguousIndices = ContiguousIndices()
  var durableAcknowledgement = DurableAcknowledgement()
  var appliedOnce = AppliedOnce()
  var snapshotPrefix = SnapshotPrefix()
  var compactionCovered = CompactionCovered()
  var oneConfigurationChange = OneConfigurationChange()
  var configurationInForce: ConfigurationInForce
  var readLinearizable = ReadLinearizable()

  /// Makes a checker of a cluster of which nothing is known yet.
  ///
  /// - Parameters:
  ///   - servers: how many servers to expect; the checker grows when more show up.
  ///   - trustsPeers: whether received messages of peers that are not observed tell of leaders,
  ///     votes and entries; `false` where they are forged on purpose.
  ///   - observing: what is fed at all; what is not is not held against anyone.
  ///   - configurations: when servers start to use a configuration of their logs.
  public init(
    servers: Int = 0, trustsPeers: Bool = true, observing: Visibility = .all,
    configurations: ConfigurationUse = .onApply
  ) {
    self.trustsPeers = trustsPeers
    self.observing = observing
    configurationInForce = ConfigurationInForce(configurations)
    if servers > 0 { _ = place(of: ServerID(UInt64(servers - 1))) }
  }

  /// How many comparisons of entries, terms, votes and indices were made: the cost, in a unit that
  /// does not depend on the machine.
  public var comparisons: Int { findings.comparisons }

  /// Takes in what happened. What it violates is told by `takeViolations`.
  public mutating func observe(_ observation: Observation) {
    switch observation {
    case .booted(
      let server, let state, let configuration, let snapshot, let first, let log, let commit):
      boot(
        place(of: server), ObservedStorage(state, snapshot, first: first, log),
        from: configuration, commit)
    case .restarted(let server, let state, let snapshot, let first, let log):
      restart(place(of: server), ObservedStorage(state, snapshot, first: first, log))
    case .crashed(let server), .halted(let server):
      settle()
      servers[place(of: server)].leads = nil
    case .diskWiped(let server):
      settle()
      servers[place(of: server)] = ServerRecord(server)
    case .termChanged(let server, let term):
      settle()
      termMonotonic.step(&servers[place(of: server)], to: term, &findings)
    case .voted(let server, let candidate, let term):
      settle()
      oneVotePerTerm.state(&servers[place(of: server)], candidate, in: term, &findings)
    case .roleChanged(let server, let role, let term):
      change(place(of: server), to: role, in: term)
    case .truncated(let server, let index):
      truncate(place(of: server), from: index)
    case .appended(let server, let first, let entries):
      append(entries, at: first, to: place(of: server))
    case .committed(let server, let index):
      commit(place(of: server), upTo: index)
    case .applied(let server, let position, let entry):
      apply(entry, position, by: place(of: server))
    case .restored(let server, let snapshot):
      restore(place(of: server), from: snapshot)
    case .snapshotStored(let server, let position):
      store(place(of: server), snapshot: position)
    case .compacted(let server, let first):
      compact(place(of: server), first: first)
    case .configurationChanged(let server, let configuration):
      use(configuration, by: place(of: server))
    case .readStarted(let read):
      readLinearizable.started(read)
    case .readServed(let server, let read, let index):
      serve(read, at: index, by: place(of: server))
    case .sent(let sender, let receiver, let message):
      send(message, from: place(of: sender), to: receiver)
    case .received(let receiver, let peer, let message):
      receive(message, by: receiver, from: place(of: peer))
    }
  }

  /// The violations found since they were last taken, in the order of the observations.
  public mutating func takeViolations() -> [Violation] {
    settle()
    compareConfigurations()
    guard !findings.violations.isEmpty else { return [] }
    defer { findings.violations = [] }
    return findings.violations
  }

  /// How each invariant stands, in the order of `Invariant.allCases`.
  public func report() -> [(Invariant, Standing)] {
    Invariant.allCases.map { ($0, standing(of: $0)) }
  }

  /// How an invariant stands.
  public func standing(of invariant: Invariant) -> Standing {
    switch invariant {
    case .electionSafety: electionSafety.standing
    case .leaderAppendOnly: leaderAppendOnly.standing
    case .logMatching: logMatching.standing
    case .leaderCompleteness: leaderCompleteness.standing
    case .stateMachineSafety: stateMachineSafety.standing
    case .termMonotonic: termMonotonic.standing
    case .commitMonotonic: commitMonotonic.standing
    case .oneVotePerTerm: oneVotePerTerm.standing
    case .contiguousIndices: contiguousIndices.standing
    case .durableAcknowledgement: durableAcknowledgement.standing
    case .appliedOnce: appliedOnce.standing
    case .snapshotPrefix: snapshotPrefix.standing
    case .compactionCovered: compactionCovered.standing
    case .oneConfigurationChange: oneConfigurationChange.standing
    case .configurationInForce: configurationInForce.standing
    case .readLinearizable: readLinearizable.standing
    }
  }

  var seesLogs: Bool { observing.contains(.logs) }

  /// The place of a server's record, which is made when the server first shows up.
  mutating func place(of server: ServerID) -> Int {
    precondition(
      server.rawValue < UInt64(Self.serverLimit), "server \(server.rawValue) is above the limit")
    let place = Int(server.rawValue)
    while servers.count <= place { servers.append(ServerRecord(ServerID(UInt64(servers.count)))) }
    return place
  }
}
