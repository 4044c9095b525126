import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// A node of the trace through all its lives.
final class Member {
  let name: NodeName
  let id: ServerID
  let configuration: Configuration
  let settings: ShellSettings
  private let seed: UInt64
  private var lives: UInt64 = 0

  /// What there is of the node.
  private(set) var condition: Condition
  /// What was told of it last.
  private var told: NodeState?

  enum Condition {
    /// A process, which runs or has stopped itself.
    case process(Shell)
    /// The disk that a dead process left behind.
    case disk(MemoryStorage)
  }

  init(
    name: NodeName, id: ServerID, configuration: Configuration, settings: ShellSettings,
    seed: UInt64, storage: MemoryStorage
  ) {
    self.name = name
    self.id = id
    self.configuration = configuration
    self.settings = settings
    self.seed = Self.seed(of: name, in: seed)
    condition = .disk(storage)
  }

  /// The process, if it runs.
  var running: Shell? {
    switch condition {
    case .process(let shell): shell.status == .running ? shell : nil
    case .disk: nil
    }
  }

  /// Starts a life from what the disk holds. A storage that failed is opened again, and then holds
  /// what had become durable.
  func start() throws(BootProblem) -> Shell {
    let storage =
      switch condition {
      case .process(let shell): shell.storage.crash(unsynced: .lost)
      case .disk(let storage): storage
      }
    lives += 1
    var source = RandomSource(seed: seed &+ lives)
    let shell = try Shell(
      id: id, configuration: configuration, seed: source.next(), settings: settings,
      storage: storage)
    condition = .process(shell)
    told = nil
    return shell
  }

  /// Takes a dead process away and leaves its disk.
  func bury(_ shell: Shell, unsynced: UnsyncedFate, disk: DiskFate) {
    condition = .disk(shell.storage.crash(unsynced: unsynced, disk: disk))
  }

  /// What changed since it was last told; all there is at the beginning of a life.
  func takeDelta(of shell: Shell, names: Roster) -> StateDelta {
    let state = shell.state
    let last = told
    told = state
    var delta = StateDelta()
    if last == nil || shell.status != .running { delta.status = shell.status }
    if state.role != last?.role { delta.role = NodeRole(state.role) }
    if state.hardState.term != last?.hardState.term { delta.term = state.hardState.term }
    if last == nil || state.hardState.votedFor != last?.hardState.votedFor {
      delta.votedFor = .init(state.hardState.votedFor.map(names.name))
    }
    if last == nil || state.leader != last?.leader {
      delta.leader = .init(state.leader.map(names.name))
    }
    if state.commitIndex != last?.commitIndex { delta.commitIndex = state.commitIndex }
    let changes = shell.log.takeChanges()
    delta.truncatedFrom = changes.truncatedFrom
    delta.appended = changes.appended.map(WireEntry.init)
    delta.applied = shell.takeApplied().map(AppliedEntry.init)
    return delta
  }

  /// Everything that the node shows of itself, with the fields asked for in full.
  func fullState(of shell: Shell, want: [StateField], names: Roster) -> StateDelta {
    var delta = StateDelta()
    delta.status = shell.status
    delta.role = NodeRole(shell.state.role)
    delta.term = shell.state.hardState.term
    delta.votedFor = .init(shell.state.hardState.votedFor.map(names.name))
    delta.leader = .init(shell.state.leader.map(names.name))
    delta.commitIndex = shell.state.commitIndex
    for field in want {
      switch field {
      case .log:
        delta.truncatedFrom = LogIndex(1)
        delta.appended = shell.log.entries.map(WireEntry.init)
      case .applied:
        delta.applied = shell.ledger.map(AppliedEntry.init)
      }
    }
    return delta
  }

  /// The seed of a node's random sources: the trace's, and the name by the 64-bit FNV-1a hash.
  private static func seed(of name: NodeName, in trace: UInt64) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.rawValue.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var source = RandomSource(seed: trace ^ hash)
    return source.next()
  }
}

extension NodeRole {
  init(_ role: RoleKind) {
    self =
      switch role {
      case .follower: .follower
      case .preCandidate: .preCandidate
      case .candidate: .candidate
      case .leader: .leader
      }
  }
}
