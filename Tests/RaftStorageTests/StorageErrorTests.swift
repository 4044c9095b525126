import RaftStorage
import RaftTypes
import Testing

/// What a storage's errors say to a person.
@Suite struct `Storage errors` {
  static let failed = StorageError.ioFailed(
    .sync, at: .file(path: "wal/7.log", offset: 512), reason: .device)

  /// Each error, with the texts that name its code, its place and what was found there.
  static let samples: [(StorageError, [String])] = [
    (.compacted(index: LogIndex(3), first: LogIndex(7)), ["storage.compacted", "3", "7"]),
    (.unavailable(index: LogIndex(9), last: LogIndex(8)), ["storage.unavailable", "9", "8"]),
    (.gap(expected: LogIndex(4), found: LogIndex(6)), ["storage.gap", "4", "6"]),
    (.termRegression(held: Term(5), offered: Term(2)), ["storage.term-regression", "5", "2"]),
    (
      .voteChanged(term: Term(5), held: ServerID(1), offered: ServerID(2)),
      ["storage.vote-changed", "term 5", "server 1", "server 2"]
    ),
    (
      .voteChanged(term: Term(5), held: ServerID(1), offered: nil),
      ["storage.vote-changed", "taken back"]
    ),
    (
      .staleSnapshot(held: position(4, 2), offered: position(3, 1)),
      ["storage.stale-snapshot", "4@2", "3@1"]
    ),
    (
      .notCovered(index: LogIndex(9), covered: LogIndex(8)), ["storage.not-covered", "9", "8"]
    ),
    (failed, ["storage.io-failed", "sync", "wal/7.log", "512", "device"]),
    (.ioFailed(.append, at: .memory, reason: .noSpace), ["append", "memory", "room"]),
    (.poisoned(by: failed), ["storage.poisoned", "storage.io-failed", "wal/7.log"]),
    (.full(.append, at: .memory), ["storage.full", "append", "memory"]),
    (
      .corrupt(at: .file(path: "wal/2.log", offset: 64), finding: .checksum),
      ["storage.corrupt", "wal/2.log", "64", "checksum"]
    ),
  ]

  @Test(arguments: samples)
  func `an error names its code, its place and a remedy`(
    _ error: StorageError, _ parts: [String]
  ) {
    let text = error.description
    #expect(text.hasPrefix("\(error.code): "))
    #expect(text.hasSuffix("; \(error.remedy)"))
    for part in parts { #expect(text.contains(part), "\(part) in: \(text)") }
  }

  @Test func `no two kinds of error share a code`() {
    let codes = Self.samples.map { $0.0.code }
    #expect(Set(codes).count == 11)
  }
}
