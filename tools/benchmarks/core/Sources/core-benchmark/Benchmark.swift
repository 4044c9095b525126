import RaftCore

/// One implementation, or one setting of it, with what was measured of it.
struct Contender<Cluster: ProposalTaker & ~Copyable>: ~Copyable {
  let name: String
  private var cluster: Cluster
  private var next: UInt64 = 0
  private(set) var figures: [String: [Double]] = [:]
  private(set) var callsEach: [String: Double] = [:]

  init(name: String, cluster: consuming Cluster) {
    self.name = name
    self.cluster = cluster
  }

  /// Runs a workload once and keeps its CPU time for each payload.
  mutating func measure(_ workload: Workload) {
    let calls = cluster.calls
    let start = cpuNanoseconds()
    cluster.run(workload, from: next)
    let elapsed = cpuNanoseconds() - start
    next += UInt64(workload.count)
    figures[workload.name, default: []].append(Double(elapsed) / Double(workload.count))
    let proposals = workload.count / workload.batch
    callsEach[workload.name] = Double(cluster.calls - calls) / Double(proposals)
  }

  /// Allocations for each proposal of a workload.
  mutating func allocations(_ workload: Workload, _ counter: AllocationCount) -> Double {
    let start = counter.read()
    cluster.run(workload, from: next)
    let made = counter.read() - start
    next += UInt64(workload.count)
    return Double(made) / Double(workload.count / workload.batch)
  }

  /// Brings every server up to date and traps unless all have applied the same.
  ///
  /// - Returns: the checksum over everything applied.
  mutating func conclude() -> UInt64 {
    cluster.heartbeat()
    cluster.heartbeat()
    let first = cluster.applied(0)
    for place in 0..<SwiftCluster.size {
      let applied = cluster.applied(place)
      precondition(applied.count == next, "\(name): server \(place + 1) applied \(applied.count)")
      precondition(applied.checksum == first.checksum, "\(name): the servers differ")
    }
    return first.checksum
  }
}

/// CPU nanoseconds of a follower's tick.
func tickNanoseconds() -> Double {
  var cluster = SwiftCluster(settings: Settings(electionTicks: 1 << 31))
  let count = 5_000_000
  let start = cpuNanoseconds()
  for _ in 0..<count { cluster.tickFollower() }
  return Double(cpuNanoseconds() - start) / Double(count)
}

/// CPU nanoseconds of a heartbeat to two followers and back.
func heartbeatNanoseconds() -> Double {
  var cluster = SwiftCluster(settings: Settings())
  let count = 500_000
  let start = cpuNanoseconds()
  for _ in 0..<count { cluster.heartbeat() }
  return Double(cpuNanoseconds() - start) / Double(count)
}
