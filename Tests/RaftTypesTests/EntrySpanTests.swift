import RaftTypes
import Testing

@Suite struct EntrySpanTests {
  @Test func `a span of one term is held without a box`() {
    let span = EntrySpan(term: Term(3), count: 4)
    #expect(span.count == 4)
    #expect(span.singleTerm == Term(3))
    #expect(span.runs == [TermRun(term: Term(3), count: 4)])
    #expect(span.term(at: 3) == Term(3))
  }

  @Test func `no entries have no term`() {
    let span = EntrySpan()
    #expect(span.isEmpty)
    #expect(span.singleTerm == nil)
    #expect(span.runs.isEmpty)
  }

  @Test func `runs of one term are joined, and empty ones dropped`() {
    let runs = [(1, 2), (1, 1), (2, 0), (3, 2)].map { TermRun(term: Term($0), count: $1) }
    let span = EntrySpan(runs: runs)
    #expect(span.runs == [TermRun(term: Term(1), count: 3), TermRun(term: Term(3), count: 2)])
    #expect(span.count == 5)
    #expect(span.singleTerm == nil)
    #expect((0..<5).map { span.term(at: $0) } == [1, 1, 1, 3, 3].map { Term($0) })
  }

  @Test func `runs that come to one term are the same as a span of that term`() {
    let runs = [TermRun(term: Term(2), count: 1), TermRun(term: Term(2), count: 2)]
    #expect(EntrySpan(runs: runs) == EntrySpan(term: Term(2), count: 3))
  }

  @Test func `a configuration among the entries keeps its place`() {
    let configuration = Configuration(voters: [ServerID(2), ServerID(1)])
    let span = EntrySpan(
      runs: [TermRun(term: Term(1), count: 2)],
      configurations: [SpanConfiguration(offset: 1, configuration: configuration)])
    #expect(span.singleTerm == Term(1))
    #expect(span.configurations.map(\.offset) == [1])
    #expect(span != EntrySpan(term: Term(1), count: 2))
  }
}

@Suite struct QuantityTests {
  @Test func `server 0 is a server, and nobody is nil`() {
    #expect(HardState(term: Term(1), votedFor: ServerID(0)) != HardState(term: Term(1)))
  }

  @Test func `a range ends at its last entry, and an empty one before its first`() {
    #expect(LogRange(first: LogIndex(3), count: 2).last == LogIndex(4))
    #expect(LogRange(first: LogIndex(3), count: 0).last == LogIndex(2))
  }

  @Test func `members are named once each, ascending`() {
    let ids = [4, 1, 3, 2].map { ServerID($0) }
    let configuration = Configuration(
      voters: [ids[0], ids[1]], outgoing: [ids[1], ids[2]], learners: [ids[3]])
    #expect(configuration.isJoint)
    #expect(configuration.members.map(\.rawValue) == [1, 2, 3, 4])
  }
}
