import CRaftCluster
import RaftCore

/// The same proposals, on either implementation.
struct Workload {
  let name: String
  /// Payloads in one proposal.
  let batch: Int
  /// Proposals before the messages leave.
  var proposalsPerTurn = 1
  /// Payloads in one measurement.
  let count: Int
}

/// A cluster that takes proposals until told to stop, and then proves what it did.
protocol ProposalTaker: ~Copyable {
  /// Proposes the workload's payloads from `first` on.
  mutating func run(_ workload: Workload, from first: UInt64)
  /// Brings the last commit index to every server.
  mutating func heartbeat()
  /// Steps of the implementation so far.
  var calls: UInt64 { get }
  /// What a server has applied: how much, and its checksum.
  func applied(_ place: Int) -> (count: UInt64, checksum: UInt64)
}

extension SwiftCluster: ProposalTaker {
  mutating func run(_ workload: Workload, from first: UInt64) {
    var next = first
    let end = first + UInt64(workload.count)
    while next < end {
      for _ in 0..<workload.proposalsPerTurn {
        propose(next, count: workload.batch)
        next += UInt64(workload.batch)
      }
      turn()
    }
  }

  var calls: UInt64 { UInt64(steps) }

  func applied(_ place: Int) -> (count: UInt64, checksum: UInt64) {
    (ledger(place).applied, ledger(place).checksum)
  }
}

/// C-raft's three servers. They live as long as the process: each kind of cluster is started once.
struct CRaftServers: ProposalTaker, ~Copyable {
  private let cluster: OpaquePointer

  init() {
    guard let cluster = craft_cluster_start() else {
      preconditionFailure("C-raft did not start or elect a leader")
    }
    self.cluster = cluster
  }

  mutating func run(_ workload: Workload, from first: UInt64) {
    var next = first
    let end = first + UInt64(workload.count)
    while next < end {
      let error = craft_cluster_propose(cluster, next, UInt32(workload.batch))
      precondition(error == 0, "C-raft refused a proposal: \(error)")
      next += UInt64(workload.batch)
    }
  }

  mutating func heartbeat() { craft_cluster_heartbeat(cluster) }

  var calls: UInt64 { craft_cluster_calls(cluster) }

  func applied(_ place: Int) -> (count: UInt64, checksum: UInt64) {
    (
      craft_cluster_applied(cluster, Int32(place)), craft_cluster_checksum(cluster, Int32(place))
    )
  }
}
