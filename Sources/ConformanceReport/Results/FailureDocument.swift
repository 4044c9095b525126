import AdapterProtocol
import Conformance
import Foundation
import RaftTypes
import YAMLTree

/// Where and how a trace failed, in the document of results.
struct FailureDocument: Codable {
  var kind: Word<StepFailure.Kind>
  var summary: String
  var step: Int
  var stepText: String
  var file: String
  var line: Int
  var column: Int
  var mismatches: [Difference]
  var hint: String
  var crashPoint: Int?
  /// The last steps as text, for readers that are not this suite.
  var diagram: String
  var transcript: TranscriptDocument

  struct Difference: Codable {
    var path: String
    var expected: String
    var actual: String
  }

  init(_ report: FailureReport) {
    kind = Word(report.failure.kind)
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
    transcript = TranscriptDocument(report.transcript, names: report.names)
  }

  var report: FailureReport {
    FailureReport(
      failure: StepFailure(
        kind: kind.value, summary: summary,
        mismatches: mismatches.map {
          Mismatch(path: $0.path, expected: $0.expected, actual: $0.actual)
        }),
      step: step, stepText: stepText,
      location: SourceLocation(file: file, line: line, column: column), hint: hint,
      crashPoint: crashPoint, transcript: transcript.transcript, names: transcript.names)
  }
}

/// What happened up to a failure, event by event.
struct TranscriptDocument: Codable {
  var servers: [String]
  var peers: [String]
  var payloads: [Payload]
  var events: [EventDocument]

  /// The name of a payload that was proposed under one.
  struct Payload: Codable {
    var name: String
    /// In base 64.
    var data: Data
  }

  init(_ transcript: Transcript, names: [[UInt8]: String]) {
    servers = transcript.servers.map(\.rawValue)
    peers = transcript.peers.map(\.rawValue).sorted()
    payloads = names.sorted { ($0.value, $0.key.count) < ($1.value, $1.key.count) }.map {
      Payload(name: $0.value, data: Data($0.key))
    }
    events = transcript.events.map(EventDocument.init)
  }

  var transcript: Transcript {
    var transcript = Transcript(
      servers: servers.map { NodeName($0) }, peers: Set(peers.map { NodeName($0) }))
    transcript.events = events.map(\.event)
    return transcript
  }

  var names: [[UInt8]: String] {
    Dictionary(payloads.map { (Array($0.data), $0.name) }) { first, _ in first }
  }
}
