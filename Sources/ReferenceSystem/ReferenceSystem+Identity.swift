import AdapterProtocol

extension ReferenceSystem {
  /// Who answers, and what it can do, by the names of the suite's registry of capabilities.
  public static let implementation = Implementation(
    protocolVersion: 1, name: "raft-ladder reference", version: "1.0.0", language: "swift",
    homepage: "",
    capabilities: [
      "messages", "clock", "timeout", "election", "campaign", "lapse", "heartbeat.beat",
      "pre-vote", "check-quorum", "responses.unsolicited", "links.duplicate", "links.reorder",
      "propose", "results", "log.read", "votedFor.read", "ledger.read", "append.limit",
      "append.limit-bytes", "inflight.limit", "storage.async.entries", "storage.async.vote",
      "storage.async.sync", "storage.fault", "crash", "crash.torn", "crash.points", "disk.wipe",
      "apply.hold", "snapshot", "snapshot.chunks", "storage.async.snapshot", "learners",
      "config.simple", "config.joint", "config.read", "transfer", "read.index", "read.forward",
      "read.lease",
    ],
    window: 64)

  /// Who answers where the disks are write-ahead logs.
  private static let walImplementation: Implementation = {
    var onFiles = implementation
    onFiles.name = "raft-ladder write-ahead log"
    onFiles.capabilities.append("storage.corrupt")
    return onFiles
  }()

  static func implementation(on disks: Disks) -> Implementation {
    switch disks {
    case .memory: implementation
    case .files: walImplementation
    }
  }
}
