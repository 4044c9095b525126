import ArgumentParser
import Conformance
import Foundation
import ReferenceSystem

/// How traces are run.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The system to judge: \(Systems.names).", valueName: "name"))
  var system = "reference"

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
  /// - Throws: a usage error for one that is not known.
  func factory() throws -> SystemFactory {
    guard let factory = Systems.all.first(where: { $0.name == system }) else {
      throw ValidationError("There is no system '\(system)'. Known: \(Systems.names).")
    }
    return factory
  }

  /// The options that are not as they are by default, for a command that runs the same again.
  var arguments: [String] {
    (system == "reference" ? [] : ["--system", system])
      + (seed == 1 ? [] : ["--seed", String(seed)])
  }
}

/// The systems that come with the suite.
enum Systems {
  static let all = [ReferenceSystem.factory]
  static var names: String { all.map(\.name).joined(separator: ", ") }
}
