import AdapterProtocol
import Conformance
import RaftInvariants
import TraceFormat

/// What the keys of the document are called is what its members are called.
struct ResultsDocument: Codable {
  var format = ResultsJSON.format
  var suite: String
  var runs: [Run]

  init(_ runs: [RunResults]) {
    suite = Suite.version
    self.runs = runs.map(Run.init)
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    format = try container.decode(Int.self, forKey: .format)
    guard format == ResultsJSON.format else {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: container,
        debugDescription: "this suite reads format \(ResultsJSON.format), not \(format)")
    }
    suite = try container.decode(String.self, forKey: .suite)
    runs = try container.decode([Run].self, forKey: .runs)
  }

  var results: [RunResults] { runs.map(\.results) }

  /// One system over its traces. Height, rungs and counts follow from the traces; they are written
  /// for readers that are not this suite.
  struct Run: Codable {
    var suite: String
    var system: String
    var implementation: Described
    /// Decimal digits: a JSON number does not carry 64 bits everywhere.
    var seed: Digits
    var height: Stand
    var exit: Int32
    var rungs: [RungResult]
    var counts: [String: Int]
    var traces: [TraceLine]

    init(_ results: RunResults) {
      suite = results.suiteVersion
      system = results.system
      implementation = Described(results.implementation)
      seed = Digits(value: results.seed)
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

    var results: RunResults {
      RunResults(
        suiteVersion: suite, system: system, implementation: implementation.implementation,
        seed: seed.value, traces: traces.map(\.result))
    }
  }

  /// A number of 64 bits as text.
  struct Digits: Codable {
    var value: UInt64

    init(value: UInt64) { self.value = value }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      guard let value = UInt64(try container.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "must be a number of 64 bits in decimal digits")
      }
      self.value = value
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(String(value))
    }
  }

  struct Described: Codable {
    var name: String
    var version: String
    var language: String
    var homepage: String
    var `protocol`: Int
    var capabilities: [String]

    init(_ implementation: Implementation) {
      name = implementation.name
      version = implementation.version
      language = implementation.language
      homepage = implementation.homepage
      `protocol` = implementation.protocolVersion
      capabilities = implementation.capabilities.sorted()
    }

    /// The window is no result: it is 1 for one that is read.
    var implementation: Implementation {
      Implementation(
        protocolVersion: `protocol`, name: name, version: version, language: language,
        homepage: homepage, capabilities: capabilities, window: 1)
    }
  }

  struct Stand: Codable {
    var todo: String?
    var notShown: [String]
    var failing: String?
    var text: String
  }

  struct RungResult: Codable {
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
struct TraceLine: Codable {
  var id: String
  var title: String
  var todo: String
  var level: Word<Trace.Level>
  var clauses: [String]
  var file: String
  var verdict: Word<Verdict>
  var steps: Int
  var reason: String?
  var missingCapability: String?
  var invariants: [String: String]
  var failure: FailureDocument?

  init(_ result: TraceResult) {
    id = result.id
    title = result.title
    todo = result.todo
    level = Word(result.level)
    clauses = result.clauses
    file = result.file
    verdict = Word(result.verdict)
    steps = result.steps
    reason = result.reason
    missingCapability = result.missingCapability
    let standings = result.invariants.map { ($0.invariant.rawValue, $0.standing) }
    invariants = Dictionary(standings) { _, last in last }
    failure = result.failure.map(FailureDocument.init)
  }

  /// An invariant that this suite does not know is left out.
  var result: TraceResult {
    TraceResult(
      id: id, title: title, todo: todo, level: level.value, clauses: clauses,
      file: file, verdict: verdict.value, reason: reason,
      missingCapability: missingCapability, failure: failure?.report,
      invariants: Invariant.allCases.compactMap { invariant in
        invariants[invariant.rawValue].map { .init(invariant: invariant, standing: $0) }
      },
      steps: steps)
  }
}

/// One of a closed set of words.
struct Word<Value>: Codable where Value: RawRepresentable<String> & CaseIterable {
  var value: Value

  init(_ value: Value) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let word = try container.decode(String.self)
    guard let value = Value(rawValue: word) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(word)' is none of \(known)")
    }
    self.value = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value.rawValue)
  }
}
