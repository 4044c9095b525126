import Conformance
import Foundation
import TraceFormat

/// The results model as JSON: Spec/schemas/results.schema.json describes it.
///
/// Keys are sorted, and nothing depends on the machine or the time: the same runs give the same
/// bytes.
public enum ResultsJSON {
  /// The version of the document's form.
  public static let format = 1

  /// The document of one run or of several, with a line feed at its end.
  ///
  /// - Throws: `EncodingError`; no results are known to cause it.
  public static func encode(_ runs: [RunResults]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(ResultsDocument(runs))
    data.append(UInt8(ascii: "\n"))
    return data
  }
}

/// What the keys of the document are called is what its members are called.
private struct ResultsDocument: Encodable {
  var format = ResultsJSON.format
  var suite: String
  var runs: [Run]

  init(_ runs: [RunResults]) {
    suite = Suite.version
    self.runs = runs.map(Run.init)
  }

  struct Run: Encodable {
    var suite: String
    var system: String
    var implementation: Described
    /// Decimal digits: a JSON number does not carry 64 bits everywhere.
    var seed: String
    var height: Stand
    var exit: Int32
    var rungs: [RungResult]
    var counts: [String: Int]
    var traces: [TraceLine]

    init(_ results: RunResults) {
      suite = results.suiteVersion
      system = results.system
      implementation = Described(
        name: results.implementation.name, version: results.implementation.version,
        language: results.implementation.language, homepage: results.implementation.homepage,
        protocol: results.implementation.protocolVersion,
        capabilities: results.implementation.capabilities.sorted())
      seed = String(results.seed)
      height = Stand(
        todo: results.height.todo, notShown: results.height.notShown,
        failing: results.height.failing, text: results.height.text)
      exit = results.exitStatus.rawValue
      rungs = results.rungs.map(RungResult.init)
      counts = Self.counts(results.count)
      traces = results.traces.map(TraceLine.init)
    }

    static func counts(_ count: (Verdict) -> Int) -> [String: Int] {
      Dictionary(uniqueKeysWithValues: Verdict.allCases.map { ($0.rawValue, count($0)) })
    }
  }

  struct Described: Encodable {
    var name: String
    var version: String
    var language: String
    var homepage: String
    var `protocol`: Int
    var capabilities: [String]
  }

  struct Stand: Encodable {
    var todo: String?
    var notShown: [String]
    var failing: String?
    var text: String
  }

  struct RungResult: Encodable {
    var todo: String
    var title: String
    var phase: Int
    var state: String
    var counts: [String: Int]

    init(_ rung: Rung) {
      todo = rung.todo.id
      title = rung.todo.title
      phase = rung.todo.phase
      state = rung.state.rawValue
      counts = Run.counts(rung.count)
    }
  }
}

/// The verdict on one trace.
private struct TraceLine: Encodable {
  var id: String
  var title: String
  var todo: String
  var level: String
  var clauses: [String]
  var file: String
  var verdict: String
  var steps: Int
  var reason: String?
  var missingCapability: String?
  var invariants: [String: String]
  var failure: Failure?

  init(_ result: TraceResult) {
    id = result.id
    title = result.title
    todo = result.todo
    level = result.level.rawValue
    clauses = result.clauses
    file = result.file
    verdict = result.verdict.rawValue
    steps = result.steps
    reason = result.reason
    missingCapability = result.missingCapability
    let standings = result.invariants.map { ($0.invariant.rawValue, $0.standing) }
    invariants = Dictionary(standings) { _, last in last }
    failure = result.failure.map(Failure.init)
  }

  struct Failure: Encodable {
    var kind: String
    var summary: String
    var step: Int
    var stepText: String
    var file: String
    var line: Int
    var column: Int
    var mismatches: [Difference]
    var hint: String
    var crashPoint: Int?
    /// The last steps as text.
    var diagram: String

    init(_ report: FailureReport) {
      kind = report.failure.kind.rawValue
      summary = report.failure.summary
      step = report.step
      stepText = report.stepText
      file = report.location.file
      line = report.location.line
      column = report.location.column
      mismatches = report.failure.mismatches.map {
        Difference(path: $0.path, expected: $0.expected, actual: $0.actual)
      }
      hint = report.hint
      crashPoint = report.crashPoint
      diagram = Diagram(report.transcript, names: report.names, window: .failure).text()
    }
  }

  struct Difference: Encodable {
    var path: String
    var expected: String
    var actual: String
  }
}
