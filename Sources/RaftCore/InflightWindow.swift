import RaftTypes

/// The AppendEntries on their way to one follower, oldest first: a bounded queue of the last
/// position each carries.
///
/// It is a ring that grows by doubling up to the limit, so a leader with idle followers holds
/// nothing and a busy one stops allocating.
struct InflightWindow {
  private let limit: Int
  private var ring: [LogIndex] = []
  private var head = 0
  private(set) var count = 0

  init(limit: Int) { self.limit = limit }

  var isFull: Bool { count >= limit }

  /// Adds a message whose last entry is `last`. The window is not full.
  mutating func add(_ last: LogIndex) {
    precondition(!isFull, "one message too many in flight")
    if count == ring.count { grow() }
    var place = head + count
    if place >= ring.count { place -= ring.count }
    ring[place] = last
    count += 1
  }

  /// Forgets the messages whose entries are all at or below `match`.
  mutating func free(through match: LogIndex) {
    while count > 0, ring[head] <= match {
      head += 1
      if head == ring.count { head = 0 }
      count -= 1
    }
  }

  /// Forgets all messages.
  mutating func reset() {
    head = 0
    count = 0
  }

  private mutating func grow() {
    let size = min(limit, max(8, ring.count * 2))
    var larger: [LogIndex] = []
    larger.reserveCapacity(size)
    larger += ring[head...]
    larger += ring[..<head]
    larger += repeatElement(.zero, count: size - ring.count)
    ring = larger
    head = 0
  }
}
