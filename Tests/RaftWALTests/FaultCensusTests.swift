import FaultyFileSystem
import Testing

/// Damage of every kind, one after the other, in the reduced form; `tools/soak` does all of it.
@Suite struct `Fault census` {
  static let census = Result {
    try FaultCensus(entries: 12, payloadBytes: 120, segmentBytes: 2048)
  }

  private func expectPromise(_ row: FaultCensus.Row, atLeast cases: Int) {
    print(row.markdown)
    #expect(row.cases >= cases)
    for violation in row.violations.prefix(3) { Issue.record("\(row.fault): \(violation)") }
    #expect(row.violations.isEmpty)
  }

  @Test func `no flipped bit is silent`() throws {
    let row = try Self.census.get().bitsFlipped(isReduced: true)
    expectPromise(row, atLeast: 4_000)
    #expect(row.refused > row.cases * 8 / 10)
  }

  @Test func `no sector of zeros is silent`() throws {
    expectPromise(try Self.census.get().sectorsZeroed(), atLeast: 8)
  }

  @Test func `no sector in the place of another is silent`() throws {
    expectPromise(try Self.census.get().sectorsDuplicated(isReduced: true), atLeast: 40)
  }

  @Test func `no cut or missing file is silent`() throws {
    let census = try Self.census.get()
    expectPromise(census.segmentsCut(isReduced: true), atLeast: 100)
    expectPromise(census.filesMissing(), atLeast: 3)
  }

  @Test func `a batch that was never synced opens, cut at any byte`() throws {
    let row = try Self.census.get().tailZeroed()
    expectPromise(row, atLeast: 500)
    #expect(row.refused == 0)
    #expect(row.uncertain == 0)
  }

  @Test func `a batch that was never synced opens, with any of its sectors`() throws {
    let row = try Self.census.get().tailSubsets()
    expectPromise(row, atLeast: 4)
    #expect(row.refused == 0)
  }
}
