import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// One life of a node, wherever it is held.
final class Process {
  var shell: Shell

  init(_ shell: consuming Shell) { self.shell = shell }
}

/// A node of the trace through all its lives.
final class Member {
  let name: NodeName
  let id: ServerID
  let configuration: Configuration
  let settings: ShellSettings
  private let seed: UInt64
  private var lives: UInt64 = 0
  /// Whether the disk was emptied, and the server has not been admitted anew since. An operator
  /// knows; a disk does not.
  private var isWiped = false

  /// What there is of the node.
  private(set) var condition: Condition
  /// What was told of it last.
  private var told: NodeState?
  private var toldConfiguration: Configuration?

  enum Condition {
    /// A process, which runs or has stopped itself.
    case process(Process)
    /// The disk that a dead process left behind.
    case disk(any Medium)
  }

  init(
    name: NodeName, id: ServerID, configuration: Configuration, settings: ShellSettings,
    seed: UInt64, medium: any Medium
  ) {
    self.name = name
    self.id = id
    self.configuration = configuration
    self.settings = settings
    self.seed = Self.seed(of: name, in: seed)
    condition = .disk(medium)
  }

  /// The process, if it runs.
  var running: Process? {
    switch condition {
    case .process(let process): process.shell.status == .running ? process : nil
    case .disk: nil
    }
  }

  /// Starts a life from what the disk holds. A disk that failed is opened again, and then holds what
  /// had become durable.
  func start() throws(BootProblem) -> Process {
    var medium = try openMedium()
    lives += 1
    var source = RandomSource(seed: seed &+ lives)
    do throws(BootProblem) {
      let process = Process(
        try Shell(
          id: id, configuration: configuration, seed: source.next(), settings: settings,
          medium: medium, isWiped: isWiped))
      condition = .process(process)
      told = nil
      toldConfiguration = nil
      return process
    } catch {
      try? medium.crash(leaving: .lost)
      throw error
    }
  }

  private func openMedium() throws(BootProblem) -> any Medium {
    do throws(StorageError) {
      if case .process(let process) = condition {
        try bury(process, unsynced: .lost, wipesDisk: false)
      }
      guard case .disk(var medium) = condition else { preconditionFailure("a life is not over") }
      try medium.open()
      return medium
    } catch {
      throw BootProblem(error)
    }
  }

  /// Takes a dead process away and leaves its disk.
  func bury(
    _ process: Process, unsynced: UnsyncedWrites, wipesDisk: Bool
  ) throws(StorageError) {
    var medium = try process.shell.remains(unsynced: unsynced)
    if wipesDisk {
      try medium.wipe()
      isWiped = true
    }
    condition = .disk(medium)
  }

  /// What changed since it was last told; all there is at the beginning of a life.
  ///
  /// - Returns: `nil` where nothing did.
  func takeDelta(of shell: inout Shell, names: Roster) -> StateDelta? {
    let state = shell.state
    let last = told
    if state == last, shell.status == .running, !shell.log.hasChanged, !shell.machine.hasChanged,
      shell.configuration == toldConfiguration
    {
      return nil
    }
    told = state
    if isWiped, shell.isTrusted { isWiped = false }
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
    if shell.configuration != toldConfiguration {
      toldConfiguration = shell.configuration
      delta.configuration = names.wire(shell.configuration)
    }
    if state.snapshot != last?.snapshot ?? .zero { delta.snapshot = state.snapshot }
    if state.transferTarget != last?.transferTarget {
      delta.transferTarget = .init(state.transferTarget.map(names.name))
    }
    let changes = shell.log.takeChanges()
    delta.truncatedFrom = changes.truncatedFrom
    delta.firstIndex = changes.firstIndex
    delta.appended = changes.appended.map(names.wire)
    let work = shell.machine.takeChanges()
    delta.restored = work.restored.map(names.wire)
    delta.applied = work.applied.map(names.applied)
    return delta
  }

  /// Everything that the node shows of itself, with the fields asked for in full.
  func fullState(of shell: borrowing Shell, want: [StateField], names: Roster) -> StateDelta {
    var delta = StateDelta()
    delta.status = shell.status
    delta.role = NodeRole(shell.state.role)
    delta.term = shell.state.hardState.term
    delta.votedFor = .init(shell.state.hardState.votedFor.map(names.name))
    delta.leader = .init(shell.state.leader.map(names.name))
    delta.commitIndex = shell.state.commitIndex
    delta.transferTarget = .init(shell.state.transferTarget.map(names.name))
    for field in want {
      switch field {
      case .log:
        delta.truncatedFrom = LogIndex(1)
        delta.firstIndex = shell.log.base.next
        delta.appended = shell.log.entries.map(names.wire)
      case .applied:
        delta.restored = shell.machine.restored.map(names.wire)
        delta.applied = shell.machine.applied.map(names.applied)
      case .configuration:
        delta.configuration = names.wire(shell.configuration)
      case .snapshot:
        if shell.state.snapshot != .zero { delta.snapshot = shell.state.snapshot }
      }
    }
    return delta
  }

  /// The seed of a node's random sources: the trace's, and the name by the 64-bit FNV-1a hash.
  private static func seed(of name: NodeName, in trace: UInt64) -> UInt64 {
    var source = RandomSource(seed: trace ^ FNV1a.hash(name.rawValue))
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
