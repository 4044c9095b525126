import AdapterProtocol
import RaftTypes

/// Translates between a trace's indices and those of an implementation whose log starts elsewhere.
///
/// Index `i` of a trace is `i + base.index` for the implementation, and 0@0 is the base itself. The
/// implementation speaks its own indices everywhere; nothing but this knows of them.
struct IndexShift {
  /// The position that the implementation's log starts after.
  let base: LogPosition

  var isNeeded: Bool { base.index > .zero }

  // MARK: To the implementation

  func outward(_ index: LogIndex) -> LogIndex { LogIndex(index.rawValue + base.index.rawValue) }

  func outward(_ position: LogPosition) -> LogPosition {
    position.index == .zero
      ? base : LogPosition(index: outward(position.index), term: position.term)
  }

  /// A request as the implementation is to read it.
  func outward(_ request: Request) -> Request {
    guard isNeeded else { return request }
    switch request {
    case .receive(let node, let from, let message):
      return .receive(node: node, from: from, outward(message))
    case .complete(let node, .through(let position), let fails):
      return .complete(node, .through(outward(position)), fails: fails)
    case .compact(let node, let index):
      return .compact(node, upTo: outward(index))
    case .corrupt(let node, let corruption):
      return .corrupt(
        node, Corruption(damage: corruption.damage, entry: outward(corruption.entry)))
    default:
      return request
    }
  }

  private func outward(_ message: WireMessage) -> WireMessage {
    var shifted = message
    if let index = message.lastLogIndex, let term = message.lastLogTerm {
      let last = outward(LogPosition(index: index, term: term))
      (shifted.lastLogIndex, shifted.lastLogTerm) = (last.index, last.term)
    }
    if let index = message.prevLogIndex {
      let prev = outward(LogPosition(index: index, term: message.prevLogTerm ?? .zero))
      shifted.prevLogIndex = prev.index
      if message.prevLogTerm != nil { shifted.prevLogTerm = prev.term }
    }
    shifted.leaderCommit = message.leaderCommit.map { outward($0) }
    shifted.matchIndex = message.matchIndex.map { outward($0) }
    shifted.hint = message.hint.map { outward($0) }
    shifted.lastIncluded = message.lastIncluded.map { outward($0) }
    shifted.index = message.index.map { outward($0) }
    return shifted
  }

  // MARK: From the implementation

  func inward(_ index: LogIndex) -> LogIndex {
    LogIndex(index.rawValue - min(index.rawValue, base.index.rawValue))
  }

  func inward(_ position: LogPosition) -> LogPosition {
    position.index <= base.index
      ? .zero : LogPosition(index: inward(position.index), term: position.term)
  }

  /// What the implementation answered, in the trace's indices.
  func inward(_ result: OperationResult) -> OperationResult {
    guard isNeeded else { return result }
    var shifted = result
    for place in shifted.sent.indices {
      shifted.sent[place].message = inward(result.sent[place].message)
    }
    shifted.state = result.state.map(inward)
    for place in shifted.reads.indices {
      guard case .done(let index) = result.reads[place].fate else { continue }
      shifted.reads[place].fate = .done(index: inward(index))
    }
    return shifted
  }

  private func inward(_ delta: StateDelta) -> StateDelta {
    var shifted = delta
    shifted.commitIndex = delta.commitIndex.map { inward($0) }
    shifted.truncatedFrom = delta.truncatedFrom.map { max(inward($0), LogIndex(1)) }
    shifted.firstIndex = delta.firstIndex.map { max(inward($0), LogIndex(1)) }
    shifted.snapshot = delta.snapshot.map { inward($0) }
    shifted.restored?.position = delta.restored.map { inward($0.position) } ?? .zero
    shifted.applied = delta.applied.filter { $0.position.index > base.index }.map { entry in
      AppliedEntry(
        position: inward(entry.position), kind: entry.kind, data: entry.data,
        configuration: entry.configuration)
    }
    return shifted
  }

  private func inward(_ message: WireMessage) -> WireMessage {
    var shifted = message
    if let index = message.lastLogIndex {
      let last = inward(LogPosition(index: index, term: message.lastLogTerm ?? .zero))
      shifted.lastLogIndex = last.index
      if message.lastLogTerm != nil { shifted.lastLogTerm = last.term }
    }
    if let index = message.prevLogIndex {
      let prev = inward(LogPosition(index: index, term: message.prevLogTerm ?? .zero))
      shifted.prevLogIndex = prev.index
      if message.prevLogTerm != nil { shifted.prevLogTerm = prev.term }
      // Entries at or below the base are not the trace's.
      let covered = Int(base.index.rawValue) - Int(clamping: index.rawValue)
      if covered > 0 { shifted.entries = message.entries.map { Array($0.dropFirst(covered)) } }
    }
    shifted.leaderCommit = message.leaderCommit.map { inward($0) }
    shifted.matchIndex = message.matchIndex.map { inward($0) }
    shifted.hint = message.hint.map { inward($0) }
    shifted.lastIncluded = message.lastIncluded.map { inward($0) }
    shifted.index = message.index.map { inward($0) }
    return shifted
  }
}
