import FaultyFileSystem
import RaftStorage
import RaftTypes
import Testing

/// A storage that the contract's tests can take the power from.
protocol CrashableStorage: Storage {
  /// The storage as a node finds it after a power cut. The one it is called on is done with.
  func reopened(after cut: PowerCut) throws -> any CrashableStorage
  /// Makes the next operation of a kind fail with an error of the device.
  ///
  /// - Returns: the operation that fails: a storage that buffers writes meets the device when it
  ///   syncs them.
  mutating func failNext(_ operation: StorageOperation) -> StorageOperation
}

/// What a power cut leaves of the writes that were not durable.
enum PowerCut: CaseIterable {
  case losingUnsynced
  case keepingUnsynced
  case tearingLastWrite
}

/// A kind of storage that the contract is tested on.
struct StorageSubject: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// Opens a storage that has never been used.
  var open: @Sendable () throws -> any CrashableStorage

  /// Every storage of this package. A new one joins the contract by a line here.
  static let all = [
    StorageSubject(testDescription: "MemoryStorage") { MemoryStorage() },
    StorageSubject(testDescription: "WriteAheadLog on a model disk") {
      try ModelDiskLog(FaultyFileSystem())
    },
    StorageSubject(testDescription: "WriteAheadLog on files") { try FileLog(TemporaryFolder()) },
  ]
}

extension MemoryStorage: CrashableStorage {
  func reopened(after cut: PowerCut) -> any CrashableStorage {
    switch cut {
    case .losingUnsynced: crash(unsynced: .lost)
    case .keepingUnsynced: crash(unsynced: .kept)
    case .tearingLastWrite: crash(unsynced: .torn)
    }
  }

  mutating func failNext(_ operation: StorageOperation) -> StorageOperation {
    failNext(operation, nth: 1, with: .io)
    return operation
  }
}

/// Everything that a storage's readers can see.
struct Contents: Hashable {
  var hardState = HardState()
  var snapshot: Snapshot?
  /// The position before the first entry.
  var base: LogPosition = .zero
  /// The entries by position.
  var log: [UInt64: Entry] = [:]

  var lastIndex: UInt64 { base.index.rawValue + UInt64(log.count) }
  var snapshotPosition: LogPosition { snapshot?.position ?? .zero }

  /// The term at a position, the one before the first entry included.
  func term(at index: UInt64) -> Term? {
    index == base.index.rawValue ? base.term : log[index]?.term
  }
}

extension Contents {
  /// Reads all of a storage and checks that its readers agree with each other.
  init(
    of storage: some Storage, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let first = storage.firstIndex
    let range = LogRange(first: first, count: storage.lastIndex.next - first)
    let entries = try storage.entries(range, maxBytes: .max)
    let before = first.previous
    self.init(
      hardState: storage.hardState, snapshot: try storage.snapshot(),
      base: LogPosition(index: before, term: try storage.term(at: before)))
    for (offset, entry) in entries.enumerated() {
      #expect(entry.index == first + offset, sourceLocation: sourceLocation)
      #expect(try storage.term(at: entry.index) == entry.term, sourceLocation: sourceLocation)
      log[entry.index.rawValue] = entry
    }
    #expect(entries.count == range.count, sourceLocation: sourceLocation)
    #expect(storage.snapshotPosition == snapshotPosition, sourceLocation: sourceLocation)
    let runs = try storage.terms()
    let terms = runs.flatMap { Array(repeating: $0.term, count: $0.count) }
    #expect(terms == entries.map(\.term), sourceLocation: sourceLocation)
    let neighbours = zip(runs, runs.dropFirst())
    #expect(neighbours.allSatisfy { $0.term != $1.term }, sourceLocation: sourceLocation)
  }
}

/// Entries of the terms given from a position on, each with a payload that names it.
func entries(from first: UInt64, terms: [UInt64]) -> [Entry] {
  terms.enumerated().map { offset, term in
    let index = first + UInt64(offset)
    return Entry(
      index: LogIndex(index), term: Term(term), payload: [UInt8(index % 256), UInt8(term)])
  }
}

/// A snapshot whose data name its position.
func snapshot(at index: UInt64, term: UInt64) -> Snapshot {
  Snapshot(
    position: LogPosition(index: LogIndex(index), term: Term(term)),
    configuration: Configuration(voters: [ServerID(1), ServerID(2), ServerID(3)]),
    data: [UInt8(index % 256), UInt8(term)])
}

func hardState(term: UInt64, votedFor: UInt64? = nil) -> HardState {
  HardState(term: Term(term), votedFor: votedFor.map { ServerID($0) })
}

func range(_ first: UInt64, _ count: Int) -> LogRange {
  LogRange(first: LogIndex(first), count: count)
}

func position(_ index: UInt64, _ term: UInt64) -> LogPosition {
  LogPosition(index: LogIndex(index), term: Term(term))
}

/// A source of random numbers that gives the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
