import RaftTypes

/// How much of the log is durable, and which writes are still on their way.
///
/// A completion names its write by a ticket. Entries of that write may have been cut off since, and
/// other entries written at their positions, so a completion makes durable only what no later cut
/// removed.
struct DurableLog {
  /// A cut, by the write that makes it: what lies after `keep` is gone for all earlier writes.
  private struct Cut {
    var sequence: UInt64
    var keep: LogIndex
  }

  /// The last position up to which the log is durable.
  private(set) var index: LogIndex
  private var lastSequence: UInt64 = 0
  private var lastCompleted: UInt64 = 0
  /// The cuts that writes not yet completed were subject to, with `keep` ascending.
  private var cuts: [Cut] = []

  init(index: LogIndex) { self.index = index }

  /// Announces a write that ends at `upTo`.
  mutating func announce(upTo: LogIndex) -> AppendTicket {
    lastSequence += 1
    return AppendTicket(sequence: lastSequence, upTo: upTo)
  }

  /// The next write starts by cutting everything after `keep`.
  mutating func cut(after keep: LogIndex) {
    index = min(index, keep)
    guard lastCompleted < lastSequence else { return }
    while let previous = cuts.last, previous.keep >= keep { cuts.removeLast() }
    cuts.append(Cut(sequence: lastSequence + 1, keep: keep))
  }

  /// A snapshot that ends at `index` has taken the log's place, durably.
  mutating func replace(through index: LogIndex) {
    cut(after: index)
    self.index = index
  }

  /// A write, and all before it, completed. Told twice or late, it changes nothing.
  ///
  /// - Returns: whether more of the log is durable than before.
  mutating func complete(_ ticket: AppendTicket) -> Bool {
    precondition(ticket.sequence <= lastSequence, "a write that was never announced completed")
    lastCompleted = max(lastCompleted, ticket.sequence)
    var upTo = ticket.upTo
    if !cuts.isEmpty {
      // `keep` ascends, so the first later cut is the deepest.
      if let cut = cuts.first(where: { $0.sequence > ticket.sequence }) {
        upTo = min(upTo, cut.keep)
      }
      cuts.removeAll { $0.sequence <= lastCompleted }
    }
    guard upTo > index else { return false }
    index = upTo
    return true
  }
}
