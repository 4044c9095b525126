import RaftCore
import RaftTypes

/// What a node shows of itself besides its log.
struct NodeState: Hashable {
  var role: RoleKind
  var hardState: HardState
  /// The leader that the node believes in.
  var leader: ServerID?
  var commitIndex: LogIndex
  /// The last entry that the durable snapshot covers.
  var snapshot: LogPosition
  /// The server that leadership is being handed to.
  var transferTarget: ServerID?

  init(_ node: borrowing Node) {
    role = node.role
    hardState = node.hardState
    leader = node.leader
    commitIndex = node.commitIndex
    snapshot = node.snapshotPosition
    transferTarget = node.transferTarget
  }
}
