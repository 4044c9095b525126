import RaftTypes

/// The state machine's state as of one entry of the log.
///
/// - Source: Raft paper, §7.
public struct Snapshot: Hashable, Sendable {
  /// The last entry that the snapshot covers; above index 0.
  public var position: LogPosition
  /// The configuration as of `position`.
  public var configuration: Configuration
  /// The state machine's bytes.
  public var data: [UInt8]

  /// A snapshot of `data` as of `position`.
  public init(position: LogPosition, configuration: Configuration, data: [UInt8] = []) {
    self.position = position
    self.configuration = configuration
    self.data = data
  }
}
