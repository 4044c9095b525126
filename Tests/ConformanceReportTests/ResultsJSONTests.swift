import Conformance
import ConformanceReport
import Foundation
import RaftInvariants
import Testing
import TraceFormat

@Suite struct ResultsJSONTests {
  @Test func `the same results give the same bytes`() throws {
    let first = try ResultsJSON.encode([Runs.mixed, Runs.run([])])
    #expect(try ResultsJSON.encode([Runs.mixed, Runs.run([])]) == first)
    #expect(first.last == UInt8(ascii: "\n"))
  }

  @Test func `a document of every verdict and of none is valid`() throws {
    let hostile = Runs.run(
      [Runs.result("a\u{1B}[2J\"<", verdict: .error, reason: "\0\u{2028}")], name: "\u{202E}")
    for runs in [[Runs.mixed], [Runs.run([])], [], [hostile, Runs.mixed]] {
      #expect(try SchemaValidator.complaints(ResultsJSON.encode(runs)) == "")
    }
  }

  @Test func `what is read back is written as it was`() throws {
    let runs = [Runs.mixed, Hostile.run, Runs.run([])]
    let data = try ResultsJSON.encode(runs)
    let read = try ResultsJSON.decode(data)
    #expect(try ResultsJSON.encode(read) == data)
    #expect(HTMLReport(read).text() == HTMLReport(runs).text())
  }

  @Test func `every kind of event and every field of a message is read back`() throws {
    for story in [Stories.election, Stories.figure8, Stories.crash, Stories.network] {
      let failure = Runs.failure(story: story)
      let data = try ResultsJSON.encode(
        [Runs.run([Runs.result("a.b", verdict: .failed, failure: failure)])])
      #expect(try SchemaValidator.complaints(data) == "")
      let read = try #require(try ResultsJSON.decode(data)[0].traces[0].failure)
      #expect(
        Diagram(read.transcript, names: read.names).svg(title: "")
          == Diagram(story.transcript).svg(title: ""))
      #expect("\(read.transcript.events)" == "\(story.transcript.events)")
      #expect(read.transcript.servers == story.transcript.servers)
      #expect(read.transcript.peers == story.transcript.peers)
    }
  }

  @Test func `a document that is none is refused with its place`() throws {
    let document = String(decoding: try ResultsJSON.encode([Runs.mixed]), as: UTF8.self)
    let cases = [
      ("\"format\" : 1", "\"format\" : 2", "format: this suite reads format 1, not 2"),
      ("\"verdict\" : \"failed\"", "\"verdict\" : \"bad\"", "runs[0].traces[3].verdict: 'bad' is"),
      ("\"seed\" : \"18446744073709551615\"", "\"seed\" : \"many\"", "runs[0].seed: must be"),
      ("\"kind\" : \"crashed\"", "\"kind\" : \"burnt\"", "'burnt' is none of step, sent"),
    ]
    for (from, to, complaint) in cases {
      let changed = document.replacingOccurrences(of: from, with: to)
      try #require(changed != document, "nothing says \(from)")
      let problem = #expect(throws: ResultsProblem.self) {
        try ResultsJSON.decode(Data(changed.utf8))
      }
      #expect(problem?.description.contains(complaint) == true, "\(problem?.description ?? "")")
    }
    #expect(throws: ResultsProblem.self) { try ResultsJSON.decode(Data("{".utf8)) }
  }

  @Test func `the schema refuses what the document can't be`() throws {
    let document = String(decoding: try ResultsJSON.encode([Runs.mixed]), as: UTF8.self)
    let changes = [
      ("\"format\" : 1", "\"format\" : 2"), ("\"verdict\" : \"failed\"", "\"verdict\" : \"bad\""),
      ("\"line\" : 21", "\"line\" : 0"), ("\"hint\" :", "\"advice\" :"),
      ("\"election-safety\" : \"held\"", "\"election-safety\" : \"maybe\""),
      ("\"seed\" : \"18446744073709551615\"", "\"seed\" : 18446744073709551615"),
    ]
    for (from, to) in changes {
      let changed = document.replacingOccurrences(of: from, with: to)
      try #require(changed != document, "nothing says \(from)")
      #expect(try SchemaValidator.complaints(Data(changed.utf8)) != "", "accepted \(to)")
    }
  }

  @Test func `the schema's words are the code's`() throws {
    let data = try Data(contentsOf: SchemaValidator.schema)
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    func words(_ path: String...) -> [String]? {
      let value = path.reduce(schema["$defs"]) { ($0 as? [String: Any])?[$1] }
      return value as? [String]
    }
    #expect(words("verdict", "enum") == Verdict.allCases.map(\.rawValue))
    #expect(words("counts", "required") == Verdict.allCases.map(\.rawValue))
    #expect(words("rung", "properties", "state", "enum") == Rung.State.allCases.map(\.rawValue))
    #expect(
      words("trace", "properties", "level", "enum") == Trace.Level.allCases.map(\.rawValue))
    #expect(
      words("failure", "properties", "kind", "enum") == StepFailure.Kind.allCases.map(\.rawValue))
    #expect(
      words("trace", "properties", "invariants", "propertyNames", "enum")
        == Invariant.allCases.map(\.rawValue))
  }
}
