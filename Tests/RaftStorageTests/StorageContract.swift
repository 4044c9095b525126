import RaftStorage
import RaftTypes
import Testing

/// What every storage does for its readers and what it refuses.
@Suite struct `Storage contract` {
  /// Carries out what has to be refused, and checks that nothing changed by it.
  private func expectRefusal(
    _ expected: StorageError, of store: inout any CrashableStorage,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ operation: (inout any CrashableStorage) throws -> Void
  ) throws {
    let before = try Contents(of: store)
    #expect(throws: expected, sourceLocation: sourceLocation) { try operation(&store) }
    #expect(try Contents(of: store) == before, sourceLocation: sourceLocation)
    #expect(store.failure == nil, sourceLocation: sourceLocation)
  }

  @Test(arguments: StorageSubject.all)
  func `a new storage is empty`(_ subject: StorageSubject) throws {
    let store = try subject.open()
    #expect(try Contents(of: store) == Contents())
    #expect(store.firstIndex == LogIndex(1))
    #expect(store.lastIndex == .zero)
    #expect(store.durableSequence == .zero)
    #expect(try store.term(at: .zero) == .zero)
    #expect(try store.terms().isEmpty)
  }

  @Test(arguments: StorageSubject.all)
  func `writes are seen before they are synced, in every reader`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.write(hardState(term: 2, votedFor: 0))
    _ = try store.append(entries(from: 1, terms: [1, 1, 2]))
    #expect(store.hardState == hardState(term: 2, votedFor: 0))
    #expect(store.lastIndex == LogIndex(3))
    #expect(
      try store.terms()
        == [TermRun(term: Term(1), count: 2), TermRun(term: Term(2), count: 1)])
    #expect(
      try store.entries(range(2, 2), maxBytes: .max) == entries(from: 2, terms: [1, 2]))
    #expect(store.durableSequence == .zero)
  }

  @Test(arguments: StorageSubject.all)
  func `writes are numbered one by one, and a refused one takes no number`(
    _ subject: StorageSubject
  ) throws {
    var store = try subject.open()
    #expect(try store.write(hardState(term: 1)) == WriteSequence(1))
    #expect(try store.append(entries(from: 1, terms: [1])) == WriteSequence(2))
    #expect(throws: StorageError.self) { try store.append(entries(from: 9, terms: [1])) }
    #expect(try store.write(snapshot(at: 1, term: 1)) == WriteSequence(3))
    #expect(try store.discard(upTo: LogIndex(1)) == WriteSequence(4))
    try store.sync()
    #expect(store.durableSequence == WriteSequence(4))
    try store.sync()
    #expect(store.durableSequence == WriteSequence(4))
  }

  @Test(arguments: StorageSubject.all)
  func `an append cuts the log at its first position`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.append(entries(from: 1, terms: [1, 1, 1, 1, 1]))
    _ = try store.append(entries(from: 3, terms: [2]))
    #expect(store.lastIndex == LogIndex(3))
    #expect(
      try store.entries(range(1, 3), maxBytes: .max) == entries(from: 1, terms: [1, 1, 2]))
    #expect(
      throws: StorageError.unavailable(index: LogIndex(4), last: LogIndex(3))
    ) { try store.term(at: LogIndex(4)) }
    _ = try store.append(entries(from: 1, terms: [3]))
    #expect(try store.terms() == [TermRun(term: Term(3), count: 1)])
  }

  @Test(arguments: StorageSubject.all)
  func `entries that do not follow are refused`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.append(entries(from: 1, terms: [1, 1]))
    try expectRefusal(.gap(expected: LogIndex(3), found: LogIndex(4)), of: &store) {
      _ = try $0.append(entries(from: 4, terms: [1]))
    }
    let broken = entries(from: 2, terms: [2]) + entries(from: 4, terms: [2])
    try expectRefusal(.gap(expected: LogIndex(3), found: LogIndex(4)), of: &store) {
      _ = try $0.append(broken)
    }
    try expectRefusal(.compacted(index: .zero, first: LogIndex(1)), of: &store) {
      _ = try $0.append(entries(from: 0, terms: [1]))
    }
  }

  @Test(arguments: StorageSubject.all)
  func `the term never goes back`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.write(hardState(term: 3, votedFor: 1))
    try expectRefusal(.termRegression(held: Term(3), offered: Term(2)), of: &store) {
      _ = try $0.write(hardState(term: 2, votedFor: 1))
    }
    _ = try store.write(hardState(term: 4))
    #expect(store.hardState == hardState(term: 4))
  }

  @Test(arguments: StorageSubject.all)
  func `a vote stands until the term rises`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.write(hardState(term: 3))
    _ = try store.write(hardState(term: 3, votedFor: 0))
    _ = try store.write(hardState(term: 3, votedFor: 0))
    try expectRefusal(
      .voteChanged(term: Term(3), held: ServerID(0), offered: ServerID(2)), of: &store
    ) { _ = try $0.write(hardState(term: 3, votedFor: 2)) }
    try expectRefusal(.voteChanged(term: Term(3), held: ServerID(0), offered: nil), of: &store) {
      _ = try $0.write(hardState(term: 3))
    }
    _ = try store.write(hardState(term: 4, votedFor: 2))
    #expect(store.hardState == hardState(term: 4, votedFor: 2))
  }

  @Test(arguments: StorageSubject.all)
  func `a read is cut by bytes and gives at least one entry`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    let sizes = [3, 5, 0, 2]
    let written = sizes.enumerated().map { offset, size in
      Entry(
        index: LogIndex(UInt64(offset) + 1), term: Term(1),
        payload: Array(repeating: UInt8(offset), count: size))
    }
    _ = try store.append(written)
    // The most bytes allowed, and the number of entries that fit in from position 1 on.
    let limits = [(Int.min, 1), (0, 1), (3, 1), (7, 1), (8, 3), (9, 3), (10, 4), (Int.max, 4)]
    for (bytes, count) in limits {
      #expect(
        try store.entries(range(1, 4), maxBytes: bytes) == Array(written.prefix(count)),
        "\(bytes) bytes")
    }
    #expect(try store.entries(range(2, 2), maxBytes: 1) == [written[1]])
  }

  @Test(arguments: StorageSubject.all)
  func `reads outside the log say on which side`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.append(entries(from: 1, terms: [1, 1, 2, 2, 2]))
    _ = try store.write(snapshot(at: 3, term: 2))
    _ = try store.discard(upTo: LogIndex(3))
    #expect(store.firstIndex == LogIndex(4))
    #expect(try store.term(at: LogIndex(3)) == Term(2))
    #expect(throws: StorageError.compacted(index: LogIndex(2), first: LogIndex(3))) {
      try store.term(at: LogIndex(2))
    }
    #expect(throws: StorageError.unavailable(index: LogIndex(6), last: LogIndex(5))) {
      try store.term(at: LogIndex(6))
    }
    #expect(throws: StorageError.compacted(index: LogIndex(3), first: LogIndex(4))) {
      try store.entries(range(3, 2), maxBytes: .max)
    }
    #expect(throws: StorageError.unavailable(index: LogIndex(6), last: LogIndex(5))) {
      try store.entries(range(5, 2), maxBytes: 0)
    }
    #expect(try store.entries(range(1, 0), maxBytes: .max).isEmpty)
    #expect(try store.entries(range(99, 0), maxBytes: .max).isEmpty)
  }
}

