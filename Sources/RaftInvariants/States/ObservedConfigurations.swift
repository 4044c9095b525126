import RaftTypes

/// The configurations that a server holds, and the one that it uses.
struct ObservedConfigurations: Sendable {
  /// The configuration at the start of the log: the one of the snapshot, or the one the cluster
  /// started from; `nil` where it is not known.
  private(set) var first: Configuration?
  /// The configurations in the log, by ascending index; those whose bytes are none are `nil`.
  private(set) var logged: [(index: Int, configuration: Configuration?)] = []
  /// The one that the server uses, once it told.
  var inForce: Configuration?
  /// The configuration that the cluster started from, where it is known.
  private(set) var original: Configuration?

  /// A life starts from this configuration, with none in the log yet.
  mutating func start(from configuration: Configuration?) {
    original = configuration
    first = configuration
    logged = []
    inForce = nil
  }

  mutating func append(_ entry: ObservedEntry, at index: Int) {
    logged.append((index, try? Configuration(decoding: entry.payload)))
  }

  mutating func truncate(from index: Int) {
    while let last = logged.last, last.index >= index { logged.removeLast() }
  }

  /// The log up to an index is discarded.
  mutating func discard(through index: Int) {
    while let next = logged.first, next.index <= index {
      first = next.configuration
      logged.removeFirst()
    }
  }

  /// A snapshot's configuration holds up to the end of what it covers.
  mutating func restore(_ configuration: Configuration?, through index: Int) {
    discard(through: index)
    first = configuration
  }

  /// The configuration before an index, if one is in the log.
  func logged(before index: Int) -> Int? { logged.last { $0.index < index }?.index }

  func isLogged(_ index: Int) -> Bool { logged.contains { $0.index == index } }

  /// Those that a server which has applied its log up to `applied` may use: on append the latest in
  /// the log; on apply also the earlier ones that are not applied yet.
  ///
  /// - Returns: the first of them and the later ones; `nil` where one is not known.
  func allowed(_ use: ConfigurationUse, applied: Int) -> [Configuration]? {
    var allowed = [first]
    for next in logged {
      if next.index <= applied || use == .onAppend { allowed.removeAll(keepingCapacity: true) }
      allowed.append(next.configuration)
    }
    let known = allowed.compactMap { $0 }
    return known.count == allowed.count ? known : nil
  }
}
