import RaftTypes

/// When a server starts to use a configuration of its log.
public enum ConfigurationUse: Hashable, Sendable {
  /// As soon as it is in the log (Raft paper, §6).
  case onAppend
  /// At the latest when it is applied.
  case onApply
}

/// A server uses the latest configuration that it holds.
///
/// - Source: Raft paper, §6; thesis, §4.1.
struct ConfigurationInForce: Checker {
  static let invariant = Invariant.configurationInForce
  var standing = Standing.unobserved
  let use: ConfigurationUse

  init(_ use: ConfigurationUse) { self.use = use }

  /// Compares the configuration that a server uses with those that it holds.
  mutating func compare(_ record: ServerRecord, _ findings: inout Findings) {
    guard record.isLogWhole, let inForce = record.configurations.inForce,
      let allowed = record.configurations.allowed(
        use, applied: Int(clamping: record.lastApplied.rawValue)),
      let latest = allowed.last
    else { return }
    arm()
    findings.comparisons += 1
    guard !allowed.contains(inForce) else { return }
    fail(
      by: [record.id],
      "\(record.id) uses the configuration \(inForce), and the latest that it holds is \(latest)",
      &findings)
  }
}
