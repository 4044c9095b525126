import AdapterProtocol
import RaftTypes

/// Everything that happened in a run, in order: what diagrams are drawn from.
public struct Transcript: Sendable {
  public var events: [Event] = []
  /// The servers, in the order of their lines: nodes as written, then peers.
  public var servers: [NodeName]
  /// Those that are not real.
  public var peers: Set<NodeName>

  public init(servers: [NodeName], peers: Set<NodeName>) {
    self.servers = servers
    self.peers = peers
  }

  /// One thing that happened.
  public struct Event: Sendable {
    /// The step it happened in, from 1; 0 is the boot.
    public var step: Int
    public var kind: Kind

    public init(step: Int, kind: Kind) {
      self.step = step
      self.kind = kind
    }
  }

  /// The kinds of event.
  public enum Kind: Sendable {
    /// A step begins; the text is its YAML on one line.
    case step(String)
    /// A message leaves; `number` follows it through the run.
    case sent(number: Int, from: NodeName, to: NodeName, WireMessage)
    /// A message arrives. A hand-written one is sent and arrives at once.
    case delivered(number: Int)
    case lost(number: Int)
    /// A copy of a message is on its way under a number of its own.
    case duplicated(number: Int, copy: Int)
    case held(number: Int)
    /// A node's role, term or vote changed.
    case became(NodeName, NodeRole, Term)
    case committed(NodeName, LogIndex)
    case applied(NodeName, LogIndex)
    case timeout(NodeName)
    case ticked(NodeName, Int)
    case proposed(NodeName, String)
    case storage(NodeName, String)
    case crashed(NodeName)
    case restarted(NodeName)
    case halted(NodeName)
    case linksChanged(String)
    /// The step failed here.
    case failed(String)
  }
}
