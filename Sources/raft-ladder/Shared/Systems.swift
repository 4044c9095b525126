import AdapterProcess
import ArgumentParser
import Conformance
import Foundation
import ReferenceSystem

/// The systems that can be named: those inside the suite, and adapters that `tools/adapters/build`
/// has built.
enum Systems {
  /// Those inside the suite.
  static let embedded = [
    ReferenceSystem.factory, ReferenceSystem.walFactory, ReferenceSystem.sideBySideFactory,
  ]

  /// The names, for help.
  static let words =
    "reference, wal (the same on its write-ahead log), both compared step by step (reference,wal), "
    + "or an adapter built by tools/adapters/build, such as etcd"

  /// The system of this name.
  ///
  /// - Throws: a usage error for one that is not known.
  static func factory(named name: String) throws -> SystemFactory {
    if let factory = embedded.first(where: { $0.name == name }) { return factory }
    let built = builtAdapters()
    guard let file = built[name] else {
      let known = (embedded.map(\.name) + built.keys.sorted()).joined(separator: ", ")
      throw ValidationError(
        "There is no system '\(name)'. Known: \(known). Adapters become known once they are built: "
          + "tools/adapters/build \(name)")
    }
    let text = try String(contentsOf: file, encoding: .utf8)
    do throws(AdapterCommandLine.Mistake) {
      let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
      var factory = AdapterSystem.factory(try AdapterCommandLine(parsing: line))
      factory.name = name
      return factory
    } catch {
      throw ValidationError("\(file.path): \(error.message).")
    }
  }

  /// The files with the commands of the adapters that are built, by name.
  private static func builtAdapters() -> [String: URL] {
    guard let home = try? Home.find() else { return [:] }
    let folder = home.root.appending(path: ".build-adapters")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let files = names.map { ($0, folder.appending(path: "\($0)/command")) }
    return Dictionary(
      files.filter { FileManager.default.fileExists(atPath: $0.1.path) },
      uniquingKeysWith: { first, _ in first })
  }
}
