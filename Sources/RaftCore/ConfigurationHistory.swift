import RaftTypes

/// The configurations that a log holds, each with its position.
///
/// A server uses the latest one, committed or not, and goes back to the one before when its entry is
/// cut off.
///
/// - Source: Raft paper, §6; thesis, §4.1.
struct ConfigurationHistory {
  /// A configuration and the position from which on it is in force.
  struct Record {
    var index: LogIndex
    var configuration: Configuration
  }

  /// The configuration as of the log's beginning: that of the snapshot, or the first one.
  private var base: Record
  /// Those in the log after that, ascending.
  private var later: [Record] = []
  /// The position of the configuration in force, which is asked for whenever entries are sent.
  private(set) var latestIndex: LogIndex

  init(_ configuration: Configuration, asOf index: LogIndex) {
    base = Record(index: index, configuration: configuration)
    latestIndex = index
  }

  /// The configuration in force.
  var latest: Configuration { (later.last ?? base).configuration }

  /// The configuration in force as of `index`; `nil` below what is known.
  func configuration(asOf index: LogIndex) -> Configuration? {
    if let record = later.last(where: { $0.index <= index }) { return record.configuration }
    return index >= base.index ? base.configuration : nil
  }

  /// The configurations that are not known to be committed, and the latest one that is.
  func open(above commit: LogIndex) -> [Configuration] {
    let open = later.filter { $0.index > commit }.map(\.configuration)
    let committed = later.last { $0.index <= commit } ?? base
    return [committed.configuration] + open
  }

  mutating func append(_ configuration: Configuration, at index: LogIndex) {
    later.append(Record(index: index, configuration: configuration))
    latestIndex = index
  }

  /// Forgets what lies after `keep`.
  mutating func truncate(after keep: LogIndex) {
    while let last = later.last, last.index > keep { later.removeLast() }
    latestIndex = (later.last ?? base).index
  }

  /// The log's beginning moves to `index`, which it holds.
  mutating func compact(through index: LogIndex) {
    guard let place = later.lastIndex(where: { $0.index <= index }) else { return }
    base = later[place]
    later.removeFirst(place + 1)
  }

  /// The configurations among the `count` entries from `first` on.
  func among(_ count: Int, from first: LogIndex) -> [SpanConfiguration] {
    later.compactMap { record in
      guard record.index >= first, record.index < first + count else { return nil }
      return SpanConfiguration(
        offset: record.index - first, configuration: record.configuration)
    }
  }
}
