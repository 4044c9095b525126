import RaftStorage
import RaftTypes

/// What opening a log found.
public struct RecoveryReport: Hashable, Sendable {
  /// Whether the log was made now, because there was none.
  public var isNew = false
  /// What the node may do.
  public var standing = RecoveryStanding.certain
  /// The end of the log that was cut off, if any was.
  public var cut: CutTail?
  /// How many segments were read.
  public var segments = 0
  /// How many records were read.
  public var records: UInt64 = 0
  /// How many bytes of records were read.
  public var bytes: UInt64 = 0

  /// One line for a log file.
  public var summary: String {
    if isNew { return "a new log" }
    var text = "\(records) records in \(segments) segments"
    if let cut { text += "; \(cut)" }
    if case .uncertain(let claim) = standing {
      text += "; acknowledged entries may be missing, the log claimed to reach "
      text += claim.map { "\($0.last.index.rawValue)@\($0.last.term.rawValue)" } ?? "an unknown end"
    }
    return text
  }
}

/// What a node may do with its log.
public enum RecoveryStanding: Hashable, Sendable {
  /// Everything that was ever synced is there.
  case certain
  /// The end of the log is damaged, and it cannot be told whether it had been synced: entries that
  /// the node acknowledged may be missing. Until `confirmRepair()` the node neither leads nor
  /// acknowledges entries, and it votes as if its log still reached the claimed end; without a claim
  /// it does not vote.
  ///
  /// - Source: Alagappan et al., Protocol-Aware Recovery for Consensus-Based Storage, FAST 2018.
  case uncertain(claimed: LogClaim?)
}

/// What the last batch of a damaged log says that the log was.
public struct LogClaim: Hashable, Sendable {
  /// The last entry.
  public var last: LogPosition
  /// The term and the vote, which the opened log has taken over.
  public var hardState: HardState

  /// Names a claim.
  public init(last: LogPosition, hardState: HardState) {
    self.last = last
    self.hardState = hardState
  }
}

/// The end of a log that was cut off when it was opened.
public struct CutTail: Hashable, Sendable, CustomStringConvertible {
  /// The segment's file.
  public var path: String
  /// Where the cut is: the end of what was kept.
  public var offset: UInt64
  /// How many bytes were cut off; 0 where only the batch's last record was missing.
  public var bytes: UInt64
  /// Where the bytes were copied to; `nil` where there were none, or no room.
  public var copy: String?

  /// The cut in words.
  public var description: String {
    "cut \(bytes) bytes of a batch that was not completely written, at \(path), byte \(offset)"
      + (copy.map { ", copied to \($0)" } ?? "")
  }
}

/// Damage to bytes that had been durable.
public struct LogDamage: Hashable, Sendable {
  /// The file.
  public var path: String
  /// The first bad place in it, bytes from its start.
  public var offset: UInt64
  /// The kind of damage.
  public var finding: CorruptionFinding
  /// What was expected there, and what proves that it had been there.
  public var detail: String
}
