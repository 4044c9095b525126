/// The events that are not linearized yet, as a doubly linked list in the order of the history
/// (Wing and Gong, 1993; Lowe, 2017). Lifting an operation takes out its call and its return;
/// unlifting in the reverse order puts them back.
///
/// A node is an event: an operation's number doubled, plus one for its return. The sentinel follows
/// all operations.
struct EventList: Sendable {
  /// The node before the first and after the last event.
  let sentinel: Int
  /// Operations in the list.
  private(set) var count: Int
  private var after: [Int32]
  private var before: [Int32]

  /// A list of all events.
  init(_ events: [Int32]) {
    sentinel = events.count
    count = events.count / 2
    after = [Int32](repeating: 0, count: events.count + 1)
    before = after
    var last = Int32(sentinel)
    for event in events {
      after[Int(last)] = event
      before[Int(event)] = last
      last = event
    }
    after[Int(last)] = Int32(sentinel)
    before[sentinel] = last
  }

  /// The first event, or the sentinel.
  @inline(__always) var first: Int { Int(after[sentinel]) }

  /// The event after another, or the sentinel.
  @inline(__always) func next(_ event: Int) -> Int { Int(after[event]) }

  /// Whether an event is a call.
  @inline(__always) func isCall(_ event: Int) -> Bool { event != sentinel && event & 1 == 0 }

  /// Takes an operation out.
  @inline(__always) mutating func lift(_ operation: Int) {
    unlink(2 * operation)
    unlink(2 * operation + 1)
    count -= 1
  }

  /// Puts back the operation that was taken out last.
  @inline(__always) mutating func unlift(_ operation: Int) {
    relink(2 * operation + 1)
    relink(2 * operation)
    count += 1
  }

  @inline(__always) private mutating func unlink(_ event: Int) {
    after[Int(before[event])] = after[event]
    before[Int(after[event])] = before[event]
  }

  @inline(__always) private mutating func relink(_ event: Int) {
    after[Int(before[event])] = Int32(event)
    before[Int(after[event])] = Int32(event)
  }

  /// Bytes of the links.
  var bytes: Int { 4 * (after.capacity + before.capacity) }
}
