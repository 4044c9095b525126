import RaftTypes

/// A safety property that does not hold, who broke it, and how.
public struct Violation: Error, Hashable, Sendable {
  /// The property.
  public let invariant: Invariant
  /// The servers concerned; the first is the one whose step showed it.
  public let servers: [ServerID]
  let statement: Statement

  /// What happened, in one sentence.
  ///
  /// - Parameter name: what a server is called.
  public func message(naming name: (ServerID) -> String) -> String {
    statement.rendered(naming: name)
  }
}

extension Violation: CustomStringConvertible {
  /// The property's title and what happened, with servers by their numbers.
  public var description: String {
    "\(invariant.title): \(message { "server \($0.rawValue)" })"
  }
}

/// What is known of an invariant after some observations.
public enum Standing: Hashable, Sendable {
  /// Nothing came by that it could have been compared with.
  case unobserved
  /// There was something to compare, and it held.
  case held
  /// The first violation.
  case violated(Violation)
}

/// A sentence in which the servers are not named yet.
struct Statement: Hashable, Sendable, ExpressibleByStringInterpolation {
  fileprivate enum Part: Hashable, Sendable {
    case text(String)
    case server(ServerID)
  }

  private var parts: [Part]

  init(stringLiteral text: String) { parts = [.text(text)] }

  init(stringInterpolation: Interpolation) { parts = stringInterpolation.parts }

  func rendered(naming name: (ServerID) -> String) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .server(let server): name(server)
      }
    }.joined()
  }

  /// Collects the parts; only the vocabulary of Raft can be interpolated.
  struct Interpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    init(literalCapacity: Int, interpolationCount: Int) {
      parts.reserveCapacity(2 * interpolationCount + 1)
    }

    mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { parts.append(.text(literal)) }
    }

    mutating func appendInterpolation(_ text: String) { appendLiteral(text) }

    mutating func appendInterpolation(_ server: ServerID) { parts.append(.server(server)) }

    mutating func appendInterpolation(_ statement: Statement) {
      parts.append(contentsOf: statement.parts)
    }

    mutating func appendInterpolation(count: Int) { appendLiteral("\(count)") }

    /// A configuration as traces list it: the voters, and the other lists where they are not empty.
    mutating func appendInterpolation(_ configuration: Configuration) {
      append(configuration.voters)
      for (name, list) in [
        ("outgoing", configuration.outgoing), ("learners", configuration.learners),
        ("learnersNext", configuration.learnersNext),
      ] where !list.isEmpty {
        appendLiteral(" with \(name) ")
        append(list)
      }
    }

    private mutating func append(_ list: [ServerID]) {
      appendLiteral("[")
      for (place, server) in list.enumerated() {
        if place > 0 { appendLiteral(", ") }
        parts.append(.server(server))
      }
      appendLiteral("]")
    }

    mutating func appendInterpolation(_ term: Term) { appendLiteral("\(term.rawValue)") }

    mutating func appendInterpolation(_ index: LogIndex) { appendLiteral("\(index.rawValue)") }

    /// An entry's place as traces write it: index 3 of term 2 is `3@2`.
    mutating func appendInterpolation(_ position: LogPosition) {
      appendLiteral("\(position.index.rawValue)@\(position.term.rawValue)")
    }

    /// What an entry holds: a short printable payload in quotes, another by its size.
    mutating func appendInterpolation(contentOf entry: ObservedEntry) {
      appendLiteral(Self.content(of: entry))
    }

    private static func content(of entry: ObservedEntry) -> String {
      let kind =
        switch entry.kind {
        case .command: "command"
        case .internalEntry: "internal entry"
        case .configuration: "configuration"
        }
      guard !entry.payload.isEmpty else { return "an empty \(kind)" }
      let isPrintable = entry.payload.allSatisfy { (0x20..<0x7f).contains($0) }
      guard isPrintable, entry.payload.count <= 40 else {
        let head = entry.payload.prefix(8).map { byte in
          (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        let rest = entry.payload.count > 8 ? "…" : ""
        return "the \(kind) of \(entry.payload.count) bytes 0x\(head)\(rest)"
      }
      return "the \(kind) \"\(String(decoding: entry.payload, as: UTF8.self))\""
    }
  }
}
