import AdapterProcess
import ArgumentParser
import Conformance
import Foundation

/// How traces are run.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The system to judge: \(Systems.words).", valueName: "name"))
  var system = "reference"

  @Option(
    help: ArgumentHelp(
      "A program that speaks the adapter protocol, to judge in place of --system; its words are "
        + "split as a shell does.", valueName: "command"))
  var adapter: String?

  @Option(help: ArgumentHelp("The run's seed; each trace's own comes from it and the trace's id."))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Traces at a time; by default one for each core.", valueName: "n"))
  var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "Colours: auto, always or never.")
  var color: ColorChoice = .auto

  func validate() throws {
    guard jobs >= 1 else { throw ValidationError("--jobs must be at least 1.") }
    _ = try factory()
  }

  /// The system named.
  ///
  /// - Throws: a usage error for one that is not known, and for an adapter's command that is none.
  func factory() throws -> SystemFactory {
    if let adapter {
      do throws(AdapterCommandLine.Mistake) {
        return AdapterSystem.factory(try AdapterCommandLine(parsing: adapter))
      } catch {
        throw ValidationError("--adapter: \(error.message).")
      }
    }
    return try Systems.factory(named: system)
  }

  /// The options that are not as they are by default, for a command that runs the same again.
  var arguments: [String] {
    (adapter.map { ["--adapter", $0] } ?? (system == "reference" ? [] : ["--system", system]))
      + (seed == 1 ? [] : ["--seed", String(seed)])
  }
}
