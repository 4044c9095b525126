import AdapterProtocol
import RaftTypes

/// What became of the configuration changes that clients asked one life of a node for.
///
/// A change is committed when the entry of the configuration that was asked for is applied here; of
/// one that leaves its joint configuration unasked, that is the entry after the joint one. It is
/// lost when another entry is applied at the position of its first.
struct ChangeTracker {
  private struct Change {
    var id: String
    /// The entry that it began with.
    var first: LogPosition
    /// The configuration that it is to end with.
    var target: Configuration
    /// Whether the first entry was applied, and it is another's turn.
    var isUnderWay = false
    /// Whether the client was told that nobody knows.
    var isUnknown = false
  }

  /// The changes that are not decided, in the order in which they were asked for.
  private var open: [Change] = []
  private var news: [ChangeResult] = []

  /// The node took a change and put its first entry into its log.
  mutating func accepted(_ id: String, first: LogPosition, target: Configuration) {
    open.append(Change(id: id, first: first, target: target))
  }

  /// The state machine was given an entry.
  mutating func applied(_ entry: Entry) {
    guard !open.isEmpty else { return }
    let members = entry.kind == .configuration ? try? Configuration(decoding: entry.payload) : nil
    open.removeAll { change in
      guard change.isUnderWay || change.first.index == entry.index else { return false }
      if !change.isUnderWay && change.first.term != entry.term {
        news.append(ChangeResult(id: change.id, fate: .lost))
        return true
      }
      guard members == change.target else { return false }
      news.append(ChangeResult(id: change.id, fate: .committed))
      return true
    }
    for place in open.indices where open[place].first == entry.position {
      open[place].isUnderWay = true
    }
  }

  /// The node does not lead any more, or is dead: it can't tell what becomes of its entries.
  mutating func leadershipEnded() { forget { _ in true } }

  /// A snapshot stands for the entries up to `index`, and does not tell which they were.
  mutating func restored(upTo index: LogIndex) {
    forget { $0.first.index <= index }
    open.removeAll { $0.first.index <= index }
  }

  private mutating func forget(_ isForgotten: (Change) -> Bool) {
    for place in open.indices where !open[place].isUnknown && isForgotten(open[place]) {
      open[place].isUnknown = true
      news.append(ChangeResult(id: open[place].id, fate: .unknown))
    }
  }

  /// The fates decided since it was last asked.
  mutating func takeNews() -> [ChangeResult] {
    if news.isEmpty { return [] }
    defer { news.removeAll() }
    return news
  }
}
