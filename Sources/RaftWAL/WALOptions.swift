import RaftTypes

/// The cluster that a log belongs to.
public struct ClusterID: RawRepresentable, Hashable, Sendable {
  /// The number, which means nothing but the identity.
  public var rawValue: UInt64

  /// The cluster of this number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  /// The cluster of this number, without a label.
  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// How a log is opened.
public struct WALOptions: Hashable, Sendable {
  /// The folder of the log's files, which nothing else may use.
  public var directory: String
  /// The cluster that the log belongs to; a log of another one is refused.
  public var cluster: ClusterID
  /// The server that the log belongs to; a log of another one is refused.
  public var node: ServerID
  /// The size of a segment's file, bytes; a batch that is larger gets a segment of its own size.
  public var segmentBytes = 64 << 20
  /// Room in each segment that only terms, votes and discards may use, bytes: a node whose disk is
  /// full can still vote and make room.
  public var reservedBytes = 64 << 10
  /// Whether room is claimed for a segment when it is made (`posix_fallocate`). Without it the files
  /// are as long and hold no room, and a full disk shows when a batch is synced.
  public var preallocates = true
  /// How many of the newest snapshots keep their files, at least 1.
  public var snapshotsKept = 1
  /// How many bytes of the newest entries' payloads are kept in memory.
  public var cachedBytes = 8 << 20
  /// What to do where there is no log.
  public var creation = Creation.ifMissing
  /// The id of a log made anew; drawn at random by default.
  public var newLogID: UInt64?

  /// What to do where there is no log.
  public enum Creation: Hashable, Sendable {
    /// Make one: for a server that has never run.
    case ifMissing
    /// Refuse: for a server that has run before and whose disk must not have been wiped.
    case never
  }

  /// The options of one server's log, with defaults for the rest.
  public init(directory: String, cluster: ClusterID, node: ServerID) {
    self.directory = directory
    self.cluster = cluster
    self.node = node
  }

  /// The smallest segment that has room for its head, its end, the reserve and a record.
  var minimumSegmentBytes: Int {
    SegmentHead.recordBytes + WALFormat.segmentEndBytes + reservedBytes + 2 * WALFormat.sectorBytes
  }

  func path(_ name: String) -> String { directory + "/" + name }
}
