import RaftStorage
import RaftTypes
import RaftWAL

/// A run of random requests on a log whose every moment is kept, with what may be there after a power
/// cut at each.
struct LogRun {
  /// The disk before each changing call.
  private(set) var disks: [ModelDisk] = []
  /// For each changing call: how many writes were durable, and how many had been made.
  private(set) var spans: [(durable: Int, made: Int)] = []
  /// The contents after each write; the first are those of the new log.
  private(set) var states: [LogContents] = [LogContents()]
  /// The entries of each write that wrote some.
  private var written: [[Entry]] = [[]]

  /// Makes a log and `count` requests.
  ///
  /// - Throws: what the log throws; nothing is wrong with this disk.
  init(seed: UInt64, requests count: Int, options: WALOptions) throws {
    let files = FaultyFileSystem(keepsHistory: true)
    let log = try WriteAheadLog.open(options, files: files)
    var random = SeededSource(seed: seed)
    var spans: [(durable: Int, made: Int)] = []
    func note(_ durable: Int, _ made: Int) {
      while spans.count < files.changeCalls { spans.append((durable, made)) }
    }
    note(0, 0)
    for _ in 0..<count {
      let durable = Int(log.durableSequence.rawValue)
      let request = LogRequest.random(near: states[states.count - 1], using: &random)
      try perform(request, on: log, using: &random)
      note(durable, states.count - 1)
    }
    disks = files.history + [files.disk]
    spans.append((Int(log.durableSequence.rawValue), states.count - 1))
    self.spans = spans
  }

  private mutating func perform(
    _ request: LogRequest, on log: WriteAheadLog, using random: inout SeededSource
  ) throws(StorageError) {
    var next = states[states.count - 1]
    var entries: [Entry] = []
    switch request {
    case .hardState(let hardState):
      next.hardState = hardState
      _ = try log.write(hardState)
    case .append(let new):
      next.append(new)
      entries = new
      _ = try log.append(new)
    case .snapshot(let snapshot):
      next.take(snapshot)
      _ = try log.write(snapshot)
    case .discard(let index):
      next.discard(upTo: index)
      _ = try log.discard(upTo: index)
    case .sync: return try log.sync()
    case .idle: return try log.idle()
    case .partialSync:
      let made = UInt64(states.count - 1), durable = log.durableSequence.rawValue
      let through = UInt64.random(in: durable...made, using: &random)
      return try log.sync(through: WriteSequence(through))
    }
    states.append(next)
    written.append(entries)
  }

  /// Whether a log may hold this after a power cut before a call: every durable write, and of those
  /// behind it the first ones, of the last of these perhaps a part.
  ///
  /// - Parameter isUncertain: the log says that entries may be missing; the term and vote of a later
  ///   write may then be there without it.
  func allows(_ found: LogContents, at call: Int, isUncertain: Bool) -> Bool {
    let span = spans[call]
    for write in span.durable...span.made {
      for candidate in candidates(write, isFirst: write == span.durable) {
        if candidate == found { return true }
        if isUncertain, candidate.hardState != found.hardState {
          let isLater = states[write...span.made].contains { $0.hardState == found.hardState }
          var adopted = candidate
          adopted.hardState = found.hardState
          if isLater && adopted == found { return true }
        }
      }
    }
    return false
  }

  private func candidates(_ write: Int, isFirst: Bool) -> [LogContents] {
    guard !isFirst, written[write].count > 1 else { return [states[write]] }
    return [states[write]]
      + (1..<written[write].count).map { count in
        var part = states[write - 1]
        part.append(written[write].prefix(count))
        return part
      }
  }
}
