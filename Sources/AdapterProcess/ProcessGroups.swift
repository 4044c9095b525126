import Glibc
import Synchronization

/// The process groups of the adapters that run, so that a signal which ends the suite ends them too.
///
/// An adapter has a group of its own: the terminal's Ctrl-C reaches the suite alone.
public enum ProcessGroups {
  /// From now on SIGINT, SIGTERM and SIGHUP end every adapter's group, and then this process as if
  /// they had not been caught. One of them that was ignored stays ignored.
  public static func endWithSignals() {
    _ = table.groups
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      var before = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        // Nothing is allocated or locked here: the signal may have come in the middle of anything.
        for place in 0..<Table.room {
          let group = ProcessGroups.table.groups[place].load(ordering: .relaxed)
          if group > 0 { kill(-group, SIGKILL) }
        }
        signal(number, SIG_DFL)
        raise(number)
      }
      sigaction(number, nil, &before)
      if unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1 { continue }
      sigaction(number, &action, nil)
    }
  }

  /// Notes a group that has come to be. Beyond the table's room a group is not noted: it reads the
  /// end of its input instead.
  static func add(_ group: pid_t) {
    for place in 0..<Table.room {
      let (isFree, _) = table.groups[place].compareExchange(
        expected: 0, desired: group, ordering: .relaxed)
      if isFree { return }
    }
  }

  /// Forgets a group, before its number can come to be another's.
  static func remove(_ group: pid_t) {
    for place in 0..<Table.room {
      let (was, _) = table.groups[place].compareExchange(
        expected: group, desired: 0, ordering: .relaxed)
      if was { return }
    }
  }

  private static let table = Table()

  /// A fixed number of places, made once and never moved.
  private final class Table: Sendable {
    static let room = 512

    nonisolated(unsafe) let groups: UnsafeMutablePointer<Atomic<pid_t>>

    init() {
      groups = .allocate(capacity: Self.room)
      for place in 0..<Self.room { (groups + place).initialize(to: Atomic(0)) }
    }
  }
}
