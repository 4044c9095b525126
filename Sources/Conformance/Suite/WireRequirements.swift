import AdapterProtocol
import RaftTypes
import TraceFormat

/// The fields of messages that a trace expects, compared with what an implementation's wire carries.
///
/// A field that is not on the wire can't be expected of it: the trace does not apply.
struct WireRequirements {
  private let trace: Trace

  init(_ trace: Trace) { self.trace = trace }

  /// The first field that is expected and not carried, in words; `nil` where there is none.
  func missing(in wire: [MessageType: Set<String>]) -> String? {
    guard !wire.isEmpty else { return nil }
    for step in trace.steps {
      guard let expectation = step.expect else { continue }
      for pattern in patterns(of: expectation) {
        guard let type = pattern.type, let carried = wire[type] else { continue }
        if let field = fields(of: pattern).first(where: { !carried.contains($0) }) {
          return "its \(type.rawValue) carries no '\(field)'"
        }
      }
    }
    return nil
  }

  private func patterns(of expectation: Expectation) -> [MessagePattern] {
    var found = expectation.absent + expectation.absentTogether.flatMap { $0 }
    found += expectation.counts.map(\.pattern)
    if case .all(let sent) = expectation.sent { found += sent }
    return found + expectation.oneOf.flatMap { patterns(of: $0.expectation) }
  }

  /// The names of the fields that a pattern asks about, as the protocol has them.
  private func fields(of pattern: MessagePattern) -> [String] {
    var names: [String] = []
    if pattern.term != nil { names.append("term") }
    if pattern.last != nil {
      names +=
        pattern.type == .installSnapshot || pattern.type == .installSnapshotResponse
        ? ["lastIncluded"] : ["lastLogIndex", "lastLogTerm"]
    }
    if pattern.granted != nil { names.append("granted") }
    if pattern.prev != nil { names += ["prevLogIndex", "prevLogTerm"] }
    if pattern.entries != nil { names.append("entries") }
    if pattern.commit != nil { names.append("leaderCommit") }
    if pattern.success != nil { names.append("success") }
    if pattern.match != nil { names.append("matchIndex") }
    if pattern.configuration != nil, pattern.type == .installSnapshot {
      names.append("configuration")
    }
    if pattern.offset != nil { names.append("offset") }
    if pattern.done != nil { names.append("done") }
    if pattern.next != nil { names.append("nextOffset") }
    if pattern.installed != nil { names.append("installed") }
    if pattern.context != nil { names.append("context") }
    if pattern.index != nil { names.append("index") }
    return names
  }
}
