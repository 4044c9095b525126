import RaftStorage

/// The messages that may not leave yet, in the order in which they were made: each waits until the
/// hard state written last before it is durable, and for those before it.
///
/// - Source: Raft paper, Figure 2: persistent state is updated before responding to RPCs.
struct MessageGate {
  private var waiting: [(write: WriteSequence, parcel: Parcel)] = []

  /// Lets a message pass if it may leave at once, and keeps it otherwise.
  ///
  /// - Parameters:
  ///   - write: the last write of a hard state before it.
  ///   - durable: the last one that is durable.
  mutating func add(
    _ parcel: Parcel, after write: WriteSequence, durable: WriteSequence,
    into outbox: inout [Parcel]
  ) {
    if waiting.isEmpty, write <= durable {
      outbox.append(parcel)
    } else {
      waiting.append((write, parcel))
    }
  }

  /// Moves the messages that may leave to the end of `outbox`.
  mutating func release(durable: WriteSequence, into outbox: inout [Parcel]) {
    guard !waiting.isEmpty else { return }
    let count = waiting.firstIndex { $0.write > durable } ?? waiting.count
    outbox.append(contentsOf: waiting[..<count].lazy.map(\.parcel))
    waiting.removeFirst(count)
  }

  /// Forgets the messages of a node that is dead.
  mutating func discard() { waiting.removeAll() }
}
