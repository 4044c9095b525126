import RaftCore
import RaftTypes

/// What a node shows of itself besides its log.
struct NodeState: Hashable {
  var role: RoleKind
  var hardState: HardState
  /// The leader that the node believes in.
  var leader: ServerID?
  var commitIndex: LogIndex

  init(_ node: borrowing Node) {
    role = node.role
    hardState = node.hardState
    leader = node.leader
    commitIndex = node.commitIndex
  }
}
