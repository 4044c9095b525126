import Conformance
import Foundation
import ReferenceSystem
import Testing
import TraceFormat

/// What the test targets of the phases share: the traces of a phase, and the verdict on each.
public enum PhaseSuite {
  /// The root of the package.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every trace there is. A file that does not pass the lint traps here: a phase without its traces
  /// must not look like a phase that passes.
  public static let library: TraceLibrary = {
    do {
      let clauses = try ClauseRegistry.load(path: root.appending(path: "Spec/Clauses.yaml").path)
      let library = TraceLibrary.load(
        folder: root.appending(path: "Traces").path, clauses: clauses, root: root.path)
      let errors = library.problems.filter { $0.severity == .error }
      precondition(errors.isEmpty, errors.map(\.description).joined(separator: "\n"))
      return library
    } catch {
      preconditionFailure("Spec/Clauses.yaml: \(error)")
    }
  }()

  /// The traces of a phase, cases apart, in the order of the ladder.
  public static func traces(phase: Int) -> [PhaseTrace] {
    library.traces.filter { Ladder.todo($0.todo)?.phase == phase }.map(PhaseTrace.init)
  }

  /// The ids of a phase's trace files, ascending.
  public static func ids(phase: Int) -> [String] {
    Set(traces(phase: phase).map(\.trace.id)).sorted()
  }

  /// The ids that the manifest lists for a phase.
  public static func manifest(phase: Int) throws -> [String] {
    try Manifest.load(path: root.appending(path: "Spec/Manifest.yaml").path).ids(phase: phase)
  }

  /// A reference system of one's own.
  public static func referenceSystem() throws(SystemFailure) -> any SystemUnderTest {
    try ReferenceSystem.factory.start()
  }

  /// The results of the checks that come before every trace.
  public static func harnessChecks() -> [TraceResult] {
    HarnessContract(factory: ReferenceSystem.factory, seed: 1).run()
  }
}

/// A trace as an argument of a test, under its id.
public struct PhaseTrace: Sendable, CustomTestStringConvertible {
  /// The trace, or one case of it.
  public let trace: Trace

  /// Any trace, of a phase or not.
  public init(_ trace: Trace) { self.trace = trace }

  /// The id that its verdict is reported under.
  public var testDescription: String { trace.fullID }

  /// Runs the trace on the reference core: on disks in memory, and on write-ahead logs where bytes
  /// are to be damaged.
  public func run() -> PhaseVerdict {
    let needsFiles = trace.requiredCapabilities.contains(.corruptStorage)
    do {
      let system = try (needsFiles ? ReferenceSystem.walFactory : ReferenceSystem.factory).start()
      let runner = TraceRunner(
        system: system, implementation: try HarnessContract.hello(system), seed: 1)
      return PhaseVerdict(runner.run(trace))
    } catch {
      preconditionFailure("the reference system does not start: \(error)")
    }
  }
}

/// The verdict on a trace, in the words of a test's message.
public struct PhaseVerdict: Sendable {
  /// Whether the trace passed, strictly or not.
  public let holds: Bool
  /// The verdict, and where and why it failed, a line each.
  public let report: String

  init(_ result: TraceResult) {
    holds = result.verdict.isPass
    var lines = ["\(result.id): \(result.verdict.rawValue) \(result.reason ?? "")"]
    if let failure = result.failure {
      lines.append("\(failure.location): step \(failure.step): \(failure.stepText)")
      lines.append(failure.failure.summary)
      lines += failure.failure.mismatches.map {
        "  \($0.path): expected \($0.expected), got \($0.actual)"
      }
    }
    report = lines.joined(separator: "\n")
  }
}

extension TraceResult: CustomTestStringConvertible {
  /// The id, by which a test's report names the check.
  public var testDescription: String { id }
}
