import ArgumentParser
import RaftWAL

/// Brings a log in order.
struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Cut off what provably was never acknowledged.",
    discussion: """
      Without a flag only a batch that was not completely written is cut off, which starting the
      node does as well. A copy of what is cut is kept beside the log. Everything else loses
      entries that the node may have acknowledged, and a flag has to ask for it. A node with peers
      does not need those flags: empty its folder and let it join anew.

      EXAMPLES
        raft-kv wal repair /var/lib/raft-kv/wal
        raft-kv wal repair /var/lib/raft-kv/wal --lose-everything-behind-damage
        raft-kv wal repair /var/lib/raft-kv/wal --accept-missing-entries

      EXIT CODES
        0  the log is in order now
        2  something durable is damaged; nothing was altered
        3  acknowledged entries may be missing; the log opens, and says so
        4  the log can't be read or written
      """)

  @Argument(help: "The log's folder.")
  var directory: String

  @Flag(
    help: """
      Cut a damaged log at the first bad place. All entries and votes behind it are lost, \
      acknowledged ones too. Copies of the segments are kept (.bak).
      """)
  var loseEverythingBehindDamage = false

  @Flag(
    help: """
      Forget that acknowledged entries may be missing, so that the node leads and acknowledges \
      again. Entries that clients were promised may be gone for good.
      """)
  var acceptMissingEntries = false

  func run() throws {
    var inspection = try inspect(directory)
    if case .corrupt(let damage) = inspection.verdict {
      guard loseEverythingBehindDamage else {
        refuse(inspection)
        throw WALExit.corrupt
      }
      try cut(at: damage, inspection)
      inspection = try inspect(directory)
    }
    switch inspection.verdict {
    case .healthy: Console.line("healthy: nothing to repair")
    case .torn, .uncertain: try open(inspection)
    case .corrupt:
      refuse(inspection)
      throw WALExit.corrupt
    }
  }

  private func refuse(_ inspection: LogInspection) {
    Console.error("corrupt: \(inspection.verdict.finding ?? "")")
    Console.error(
      "Nothing was altered. What is behind that place is lost by --lose-everything-behind-damage; "
        + "the log reaches \(inspection.last.index.rawValue)@\(inspection.last.term.rawValue) "
        + "before it.")
  }

  private func cut(at damage: LogDamage, _ inspection: LogInspection) throws {
    do throws(WALOpenError) {
      guard
        let outcome = try LogRepair.cut(at: damage, inspection, directory: directory)
      else {
        refuse(inspection)
        Console.error("This damage can't be cut away: \(damage.path) has to be restored.")
        throw damageOutsideRecords(damage)
      }
      for backup in outcome.backups { Console.line("copy:   \(backup)") }
      Console.line(
        "cut:    \(damage.path), byte \(damage.offset); the log ends with "
          + "\(outcome.last.index.rawValue)@\(outcome.last.term.rawValue)")
    } catch {
      Console.error(error.description)
      throw WALExit.corrupt
    }
  }

  private func damageOutsideRecords(_ damage: LogDamage) -> WALOpenError { .corrupt(damage) }

  /// Opening is the repair.
  private func open(_ inspection: LogInspection) throws {
    guard let cluster = inspection.cluster, let node = inspection.node else {
      throw WALExit.unreadable
    }
    var options = WALOptions(directory: directory, cluster: cluster, node: node)
    options.creation = .never
    let log: WriteAheadLog
    do throws(WALOpenError) {
      log = try WriteAheadLog.open(options)
    } catch {
      Console.error(error.description)
      throw WALExit.unreadable
    }
    defer { log.close() }
    if let cut = log.recovery.cut { Console.line("\(cut)") }
    guard log.recovery.standing != .certain else {
      Console.line("repaired: the log ends with entry \(log.lastIndex.rawValue)")
      return
    }
    guard acceptMissingEntries else {
      Console.line(inspection.verdict.finding ?? "")
      Console.line(
        "The log opens, and the node waits for its peers; --accept-missing-entries ends that.")
      throw WALExit.uncertain
    }
    try log.confirmRepair()
    Console.line("accepted: the log ends with entry \(log.lastIndex.rawValue)")
  }
}
