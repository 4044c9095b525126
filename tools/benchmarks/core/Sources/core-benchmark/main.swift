import Glibc
import RaftCore

let rounds = 11
let workloads = [
  Workload(name: "one at a time", batch: 1, count: 200_000),
  Workload(name: "batches of 64", batch: 64, count: 64 * 8_000),
]
let gathered = Workload(name: "64 a turn", batch: 1, proposalsPerTurn: 64, count: 64 * 8_000)

/// The commit index travels with the next entries or heartbeat, as C-raft's does.
let carried = Settings(announcesCommits: false)
/// The commit index is announced with the next flush, RaftCore's default: more messages.
let announced = Settings(announcesCommits: true)

func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

func number(_ value: Double, _ digits: Int = 0) -> String {
  let scale = digits == 0 ? 1.0 : digits == 1 ? 10.0 : 100.0
  let rounded = (value * scale).rounded() / scale
  return digits == 0 ? String(Int(rounded)) : String(rounded)
}

func printRow(_ cells: [String]) {
  print(zip(cells, [30, 15, 10, 20, 12, 9, 14]).map { padded($0, $1) }.joined())
}

var ours = Contender(name: "RaftCore, commit carried", cluster: SwiftCluster(settings: carried))
var prompt = Contender(
  name: "RaftCore, commit announced", cluster: SwiftCluster(settings: announced))
var theirs = Contender(name: "C-raft 0.15", cluster: CRaftServers())

func report<Cluster: ~Copyable>(
  _ contender: borrowing Contender<Cluster>, _ workload: Workload, beside other: Double?
) -> Double {
  let summary = Summary(contender.figures[workload.name, default: []])
  printRow([
    contender.name, workload.name, number(summary.median),
    "\(number(summary.lowest)) to \(number(summary.highest))",
    number(1000 / summary.median, 2), number(contender.callsEach[workload.name, default: 0], 1),
    other.map { "\(number($0 / summary.median, 2)) times" } ?? "",
  ])
  return summary.median
}

if CommandLine.arguments.contains("--allocations") {
  guard let counter = AllocationCount() else {
    print("The allocation counter is not loaded; `run` does that with LD_PRELOAD.")
    exit(2)
  }
  print("\nAllocations for each proposal, shell included:")
  for workload in workloads {
    ours.measure(workload)
    prompt.measure(workload)
    theirs.measure(workload)
    printRow([ours.name, workload.name, number(ours.allocations(workload, counter), 2)])
    printRow([prompt.name, workload.name, number(prompt.allocations(workload, counter), 2)])
    printRow([theirs.name, workload.name, number(theirs.allocations(workload, counter), 2)])
  }
  exit(0)
}

for _ in 0..<rounds {
  for workload in workloads {
    ours.measure(workload)
    prompt.measure(workload)
    theirs.measure(workload)
  }
}
let checksum = ours.conclude()
precondition(prompt.conclude() == checksum && theirs.conclude() == checksum, "the runs differ")

print("Three servers in memory, 64-byte proposals stored and applied on all three.")
print("CPU time, medians of \(rounds) runs in turn; all checksums equal: \(checksum)\n")
printRow(["", "proposals", "ns each", "lowest to highest", "million/s", "calls", "C-raft takes"])
for workload in workloads {
  let reference = Summary(theirs.figures[workload.name, default: []]).median
  _ = report(ours, workload, beside: reference)
  _ = report(prompt, workload, beside: reference)
  _ = report(theirs, workload, beside: nil)
}
var turns = Contender(name: "RaftCore, commit carried", cluster: SwiftCluster(settings: carried))
for _ in 0..<rounds { turns.measure(gathered) }
_ = turns.conclude()
_ = report(turns, gathered, beside: nil)

let ticks = Summary((0..<rounds).map { _ in tickNanoseconds() })
let beats = Summary((0..<rounds).map { _ in heartbeatNanoseconds() })
print("\nA follower's tick: \(number(ticks.median, 1)) ns.")
print("A heartbeat to both followers and back: \(number(beats.median)) ns.")
print("Calls: steps of a node, or calls into C-raft, for each proposal.")
