import RaftTypes

/// What a leader knows about one server's log.
///
/// - Source: Raft paper, Figure 2 (nextIndex, matchIndex); thesis, §10.2.1 (pipelining).
public struct Progress: Sendable {
  /// How entries are sent to a server.
  public enum State: Hashable, Sendable {
    /// The place where the logs part is not known: one AppendEntries at `next`, then silence until
    /// it, or a heartbeat, is answered.
    ///
    /// Turns to `replicate` when the follower accepts a position at or after `next - 1`.
    case probe
    /// The follower takes what it is sent: `next` advances with each AppendEntries, up to a limit
    /// of messages that are not answered.
    ///
    /// Turns to `probe` when the follower refuses one: a message was lost or overtaken.
    case replicate
    /// What the server lacks is discarded: it is sent the snapshot, a part at a time.
    ///
    /// Turns to
    /// - `replicate` when the server has installed it, or turns out to have the entry that the log
    ///   begins after,
    /// - `probe` when the server does not answer for two time-outs: nothing but heartbeats is sent to
    ///   it until it does.
    case snapshot
  }

  /// How far a snapshot is sent.
  struct Transfer {
    /// The snapshot that is sent.
    var position: LogPosition
    /// The offset of the part that is sent next, or on its way; bytes.
    var offset: UInt64 = 0
    /// Whether that part waits for its answer.
    var isWaiting = false
    /// Whether a heartbeat was sent after it.
    var isFollowed = false
    /// Ticks since it was sent.
    var elapsed = 0
    /// Whether the time-out has passed once, and the snapshot started again.
    var isSecondAttempt = false
  }

  /// The last position known to be durable on the server and equal to the leader's log.
  public internal(set) var match: LogIndex
  /// The position of the next entry to send; always above `match`.
  public internal(set) var next: LogIndex
  /// How entries are sent.
  public private(set) var state = State.probe
  /// Whether the server has answered since the leader last checked for a quorum.
  public internal(set) var isActive = false
  /// The number of AppendEntries with entries that are sent and not answered.
  public var inflight: Int {
    switch state {
    case .probe: isPaused ? 1 : 0
    case .replicate: window.count
    case .snapshot: 0
    }
  }

  /// The highest round of the leader that the server has answered in.
  var round: UInt64 = 0
  /// The snapshot on its way; only in the state `snapshot`.
  private(set) var transfer: Transfer?

  /// Whether a probe waits for its answer.
  private var isPaused = false
  /// Whether the next flush owes the server a message, if only an empty one.
  var owesMessage = false
  /// Empty while probing.
  private var window: InflightWindow

  init(match: LogIndex = .zero, next: LogIndex, maxInflight: Int) {
    self.match = match
    self.next = next
    window = InflightWindow(limit: maxInflight)
  }

  /// Whether an AppendEntries with entries may leave.
  var mayAppend: Bool {
    switch state {
    case .probe: !isPaused
    case .replicate: !window.isFull
    case .snapshot: false
    }
  }

  /// `count` entries from `next` on were sent.
  mutating func sent(_ count: Int) {
    owesMessage = false
    switch state {
    case .probe:
      isPaused = true
    case .replicate:
      window.add(next + (count - 1))
      next = next + count
    case .snapshot:
      preconditionFailure("entries were sent in place of a snapshot")
    }
  }

  /// The server has the log durably up to `index`, which is in the leader's log.
  ///
  /// - Returns: whether `match` rose; it never falls, whatever order the answers come in.
  mutating func accept(_ index: LogIndex) -> Bool {
    let rose = index > match
    if rose { match = index }
    switch state {
    case .probe:
      isPaused = false
      if index.next >= next {
        state = .replicate
        next = index.next
      }
    case .replicate:
      if rose {
        if next <= index { next = index.next }
        window.free(through: index)
      }
    case .snapshot:
      break
    }
    return rose
  }

  /// Whether the refusal of `prevLogIndex` answers something that still stands.
  ///
  /// What is known to match can't be refused, and a probe has one message out: anything else is an
  /// old or a repeated answer.
  func expectsRejection(of prevLogIndex: LogIndex) -> Bool {
    guard prevLogIndex > match, prevLogIndex < next else { return false }
    switch state {
    case .probe: return prevLogIndex == next.previous
    case .replicate: return true
    case .snapshot: return false
    }
  }

  /// The server refused `prevLogIndex`; probes after `candidate`, and never at or below `match`.
  ///
  /// If there is nothing lower to try, since only a snapshot covers what the server lacks, asking
  /// again at once would go on for ever: the next heartbeat asks.
  mutating func reject(_ prevLogIndex: LogIndex, tryAfter candidate: LogIndex) {
    let previous = max(candidate, match)
    state = .probe
    isPaused = previous >= prevLogIndex
    next = previous.next
    window.reset()
  }

  /// The entry at `base`, or one before it, is what the server lacks: only a snapshot helps.
  mutating func needSnapshot(base: LogIndex) {
    state = .snapshot
    next = min(next, base)
    transfer = nil
    window.reset()
  }

  /// The part of the snapshot that may leave now: its offset. It then waits for its answer.
  mutating func takePart(of snapshot: LogPosition) -> UInt64? {
    if transfer?.position != snapshot { transfer = Transfer(position: snapshot) }
    guard var transfer, !transfer.isWaiting else { return nil }
    transfer.isWaiting = true
    transfer.isFollowed = false
    transfer.elapsed = 0
    self.transfer = transfer
    return transfer.offset
  }

  /// The server wants the part at `offset` next. The same part again waits for the time-out: the
  /// answer may be an old one.
  mutating func requestPart(at offset: UInt64) {
    guard var transfer, offset != transfer.offset else { return }
    transfer.offset = offset
    transfer.isWaiting = false
    transfer.isSecondAttempt = false
    self.transfer = transfer
  }

  /// A heartbeat leaves behind the part that is on its way.
  mutating func followPart() { transfer?.isFollowed = true }

  /// The server still lacks the log's beginning when it answers a heartbeat that was sent behind a
  /// part: the part, or its answer, is lost.
  mutating func missPart() {
    guard transfer?.isFollowed == true else { return }
    transfer?.isWaiting = false
    transfer?.isSecondAttempt = false
  }

  /// Passes a tick of a snapshot on its way. Unanswered for `limit` of them it starts again, and the
  /// server then asks for what it lacks; unanswered for as long again, it is given up.
  ///
  /// - Parameter base: the position that the log begins after, which the probe names.
  mutating func passTransferTick(limit: Int, base: LogIndex) {
    guard var transfer, transfer.isWaiting else { return }
    transfer.elapsed += 1
    if transfer.elapsed >= limit {
      if transfer.isSecondAttempt { return abortSnapshot(base: base) }
      transfer = Transfer(position: transfer.position, isSecondAttempt: true)
    }
    self.transfer = transfer
  }

  /// The server is not there. Once it refuses the heartbeat that names `base`, it gets the snapshot.
  private mutating func abortSnapshot(base: LogIndex) {
    transfer = nil
    state = .probe
    isPaused = true
    next = base.next
  }

  /// The server has the log up to `index`, which the leader still has entries after.
  mutating func endSnapshot(at index: LogIndex) {
    transfer = nil
    state = .replicate
    next = index.next
    window.reset()
  }
}
