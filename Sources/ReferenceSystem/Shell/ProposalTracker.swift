import AdapterProtocol
import RaftTypes

/// What became of the commands that clients gave to one life of a node.
///
/// A command is committed when its entry is applied here, and lost when another entry is applied at
/// its position. That its entry was overwritten here is no proof: another server may hold it still,
/// be elected and commit it, so until then its fate is unknown.
struct ProposalTracker {
  private struct Proposal {
    var term: Term
    var data: [UInt8]
    /// Whether the client was told that nobody knows.
    var isUnknown = false
  }

  /// The commands that are not decided, by position; two at one position differ in their terms.
  private var open: [LogIndex: [Proposal]] = [:]
  /// Whether some of them were given while this node has led without a break.
  private var hasPending = false
  private var news: [ProposalResult] = []

  /// The node took a command and put it into its log.
  mutating func accepted(_ entry: Entry) {
    open[entry.index, default: []].append(Proposal(term: entry.term, data: entry.payload))
    hasPending = true
  }

  /// The state machine was given an entry.
  mutating func applied(_ entry: Entry) {
    guard !open.isEmpty, let decided = open.removeValue(forKey: entry.index) else { return }
    for proposal in decided {
      let fate: ProposalResult.Fate = proposal.term == entry.term ? .committed : .lost
      news.append(ProposalResult(data: proposal.data, fate: fate))
    }
  }

  /// A snapshot stands for the entries up to `index`, and does not tell which they were.
  mutating func restored(upTo index: LogIndex) {
    guard !open.isEmpty else { return }
    for place in open.keys.sorted() where place <= index {
      for proposal in open.removeValue(forKey: place) ?? [] where !proposal.isUnknown {
        news.append(ProposalResult(data: proposal.data, fate: .unknown))
      }
    }
  }

  /// The node does not lead any more, or is dead: it can't tell what becomes of its entries.
  mutating func leadershipEnded() {
    guard hasPending else { return }
    hasPending = false
    for index in open.keys.sorted() {
      for place in (open[index] ?? []).indices where open[index]?[place].isUnknown == false {
        open[index]?[place].isUnknown = true
        guard let data = open[index]?[place].data else { continue }
        news.append(ProposalResult(data: data, fate: .unknown))
      }
    }
  }

  /// The fates decided since it was last asked.
  mutating func takeNews() -> [ProposalResult] {
    if news.isEmpty { return [] }
    defer { news.removeAll() }
    return news
  }
}
