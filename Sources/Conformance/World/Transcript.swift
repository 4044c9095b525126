import AdapterProtocol
import RaftTypes

/// Everything that happened in a run, in order: what diagrams are drawn from.
public struct Transcript: Sendable {
  /// The events, in the order they happened.
  public var events: [Event] = []
  /// The servers, in the order of their lines: nodes as written, then peers.
  public var servers: [NodeName]
  /// Those that are not real.
  public var peers: Set<NodeName>

  /// A transcript in which nothing has happened yet.
  public init(servers: [NodeName], peers: Set<NodeName>) {
    self.servers = servers
    self.peers = peers
  }

  /// One thing that happened.
  public struct Event: Sendable {
    /// The step it happened in, from 1; 0 is the boot.
    public var step: Int
    /// What happened.
    public var kind: Kind

    /// Makes an event; nothing is checked.
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
    /// A message will not arrive: dropped, on a cut link, or to a node that does not run.
    case lost(number: Int)
    /// A copy of a message is on its way under a number of its own.
    case duplicated(number: Int, copy: Int)
    /// A message waits, caught by a hold or captured under a name.
    case held(number: Int)
    /// A node's role, term or vote changed.
    case became(NodeName, NodeRole, Term)
    /// A node's commit index is this now.
    case committed(NodeName, LogIndex)
    /// A node has applied up to this index.
    case applied(NodeName, LogIndex)
    /// A node's election timer fires, or it is made to stand.
    case timeout(NodeName)
    /// This many ticks passed for a node.
    case ticked(NodeName, Int)
    /// A client asks a node to take the command of this name.
    case proposed(NodeName, String)
    /// Something was done to a node's storage; the text says what.
    case storage(NodeName, String)
    /// Something else that a node did, or that a client asked of it; the text says what.
    case noted(NodeName, String)
    case crashed(NodeName)
    case restarted(NodeName)
    /// A node stopped itself.
    case halted(NodeName)
    /// Links were cut or healed; the text says which.
    case linksChanged(String)
    /// The step failed here.
    case failed(String)
  }
}
