/// The operations of protocol 1, by the names that requests carry.
public enum Operation: String, Sendable, CaseIterable {
  case hello, begin, create, timeout, campaign, lapse, beat, tick, receive, deliver, drop
  case duplicate, propose, hold, release, complete, storageFault, crash, corrupt, restart, snapshot
  case compact, configure, read, transfer, state, end, bye
}

extension Request {
  /// The operation's name, as the line carries it.
  public var operation: String {
    switch self {
    case .hello: Operation.hello.rawValue
    case .begin: Operation.begin.rawValue
    case .create: Operation.create.rawValue
    case .timeout: Operation.timeout.rawValue
    case .campaign: Operation.campaign.rawValue
    case .lapse: Operation.lapse.rawValue
    case .beat: Operation.beat.rawValue
    case .tick: Operation.tick.rawValue
    case .receive: Operation.receive.rawValue
    case .deliver: Operation.deliver.rawValue
    case .drop: Operation.drop.rawValue
    case .duplicate: Operation.duplicate.rawValue
    case .propose: Operation.propose.rawValue
    case .hold: Operation.hold.rawValue
    case .release: Operation.release.rawValue
    case .complete: Operation.complete.rawValue
    case .storageFault: Operation.storageFault.rawValue
    case .crash: Operation.crash.rawValue
    case .corrupt: Operation.corrupt.rawValue
    case .restart: Operation.restart.rawValue
    case .snapshot: Operation.snapshot.rawValue
    case .compact: Operation.compact.rawValue
    case .configure: Operation.configure.rawValue
    case .read: Operation.read.rawValue
    case .transfer: Operation.transfer.rawValue
    case .state: Operation.state.rawValue
    case .end: Operation.end.rawValue
    case .bye: Operation.bye.rawValue
    case .unknown(let operation): operation
    }
  }
}
