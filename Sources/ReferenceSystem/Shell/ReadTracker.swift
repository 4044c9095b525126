import AdapterProtocol
import RaftTypes

/// The reads that clients asked one life of a node for.
struct ReadTracker {
  private var lastNumber: UInt64 = 0
  /// The reads whose index is not known yet, by the numbers that the core knows them by.
  private var asked: [UInt64: String] = [:]
  /// The reads that wait for the state machine, in the order in which they became ready.
  private var ready: [(id: String, index: LogIndex)] = []
  private var news: [ReadResult] = []

  /// Numbers a read.
  mutating func begin(_ id: String) -> UInt64 {
    lastNumber += 1
    asked[lastNumber] = id
    return lastNumber
  }

  /// The core refused the read, and its client was told so.
  mutating func refused(_ number: UInt64) { asked[number] = nil }

  /// The read may be served once the state machine has applied `index`.
  mutating func isReady(_ number: UInt64, at index: LogIndex) {
    guard let id = asked.removeValue(forKey: number) else { return }
    ready.append((id, index))
  }

  /// The read will never be served.
  mutating func failed(_ number: UInt64) {
    guard let id = asked.removeValue(forKey: number) else { return }
    news.append(ReadResult(id: id, fate: .lost))
  }

  /// Serves the reads that are ready from a state machine that has applied all it was handed.
  mutating func serve() {
    guard !ready.isEmpty else { return }
    news += ready.map { ReadResult(id: $0.id, fate: .done(index: $0.index)) }
    ready.removeAll()
  }

  /// The node is dead.
  mutating func end() {
    for number in asked.keys.sorted() { failed(number) }
    news += ready.map { ReadResult(id: $0.id, fate: .lost) }
    ready.removeAll()
  }

  /// The fates decided since it was last asked.
  mutating func takeNews() -> [ReadResult] {
    if news.isEmpty { return [] }
    defer { news.removeAll() }
    return news
  }
}
