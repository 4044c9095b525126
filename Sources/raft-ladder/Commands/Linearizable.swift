import ArgumentParser
import Conformance
import Foundation
import Linearizability

extension HistoryFormat: ExpressibleByArgument {}
extension HistoryModel: ExpressibleByArgument {}

/// Judges a recorded history of clients.
struct Linearizable: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge whether a recorded history of clients is linearizable.",
    discussion: """
      Reads the operations that clients recorded, and looks for one order of them that explains \
      every response. Where there is none, it shows the few operations that no order fits. \
      Spec/Histories.md describes the formats and the verdicts.

      EXAMPLES
        raft-ladder linearizable history.ndjson
        raft-ladder linearizable --format jepsen-etcd etcd.log
        raft-ladder linearizable --model list --limit-memory 4GiB appends.ndjson
        my-recorder | raft-ladder linearizable --json -

      EXIT CODES
        0   linearizable
        1   not linearizable
        2   unknown: a limit was reached first
        64  the command line, or the history, is wrong
      """)

  /// A size as people write it.
  struct Bytes: ExpressibleByArgument, CustomStringConvertible {
    let count: Int

    init(count: Int) { self.count = count }

    init?(argument: String) {
      let digits = argument.prefix { $0.isASCII && $0.isNumber }
      let shifts = ["": 0, "B": 0, "KiB": 10, "MiB": 20, "GiB": 30]
      guard let number = Int(digits), number > 0,
        let shift = shifts[String(argument.dropFirst(digits.count))],
        number <= Int.max >> shift
      else { return nil }
      count = number << shift
    }

    var description: String { "\(count >> 20)MiB" }
  }

  @Option(help: "The format; without it, it is guessed from the first bytes.")
  var format: HistoryFormat?

  @Option(help: "What it is a history of; without it, what the format or the file says.")
  var model: HistoryModel?

  @Option(
    help: ArgumentHelp(
      "What the search may remember, such as 512MiB or 4GiB.", valueName: "bytes"))
  var limitMemory = Bytes(count: 1 << 30)

  @Option(help: ArgumentHelp("Steps after which the search gives up.", valueName: "count"))
  var limitSteps: Int?

  @Flag(help: "Print the verdict as JSON.")
  var json = false

  @Argument(help: ArgumentHelp("The history; - reads standard input.", valueName: "file"))
  var file: String

  func validate() throws {
    if let limitSteps, limitSteps < 1 {
      throw ValidationError("--limit-steps takes a number from 1 on.")
    }
  }

  func run() throws {
    let history: RecordedHistory
    do throws(HistoryProblem) {
      history = try HistoryReader(format: format, model: model).read(path: file)
    } catch {
      Console.complain(error.description)
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    let head = HistoryReport.Head(history, file: file)
    let progress = SearchLine()
    let judgement = history.check(
      limits: Linearizability.Limits(memoryBytes: limitMemory.count, steps: limitSteps ?? .max),
      progress: { progress.show($0) })
    progress.clear()
    let report = HistoryReport(head: head, judgement: judgement)
    Console.write(json ? try report.json() : report.text())
    switch judgement.verdict {
    case .linearizable: break
    case .notLinearizable: throw ExitCode(ExitStatus.failures.rawValue)
    case .unknown: throw ExitCode(ExitStatus.unable.rawValue)
    }
  }
}

/// Progress on standard error, where that is a terminal and the work takes long.
private final class SearchLine {
  private let isTerminal = Console.isTerminal(STDERR_FILENO)
  private var next = ContinuousClock.now + .seconds(1)
  private var isShown = false

  func show(_ progress: Linearizability.Progress) {
    guard isTerminal, ContinuousClock.now >= next else { return }
    next = .now + .milliseconds(200)
    isShown = true
    let text =
      "\r\u{1B}[K\(progress.partitionsDecided) of \(progress.partitions) keys, "
      + "\(progress.steps) steps, \(progress.memoryBytes >> 20) MiB"
    FileHandle.standardError.write(Data(text.utf8))
  }

  func clear() {
    if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}

/// What the command prints.
private struct HistoryReport {
  /// What is known of a history before it is judged.
  struct Head {
    let file: String
    let format: HistoryFormat
    let model: HistoryModel
    let unknown: Int
    let linesPassedOver: Int

    init(_ history: RecordedHistory, file: String) {
      self.file = file
      format = history.format
      model = history.model
      unknown = history.unknown
      linesPassedOver = history.linesPassedOver
    }
  }

  let head: Head
  let judgement: Judgement

  func text() -> String {
    var counts =
      "\(count(judgement.operations, "operation")), \(head.unknown) of unknown outcome, on "
      + count(judgement.partitions, "key")
    if head.linesPassedOver > 0 {
      counts += "; \(count(head.linesPassedOver, "other line")) passed over"
    }
    switch judgement.verdict {
    case .linearizable:
      return "linearizable: \(counts)\n"
    case .notLinearizable:
      return (judgement.explanation?.text ?? "not linearizable\n") + "\n\(counts)\n"
    case .unknown:
      let reasons = judgement.givenUp.prefix(10).map { given in
        let limit = given.limit == .memory ? "--limit-memory" : "--limit-steps"
        let key = given.partition.isEmpty ? "the search" : "key \(given.partition)"
        return "  \(key) reached \(limit)\n"
      }
      let more = judgement.givenUp.count - reasons.count
      return "unknown: no violation was found, and not everything was searched\n"
        + reasons.joined() + (more > 0 ? "  and \(more) more keys\n" : "") + "\(counts)\n"
    }
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(HistoryJSON(head, judgement)), as: UTF8.self) + "\n"
  }

  /// The shape of `--json` (Spec/Histories.md).
  private struct HistoryJSON: Encodable {
    struct GivenUp: Encodable {
      var key: String
      var limit: String
    }

    struct Cost: Encodable {
      var steps: Int
      var configurations: Int
      var memoryBytesPeak: Int
      var keysWitnessed: Int
    }

    struct Part: Encodable {
      var process: UInt64
      var line: Int
      var operation: String
      var invoked: Int
      var returned: Int?
      var role: String
    }

    struct Violation: Encodable {
      var key: String
      var minimal: Bool
      var parts: [Part]
      var deadEnds: [String]
      var text: String
    }

    var verdict: String
    var file: String
    var format: String
    var model: String
    var operations: Int
    var unknown: Int
    var keys: Int
    var linesPassedOver: Int
    var givenUp: [GivenUp]
    var cost: Cost
    var violation: Violation?

    init(_ head: Head, _ judgement: Judgement) {
      verdict = judgement.verdict.rawValue
      file = head.file
      format = head.format.rawValue
      model = head.model.rawValue
      operations = judgement.operations
      unknown = head.unknown
      keys = judgement.partitions
      linesPassedOver = head.linesPassedOver
      givenUp = judgement.givenUp.map { GivenUp(key: $0.partition, limit: $0.limit.rawValue) }
      cost = Cost(
        steps: judgement.cost.steps, configurations: judgement.cost.configurations,
        memoryBytesPeak: judgement.cost.memoryBytesPeak,
        keysWitnessed: judgement.cost.partitionsWitnessed)
      violation = judgement.explanation.map { explanation in
        Violation(
          key: explanation.partition, minimal: explanation.isMinimal,
          parts: explanation.parts.map { part in
            Part(
              process: part.client, line: part.line, operation: part.text, invoked: part.invoked,
              returned: part.returned, role: part.role.rawValue)
          }, deadEnds: explanation.deadEnds, text: explanation.text)
      }
    }
  }
}
