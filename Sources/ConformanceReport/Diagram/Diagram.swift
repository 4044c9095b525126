import Conformance
import RaftTypes
import TraceFormat

/// A run in space and time: a line per server, and rows of events one after another. The text and
/// the picture are both drawn from it.
public struct Diagram: Sendable {
  /// A server's line.
  public struct Lane: Sendable, Hashable {
    /// Escaped, as it is written.
    public var name: String
    /// Whether it exists only as the other end of hand-written messages.
    public var isPeer: Bool
    /// Its state where the diagram begins: `term 4, log [1 1 2]`. Empty where it is not known.
    public var start: String
    /// Its role where the diagram begins.
    public var startRole: NodeRole
    /// Whether it runs where the diagram begins.
    public var startsAlive: Bool
  }

  /// A row, from the top.
  public struct Row: Sendable {
    /// The step it belongs to; 0 is the boot.
    public var step: Int
    /// What it shows.
    public var content: Content
  }

  /// What a row shows. Lanes and messages are named by their places in `lanes` and `messages`.
  public enum Content: Sendable {
    case step(number: Int, text: String, isFailing: Bool)
    /// Steps or events before the diagram's first are left out.
    case omitted(String)
    /// Things that happen at one server.
    case marks(lane: Int, [Mark])
    /// Messages of one label leave a server; some arrive, or are lost, at once.
    case departures(lane: Int, [Hop])
    /// A message that left earlier arrives.
    case arrival(message: Int)
    /// A message that left earlier is lost.
    case loss(message: Int)
    case hold(message: Int)
    case copy(original: Int, copy: Int)
    case links(String)
    case failure(String)
  }

  /// A message in the row in which it leaves.
  public struct Hop: Sendable, Hashable {
    /// The place of the message.
    public var message: Int
    /// The place of its receiver.
    public var lane: Int
    /// What the row shows of its way.
    public var fate: Fate

    /// How a message goes on from the row it leaves in.
    public enum Fate: Sendable, Hashable {
      /// It arrives, or is lost, in a later row or not at all.
      case leaves
      case arrives
      case isLost
    }
  }

  /// A message and its way through the rows.
  public struct Message: Sendable {
    /// It is followed through the run by this number.
    public var number: Int
    /// The place of its sender.
    public var from: Int
    /// The place of its receiver.
    public var to: Int
    /// What is written on it.
    public var label: MessageLabel
    /// What it is about.
    public var family: Family
    /// The row it leaves in; `nil` where that is before the diagram's first.
    public var departure: Int?
    /// The number of the message that it is a copy of.
    public var original: Int?
    /// The rows in which it is held back.
    public var holds: [Int] = []
    /// Where its way ends.
    public var end: End

    /// What a message is about.
    public enum Family: String, Sendable, Hashable {
      case election, replication
    }

    /// The end of its way.
    public enum End: Sendable, Hashable {
      case arrived(row: Int)
      case lost(row: Int)
      /// It is still on its way where the diagram ends.
      case underway
    }
  }

  /// The servers, from the left.
  public var lanes: [Lane]
  /// From the top down.
  public var rows: [Row]
  /// In the order they were sent.
  public var messages: [Message]

  /// How much of a run to show.
  public struct Window: Sendable, Hashable {
    /// The number of steps, counted from the last one back; `nil` for all.
    public var steps: Int?
    /// The most events, counted from the last one back; `nil` for no limit.
    public var events: Int?

    /// Everything.
    public static let all = Window(steps: nil, events: nil)
    /// What a failure shows: enough to see why, and never more than a screen or two.
    public static let failure = Window(steps: 3, events: 60)

    /// The last `steps` steps of the last `events` events.
    public init(steps: Int?, events: Int?) {
      self.steps = steps
      self.events = events
    }
  }

  /// Lays a run out in rows.
  ///
  /// - Parameters:
  ///   - names: the names of payloads that were proposed under one.
  ///   - boots: the states that nodes boot from, as `boots(of:)` writes them.
  public init(
    _ transcript: Transcript, names: [[UInt8]: String] = [:], boots: [NodeName: String] = [:],
    window: Window = .all
  ) {
    var builder = DiagramBuilder(transcript, names: names, boots: boots)
    builder.build(window)
    lanes = builder.lanes
    rows = builder.rows
    messages = builder.messages
  }

  /// The durable states that a trace's nodes boot from, for the heads of their lines.
  public static func boots(of trace: Trace) -> [NodeName: String] {
    let pairs = trace.nodes.map { node in
      var parts = ["term \(node.term.rawValue)"]
      if let vote = node.votedFor { parts.append("vote \(vote)") }
      if !node.log.isEmpty {
        parts.append("log [" + node.log.map { "\($0.rawValue)" }.joined(separator: " ") + "]")
      }
      return (node.name, parts.joined(separator: ", "))
    }
    return Dictionary(pairs) { first, _ in first }
  }
}

/// One thing that happens at one server.
public enum Mark: Sendable, Hashable {
  case became(NodeRole, Term)
  case committed(LogIndex)
  case applied(LogIndex)
  case timeout
  case ticked(Int)
  case proposed(String)
  case storage(String)
  case noted(String)
  case crashed
  case restarted
  case halted

  /// In as few words as say it.
  public var text: String {
    switch self {
    case .became(let role, let term): "\(role.rawValue) t\(term.rawValue)"
    case .committed(let index): "commit \(index.rawValue)"
    case .applied(let index): "applied \(index.rawValue)"
    case .timeout: "timeout"
    case .ticked(let count): count == 1 ? "tick" : "\(count) ticks"
    case .proposed(let name): "propose \(Escaping.plain(name))"
    case .storage(let what): "storage: \(Escaping.plain(what))"
    case .noted(let what): Escaping.plain(what)
    case .crashed: "crash"
    case .restarted: "restart"
    case .halted: "halts itself"
    }
  }
}
