/// What each rung needs of an implementation, as a Markdown table for the adapters' page.
public enum NeedsTable {
  /// The line before the table.
  public static let begin = "<!-- needs:begin -->"
  /// The line after the table.
  public static let end = "<!-- needs:end -->"

  /// The table: a row for each TODO that has traces, from the lowest rung up.
  public static func markdown(traces: [Trace]) -> String {
    let byTodo = Dictionary(grouping: traces, by: \.todo)
    var lines = [
      "| TODO | traces by tier | all need | some need |", "| --- | --- | --- | --- |",
    ]
    for todo in Ladder.todos {
      guard let traces = byTodo[todo.id] else { continue }
      let needs = traces.map(\.requiredCapabilities)
      let uses = Capability.allCases.map { capability in
        (capability, needs.count { $0.contains(capability) })
      }
      let all = uses.filter { $0.1 == traces.count }.map { "`\($0.0.name)`" }
      let some = uses.filter { (1..<traces.count).contains($0.1) }
        .sorted { $0.1 > $1.1 }
        .map { "`\($0.0.name)` \($0.1)" }
      let tiers = Tier.allCases.compactMap { tier -> String? in
        let count = needs.count { ($0.map(\.tier).max() ?? .a) == tier }
        return count == 0 ? nil : "\(tier.name) \(count)"
      }
      lines.append(
        "| \(todo.id) \(todo.title) | \(tiers.joined(separator: ", ")) "
          + "| \(all.joined(separator: ", ")) | \(some.joined(separator: ", ")) |")
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

/// How much of an implementation an adapter opens, as Spec/AdapterProtocol.md tells.
private enum Tier: Int, CaseIterable, Comparable {
  case a, b, c, d

  var name: String {
    switch self {
    case .a: "A"
    case .b: "B"
    case .c: "C"
    case .d: "D"
    }
  }

  static func < (a: Tier, b: Tier) -> Bool { a.rawValue < b.rawValue }
}

extension Capability {
  /// The lowest tier of an adapter that has it.
  fileprivate var tier: Tier {
    switch self {
    case .storageFault, .tornCrash, .crashPoints, .wipedDisk, .corruptStorage: .d
    case .heldEntries, .heldVote, .heldSync, .heldSnapshot, .heldApply, .crash: .c
    case .messages, .unsolicitedResponses: .b
    case .clock, .timeout, .election, .campaign, .lapse, .beat, .preVote, .checkQuorum,
      .duplicatedMessages, .reorderedMessages, .propose, .results, .readLog, .readVote,
      .readLedger, .appendLimit, .appendLimitBytes, .inflightLimit, .snapshot, .snapshotChunks,
      .learners, .configurationSimple, .configurationJoint, .readConfiguration, .transfer,
      .readIndex, .readForward, .readLease, .links, .kv:
      .a
    }
  }
}
