import AdapterProtocol
import RaftTypes

/// The suite's state machine: a list, to which each command is appended.
struct StateMachine {
  /// What a snapshot brought, below all that was applied since.
  private(set) var restored: Restored?
  /// The entries applied after that, in order, those that change nothing included.
  private(set) var applied: [Entry] = []

  /// How many of the applied entries were told about.
  private var toldApplied = 0
  /// Whether `restored` was.
  private var isRestoredTold = true

  /// The content of a snapshot.
  struct Restored: Hashable {
    var position: LogPosition
    var configuration: Configuration
    var commands: [[UInt8]]
  }

  /// The last entry that the state reflects.
  var lastApplied: LogIndex { applied.last?.index ?? restored?.position.index ?? .zero }

  /// All commands, in order.
  var commands: [[UInt8]] {
    var commands = restored?.commands ?? []
    for entry in applied where entry.kind == .command { commands.append(entry.payload) }
    return commands
  }

  mutating func apply(_ entry: Entry) { applied.append(entry) }

  /// Puts the content of a snapshot in the place of all there was.
  mutating func restore(_ content: Restored) {
    restored = content
    applied.removeAll()
    toldApplied = 0
    isRestoredTold = false
  }

  /// Whether anything happened since it was last asked.
  var hasChanged: Bool { !isRestoredTold || toldApplied != applied.count }

  /// What happened since it was last asked: a restoration, if there was one, then what was applied.
  mutating func takeChanges() -> (restored: Restored?, applied: ArraySlice<Entry>) {
    defer {
      isRestoredTold = true
      toldApplied = applied.count
    }
    return (isRestoredTold ? nil : restored, applied[toldApplied...])
  }
}
