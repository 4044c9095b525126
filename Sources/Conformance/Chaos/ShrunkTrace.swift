import RaftTypes
import TraceFormat

/// A chaos run that failed, as a short trace of explicit steps that fails alone.
public struct ShrunkTrace: Sendable {
  /// The trace's id.
  public var id: String
  /// The trace as a file.
  public var text: String
  /// How many moves the run had made.
  public var moves: Int
  /// How many steps are left, those before the chaos and the recovery at the end included.
  public var steps: Int
}

/// Writes the moves of a chaos as the steps of a trace.
struct ChaosText {
  private let trace: Trace

  init(_ trace: Trace) { self.trace = trace }

  /// The id of the trace that a case shrinks to.
  static func id(of trace: Trace) -> String {
    "\(trace.id.replacing(".", with: "-", maxReplacements: .max)).seed-\(trace.chaosSeed ?? 0)"
  }

  /// A whole file.
  ///
  /// - Parameters:
  ///   - start: the steps before the chaos, each on a line.
  ///   - acts: the moves.
  func file(start: [String], acts: [ChaosAct], failure: StepFailure) -> String {
    let steps = start + lines(of: acts) + ["recover:"]
    var lines = [
      "format: 1", "id: \(Self.id(of: trace))",
      "title: \(Self.quoted("Shrunk from \(trace.fullID)", longest: TraceLimits.titleLength))",
      "todo: \"\(trace.todo)\"", "level: \(trace.level.rawValue)",
      "clauses: [\(trace.clauses.joined(separator: ", "))]",
      "source: \(Self.quoted("A chaos run: \(trace.fullID)"))",
      "hint: \(Self.quoted(failure.summary))",
      "conclusion: \(Self.quoted("Shrinking left these steps of the run's moves."))",
    ]
    if let config = settings() { lines.append("config: { \(config) }") }
    if !trace.learners.isEmpty { lines.append("learners: \(names(trace.learners))") }
    lines.append("nodes:")
    lines += trace.nodes.map { "  \($0.name): \(boot($0))" }
    lines.append("steps:")
    lines += steps.map { "  - \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String, longest: Int = 400) -> String {
    let line = text.prefix { !$0.isNewline }.prefix(longest)
    let plain = line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\"\(plain)\""
  }

  // MARK: The beginning

  private func settings() -> String? {
    let settings = trace.settings
    let all: [(String, String?)] = [
      ("electionTicks", settings.electionTicks.map { "\($0)" }),
      ("heartbeatTicks", settings.heartbeatTicks.map { "\($0)" }),
      ("preVote", settings.preVote.map { "\($0)" }),
      ("checkQuorum", settings.checkQuorum.map { "\($0)" }),
      ("maxEntriesPerAppend", settings.maxEntriesPerAppend.map { "\($0)" }),
      ("maxBytesPerAppend", settings.maxBytesPerAppend.map { "\($0)" }),
      ("maxInflightAppends", settings.maxInflightAppends.map { "\($0)" }),
      ("maxBytesPerSnapshotChunk", settings.maxBytesPerSnapshotChunk.map { "\($0)" }),
      ("leaseReads", settings.leaseReads.map { "\($0)" }),
    ]
    let given = all.compactMap { name, value in value.map { "\(name): \($0)" } }
    return given.isEmpty ? nil : given.joined(separator: ", ")
  }

  private func boot(_ boot: NodeBoot) -> String {
    var parts: [String] = []
    if boot.joins { parts.append("joins: true") }
    if boot.term > .zero { parts.append("term: \(boot.term.rawValue)") }
    if let votedFor = boot.votedFor { parts.append("votedFor: \(votedFor)") }
    if let snapshot = boot.snapshot {
      var inner = ["at: \(Rendering.position(snapshot.position))"]
      if !snapshot.ledger.isEmpty {
        let commands = snapshot.ledger.map { reference in
          switch reference {
          case .position(let position): Rendering.position(position)
          case .name(let name): name
          }
        }
        inner.append("ledger: [\(commands.joined(separator: ", "))]")
      }
      if let members = snapshot.configuration { inner.append("config: \(configuration(members))") }
      parts.append("snapshot: { \(inner.joined(separator: ", ")) }")
    }
    if !boot.log.isEmpty {
      let entries = boot.log.enumerated().map { place, term in
        boot.configurations[place].map {
          "{ term: \(term.rawValue), config: \(configuration($0)) }"
        } ?? "\(term.rawValue)"
      }
      parts.append("log: [\(entries.joined(separator: ", "))]")
    }
    return parts.isEmpty ? "{}" : "{ \(parts.joined(separator: ", ")) }"
  }

  private func configuration(_ configuration: TraceConfiguration) -> String {
    let lists = [
      ("voters", configuration.voters), ("outgoing", configuration.outgoing),
      ("learners", configuration.learners), ("learnersNext", configuration.learnersNext),
    ]
    let given = lists.filter { !$0.1.isEmpty }.map { "\($0.0): \(names($0.1))" }
    return "{ \(given.joined(separator: ", ")) }"
  }

  private func names(_ servers: [NodeName]) -> String {
    "[\(servers.map(\.rawValue).joined(separator: ", "))]"
  }

  // MARK: The steps

  /// The moves, a step each; ticks of one node that follow each other are one step.
  func lines(of acts: [ChaosAct]) -> [String] {
    var lines: [String] = []
    var place = 0
    while place < acts.count {
      if case .tick(let node) = acts[place] {
        let times = acts[place...].prefix { $0 == acts[place] }.count
        lines.append("tick: { node: \(name(node)), times: \(times) }")
        place += times
      } else {
        lines.append(line(of: acts[place]))
        place += 1
      }
    }
    return lines
  }

  private func name(_ place: Int) -> NodeName { trace.nodes[place].name }

  private func names(_ mask: NodeMask) -> String { names(mask.places.map { name($0) }) }

  private func line(of act: ChaosAct) -> String {
    switch act {
    case .deliver(let from, let to, let nth): message("deliver", from, to, nth)
    case .drop(let from, let to, let nth): message("drop", from, to, nth)
    case .duplicate(let from, let to, let nth): message("duplicate", from, to, nth)
    case .deliverAll(let from, let to):
      "deliver: { from: \(name(from)), to: \(name(to)), all: true }"
    case .deliverEverything: "settle: { beats: 0 }"
    case .tick(let node): "tick: \(name(node))"
    case .timeout(let node): "timeout: \(name(node))"
    case .beat(let node): "beat: \(name(node))"
    case .elect(let node, let voters): "elect: { node: \(name(node)), by: \(names(voters)) }"
    case .partition(let group):
      "partition: [\(names(group)), \(names(NodeMask.all(trace.nodes.count).subtracting(group)))]"
    case .cut(let from, let to): "cut: { from: \(name(from)), to: \(name(to)) }"
    case .heal: "heal:"
    case .crash(let node, let fate):
      fate == .lost
        ? "crash: \(name(node))" : "crash: { node: \(name(node)), unsynced: \(fate.rawValue) }"
    case .restart(let node): "restart: \(name(node))"
    case .hold(let node): "hold: { storage: \(name(node)), what: entries }"
    case .complete(let node): "complete: { storage: \(name(node)), next: 1 }"
    case .release(let node): "release: { storage: \(name(node)) }"
    case .propose, .read, .snapshot, .compact, .configure, .leave, .transfer:
      work(act) + "\n    may: [refused]"
    }
  }

  private func message(_ verb: String, _ from: Int, _ to: Int, _ nth: Int) -> String {
    let which = nth > 0 ? ", nth: \(nth + 1)" : ""
    return "\(verb): { from: \(name(from)), to: \(name(to))\(which) }"
  }

  private func work(_ act: ChaosAct) -> String {
    switch act {
    case .propose(let node, let number):
      return "propose: { to: \(name(node)), as: \(ChaosName.command(number)) }"
    case .read(let node, let number):
      return "read: { at: \(name(node)), as: \(ChaosName.read(number)) }"
    case .snapshot(let node): return "snapshot: \(name(node))"
    case .compact(let node, let keep): return "compact: { node: \(name(node)), keep: \(keep) }"
    case .configure(let node, let number, let voters, let learners):
      let rest = learners.isEmpty ? "" : ", learners: \(names(learners))"
      return "configure: { at: \(name(node)), to: { voters: \(names(voters))\(rest) }, "
        + "as: \(ChaosName.change(number)) }"
    case .leave(let node, let number):
      return "leave: { at: \(name(node)), as: \(ChaosName.change(number)) }"
    case .transfer(let from, let to): return "transfer: { from: \(name(from)), to: \(name(to)) }"
    default: return ""
    }
  }
}
