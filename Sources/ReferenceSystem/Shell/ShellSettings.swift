import RaftCore
import RaftStorage

/// How a shell runs its node.
struct ShellSettings: Hashable, Sendable {
  /// How the core behaves.
  var core: Settings
  /// The most bytes of payload in one AppendEntries that carries more than one entry.
  var maxBytesPerAppend: Int

  /// What keeps a node from running with these settings; `nil` if nothing does.
  var problem: String? {
    if maxBytesPerAppend < 1 {
      return "maxBytesPerAppend is \(maxBytesPerAppend), and must be at least 1"
    }
    return core.problem
  }
}

/// Why a node can't be started, in a sentence.
struct BootProblem: Error {
  var message: String
  /// Whether the disk is damaged, and nothing is wrong with what was asked.
  var isDamage = false
}

extension BootProblem {
  init(_ error: StorageError) {
    self.init(message: error.description)
    if case .corrupt = error { isDamage = true }
  }
}
