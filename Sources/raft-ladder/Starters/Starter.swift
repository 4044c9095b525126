import ArgumentParser
import Conformance
import Foundation
import TraceFormat

/// Adapters to start from.
///
/// They lie in `tools/starters`, where they are compiled and run like any program, and the
/// program carries them, so that it can write them wherever it is taken: `raft-ladder check --write`
/// brings the generated files beside this one up to date.
enum Starter {
  /// The languages that there are starters in.
  enum Language: String, CaseIterable, ExpressibleByArgument {
    case python, go, c, rust, swift, javascript

    static let words = allCases.map(\.rawValue).joined(separator: ", ")

    /// What its file is called.
    var fileName: String {
      switch self {
      case .python: "adapter.py"
      case .go: "adapter.go"
      case .c: "adapter.c"
      case .rust: "adapter.rs"
      case .swift: "adapter.swift"
      case .javascript: "adapter.mjs"
      }
    }

    /// How a file of it is built, where it is, and run.
    func commands(_ path: String) -> (build: String?, run: String) {
      let stem = URL(filePath: path).deletingPathExtension()
      let program = path.hasPrefix("/") ? stem.path : "./\(stem.relativePath)"
      return switch self {
      case .python: (nil, "python3 \(path)")
      case .javascript: (nil, "node \(path)")
      case .go: ("go build -o \(program) \(path)", program)
      case .c: ("cc -std=c11 -Wall -Wextra -o \(program) \(path)", program)
      case .rust: ("rustc --edition 2021 -O -o \(program) \(path)", program)
      case .swift: ("swiftc -O -o \(program) \(path)", program)
      }
    }
  }

  /// A starter, with the table of what comes next.
  static func text(_ language: Language) -> String {
    let lines = source(language).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { line in
      guard line.hasSuffix(tableMark) else { return String(line) }
      let prefix = line.dropLast(tableMark.count)
      return table.map { prefix + $0 }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// The line of a starter that ends with this stands for the table.
  private static let tableMark = "<next steps>"

  /// What an adapter answers for each capability, in the order of the ladder.
  private static let table: [String] = {
    let ordered = Capability.allCases.enumerated()
      .sorted { ($0.element.phase, $0.offset) < ($1.element.phase, $1.offset) }.map(\.element)
    let rows = ordered.map { capability in
      let operations = capability.operations.joined(separator: ", ")
      return "\(capability.phase)".padded(to: 7) + capability.name.padded(to: 24)
        + (operations.isEmpty ? "-" : operations)
    }
    return ["phase  capability              operations"] + rows
  }()

  private static func source(_ language: Language) -> String {
    switch language {
    case .python: python
    case .go: go
    case .c: c
    case .rust: rust
    case .swift: swift
    case .javascript: javascript
    }
  }
}

extension GeneratedText {
  /// The starters as Swift sources.
  static func starters(home: Home) throws -> [GeneratedText] {
    try Starter.Language.allCases.map { language in
      let path = "tools/starters/\(language.rawValue)/\(language.fileName)"
      let text = try String(contentsOf: home.root.appending(path: path), encoding: .utf8)
      let literal = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
      return GeneratedText(
        path: "Sources/raft-ladder/Starters/Starter+\(language.rawValue.capitalized).swift",
        text: """
          // Written from \(path) by `raft-ladder check --write`; don't edit it by hand.
          // swift-format-ignore-file

          extension Starter {
            static let \(language.rawValue) = ###\"""
          \(literal)
              \"""###
          }

          """)
    }
  }
}
