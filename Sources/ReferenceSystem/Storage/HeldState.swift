import AdapterProtocol
import RaftCore
import RaftStorage
import RaftTypes

/// What a disk holds when a life begins, read once.
struct HeldState {
  var hardState: HardState
  /// The snapshot, and its content; `nil` without one.
  var snapshot: Snapshot?
  var content: StateMachine.Restored?
  /// The position before the first entry held.
  var base: LogPosition
  var entries: [Entry]
  /// The configuration as of the snapshot, or the one that the cluster starts from.
  var configuration: Configuration
  /// How far all this can be trusted.
  var standing: Standing

  /// - Parameter start: the configuration that the cluster starts from.
  /// - Throws: a sentence on what can't be read.
  init(_ medium: any Medium, startingFrom start: Configuration) throws(BootProblem) {
    hardState = medium.hardState
    standing = medium.standing
    do {
      let before = medium.firstIndex.previous
      base = LogPosition(index: before, term: try medium.term(at: before))
      let count = try medium.terms().reduce(0) { $0 + $1.count }
      entries = try medium.entries(
        LogRange(first: medium.firstIndex, count: count), maxBytes: .max)
      snapshot = try medium.snapshot()
    } catch {
      throw BootProblem(error)
    }
    configuration = snapshot?.configuration ?? start
    guard let snapshot else { return }
    do throws(SnapshotBytes.Problem) {
      content = try StateMachine.Restored(snapshot)
    } catch {
      throw BootProblem(message: "the snapshot is cut short at byte \(error.offset)")
    }
  }

  /// What the core is built from.
  ///
  /// - Parameter isWiped: the disk was emptied, and the server has not been admitted anew.
  /// - Throws: a sentence on an entry that should be a configuration and is none.
  func boot(id: ServerID, isWiped: Bool, seed: UInt64) throws(BootProblem) -> BootState {
    BootState(
      id: id, hardState: hardState, snapshot: snapshot?.position ?? .zero,
      snapshotSize: UInt64(snapshot?.data.count ?? 0), base: base, log: try span(),
      configuration: configuration, standing: isWiped ? .wiped : standing, seed: seed)
  }

  private func span() throws(BootProblem) -> EntrySpan {
    var configurations: [SpanConfiguration] = []
    for (offset, entry) in entries.enumerated() where entry.kind == .configuration {
      do {
        let members = try Configuration(decoding: entry.payload)
        configurations.append(SpanConfiguration(offset: offset, configuration: members))
      } catch {
        throw BootProblem(message: "entry \(entry.index.rawValue) is no configuration")
      }
    }
    return EntrySpan(
      runs: entries.map { TermRun(term: $0.term, count: 1) }, configurations: configurations)
  }
}

extension StateMachine.Restored {
  /// The content of a snapshot in its canonical form.
  init(_ snapshot: Snapshot) throws(SnapshotBytes.Problem) {
    self.init(
      position: snapshot.position, configuration: snapshot.configuration,
      commands: try SnapshotBytes.decode(snapshot.data))
  }
}

extension Medium {
  /// Makes the hard state durable that a node starts with.
  mutating func persistAtBoot(_ hardState: HardState) throws(BootProblem) {
    do throws(StorageError) {
      try store(.hardState(hardState))
      try sync()
    } catch {
      throw BootProblem(error)
    }
  }
}
