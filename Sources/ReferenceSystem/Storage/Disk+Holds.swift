import RaftCore
import RaftStorage
import RaftTypes

// Holds.

extension Disk {
  /// Holds writes of these kinds back from now on, also those on their way.
  mutating func hold(_ kinds: HoldSet) { holds.formUnion(kinds) }

  /// Ends holding these kinds; what only they held back becomes durable.
  mutating func release(_ kinds: HoldSet) {
    holds.subtract(kinds)
    drain()
  }

  /// Completes held writes in order, and with them what waited behind them; the hold goes on for
  /// the others. While whole syncs are held, `.next` counts syncs, and `.through` completes the
  /// whole sync of the write it names.
  ///
  /// - Parameter fails: the completion fails: none of the writes becomes durable.
  /// - Returns: whether there were any.
  mutating func complete(_ selection: HeldSelection, fails: Bool) -> Bool {
    guard failure == nil, let end = endOfSelection(selection) else { return false }
    if fails {
      failure = .ioFailed(.sync, at: .memory, reason: .device)
      return true
    }
    for place in 0...end where queue[place].isHeld(by: holds) { queue[place].isReleased = true }
    drain()
    return true
  }

  /// The place in the queue of the last write selected; `nil` where no held write is.
  private func endOfSelection(_ selection: HeldSelection) -> Int? {
    let held = queue.indices.filter { queue[$0].isHeld(by: holds) }
    switch selection {
    case .next(let count):
      let units = holds.contains(.sync) ? held.filter(isLastOfSync) : held
      return units.prefix(count).last
    case .through(let position):
      guard let found = held.first(where: { queue[$0].contains(position) }) else { return nil }
      guard holds.contains(.sync) else { return found }
      return held.first { $0 >= found && isLastOfSync($0) }
    case .all:
      return held.last
    }
  }

  private func isLastOfSync(_ place: Int) -> Bool {
    place + 1 == queue.count || queue[place + 1].sync != queue[place].sync
  }
}
