import TraceFormat

/// Capabilities that an adapter could declare next, and what that would bring.
public struct NextStep: Sendable, Hashable {
  /// What to declare, in the order of the registry.
  public var capabilities: [Capability]
  /// The traces, cases apart, that would apply and don't yet.
  public var traces: Int
  /// The phases that they belong to, ascending.
  public var phases: [Int]

  /// The steps that bring the most for the fewest capabilities: the smallest sets first, and of
  /// equally small ones those that bring more traces.
  public static func best(_ limit: Int, from declared: Set<Capability>, traces: [Trace])
    -> [NextStep]
  {
    let missing = traces.map { (trace: $0, lacks: $0.requiredCapabilities.subtracting(declared)) }
      .filter { !$0.lacks.isEmpty }
    let steps = Set(missing.map(\.lacks)).map { set in
      let brought = missing.filter { $0.lacks.isSubset(of: set) }.map(\.trace)
      let phases = Set(brought.compactMap { Ladder.todo($0.todo)?.phase })
      return NextStep(
        capabilities: Capability.allCases.filter(set.contains), traces: brought.count,
        phases: phases.sorted())
    }
    return Array(steps.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.prefix(limit))
  }

  /// The traces, cases apart, that apply to an adapter that declares these.
  public static func applicable(_ traces: [Trace], to declared: Set<Capability>) -> Int {
    traces.count { $0.requiredCapabilities.isSubset(of: declared) }
  }

  /// Ascending in the order of advice; the places of the capabilities make it total.
  private var rank: [Int] {
    [capabilities.count, -traces] + capabilities.map { Capability.allCases.firstIndex(of: $0) ?? 0 }
  }
}

extension Capability {
  /// The operations that an adapter has to answer for it, beside those that every adapter answers.
  public var operations: [String] {
    switch self {
    case .messages, .unsolicitedResponses: ["receive"]
    case .clock, .checkQuorum: ["tick"]
    case .timeout, .preVote: ["timeout"]
    case .election: ["timeout", "deliver", "drop"]
    case .campaign: ["campaign"]
    case .lapse: ["lapse"]
    case .beat: ["beat"]
    case .duplicatedMessages: ["duplicate"]
    case .reorderedMessages: ["deliver"]
    case .propose, .results: ["propose"]
    case .readLog, .readVote, .readLedger: ["state"]
    case .heldEntries, .heldVote, .heldSync: ["hold", "complete", "release"]
    case .storageFault: ["storageFault"]
    case .crash, .tornCrash, .wipedDisk: ["crash", "restart"]
    case .crashPoints: ["storageFault", "restart"]
    case .heldApply: ["hold", "release"]
    case .snapshot: ["snapshot", "compact"]
    case .heldSnapshot: ["hold", "complete", "release"]
    case .snapshotChunks: ["receive"]
    case .learners, .configurationSimple, .configurationJoint: ["configure"]
    case .readConfiguration: ["state"]
    case .transfer: ["transfer"]
    case .readIndex, .readForward, .readLease: ["read"]
    case .appendLimit, .appendLimitBytes, .inflightLimit, .corruptStorage, .links, .kv: []
    }
  }
}