/// What every storage does with snapshots and with the log behind them.
@Suite struct `Storage contract of snapshots` {
  @Test(arguments: StorageSubject.all)
  func `a snapshot inside the log leaves the log as it is`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    let written = entries(from: 1, terms: [1, 1, 2])
    _ = try store.append(written)
    _ = try store.write(snapshot(at: 2, term: 1))
    #expect(store.snapshotPosition == position(2, 1))
    #expect(try store.snapshot() == snapshot(at: 2, term: 1))
    #expect(store.firstIndex == LogIndex(1))
    #expect(try store.entries(range(1, 3), maxBytes: .max) == written)
  }

  @Test(arguments: StorageSubject.all)
  func `a snapshot past the log, or of another term, replaces the log`(
    _ subject: StorageSubject
  ) throws {
    for taken in [snapshot(at: 5, term: 2), snapshot(at: 2, term: 2)] {
      var store = try subject.open()
      _ = try store.append(entries(from: 1, terms: [1, 1, 1]))
      _ = try store.write(taken)
      #expect(store.firstIndex == taken.position.index.next)
      #expect(store.lastIndex == taken.position.index)
      #expect(try store.terms().isEmpty)
      #expect(try store.term(at: taken.position.index) == taken.position.term)
      let next = taken.position.index.next.rawValue
      _ = try store.append(entries(from: next, terms: [2]))
      #expect(try store.entries(range(next, 1), maxBytes: 0) == entries(from: next, terms: [2]))
    }
  }

  @Test(arguments: StorageSubject.all)
  func `what a snapshot covers can't be written again`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.append(entries(from: 1, terms: [1, 1, 1]))
    _ = try store.write(snapshot(at: 2, term: 1))
    let before = try Contents(of: store)
    #expect(throws: StorageError.compacted(index: LogIndex(2), first: LogIndex(3))) {
      try store.append(entries(from: 2, terms: [2]))
    }
    for stale in [snapshot(at: 2, term: 1), snapshot(at: 1, term: 7), snapshot(at: 0, term: 0)] {
      let refusal = StorageError.staleSnapshot(held: position(2, 1), offered: stale.position)
      #expect(throws: refusal) { try store.write(stale) }
    }
    #expect(try Contents(of: store) == before)
  }

  @Test(arguments: StorageSubject.all)
  func `only what the snapshot covers is discarded`(_ subject: StorageSubject) throws {
    var store = try subject.open()
    _ = try store.append(entries(from: 1, terms: [1, 2, 3, 3]))
    #expect(throws: StorageError.notCovered(index: LogIndex(1), covered: .zero)) {
      try store.discard(upTo: LogIndex(1))
    }
    _ = try store.write(snapshot(at: 3, term: 3))
    #expect(throws: StorageError.notCovered(index: LogIndex(4), covered: LogIndex(3))) {
      try store.discard(upTo: LogIndex(4))
    }
    _ = try store.discard(upTo: LogIndex(2))
    #expect(store.firstIndex == LogIndex(3))
    #expect(try store.term(at: LogIndex(2)) == Term(2))
    let before = try Contents(of: store)
    _ = try store.discard(upTo: LogIndex(1))
    #expect(try Contents(of: store) == before)
  }
}
