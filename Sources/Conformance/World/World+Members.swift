import RaftTypes
import TraceFormat

/// Who belongs to the cluster, as its nodes tell.
extension World {
  /// The leader of the highest term that has one.
  var currentLeader: ObservedNode? {
    nodes.filter(\.leads).max { $0.term < $1.term }
  }

  /// Whether a node is a member of the cluster that this leader leads. Where it does not show its
  /// configuration, all nodes but those that join are.
  func isMember(_ node: NodeName, of leader: ObservedNode) -> Bool {
    guard let configuration = leader.configuration else {
      return !trace.nodes.contains { $0.name == node && $0.joins }
    }
    return configuration.voters.contains(node) || configuration.outgoing.contains(node)
      || configuration.learners.contains(node)
  }

  /// Whether a node has a vote, as anybody who runs sees it. One that is on its way out may be the
  /// only one that can win, until the entry that removes it commits (thesis, §4.2.2).
  func votes(_ node: ObservedNode) -> Bool {
    nodes.contains { other in
      guard other.isRunning else { return false }
      guard let configuration = other.configuration else {
        return trace.configuration.voters.contains(node.name)
      }
      return configuration.voters.contains(node.name)
        || configuration.outgoing.contains(node.name)
    }
  }
}
