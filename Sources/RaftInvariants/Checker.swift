import RaftTypes

/// One invariant's checker: what it has to remember, and how it stands.
protocol Checker: Sendable {
  static var invariant: Invariant { get }
  var standing: Standing { get set }
}

extension Checker {
  /// There is something to compare.
  mutating func arm() {
    if case .unobserved = standing { standing = .held }
  }

  /// The invariant does not hold.
  mutating func fail(
    by servers: [ServerID], _ statement: Statement, _ findings: inout Findings
  ) {
    let violation = Violation(invariant: Self.invariant, servers: servers, statement: statement)
    findings.violations.append(violation)
    switch standing {
    case .unobserved, .held: standing = .violated(violation)
    case .violated: break
    }
  }
}
