import Conformance

/// What a cell of the matrix says of a trace: verdicts that a reader takes alike are one kind.
enum CellKind: String, CaseIterable {
  case passed, failed, known
  case notApplicable = "na"
  case error, absent

  init(_ verdict: Verdict) {
    switch verdict {
    case .passed, .passedNonStrict: self = .passed
    case .failed, .staleKnownFailure: self = .failed
    case .knownFailure: self = .known
    case .notApplicable: self = .notApplicable
    case .error: self = .error
    }
  }

  var words: String {
    switch self {
    case .passed: "passed"
    case .failed: "failed"
    case .known: "known to fail"
    case .notApplicable: "not applicable"
    case .error: "could not be run"
    case .absent: "not run"
    }
  }

  /// The shapes differ, so that nobody needs the colours.
  var sign: String {
    switch self {
    case .passed: "✓"
    case .failed: "✗"
    case .known: "≈"
    case .notApplicable: "–"
    case .error: "!"
    case .absent: "·"
    }
  }
}

/// What a cell of the matrix says of a rung.
enum RungCell {
  /// - Parameter rung: `nil` where none of its traces was run.
  static func cell(_ rung: Rung?, label: String) -> Page.Cell {
    guard let rung else {
      return Page.Cell(kind: "absent", sign: "·", note: "", spoken: "\(label): not run")
    }
    let passed = rung.count(.passed) + rung.count(.passedNonStrict)
    let state = PageBuilder.words(rung.state)
    return Page.Cell(
      kind: rung.state.rawValue, sign: sign(of: rung.state), note: "\(passed)/\(rung.total)",
      spoken: "\(label): \(state), \(passed) of \(rung.total) traces passed")
  }

  private static func sign(of state: Rung.State) -> String {
    switch state {
    case .holds: "✓"
    case .fails: "✗"
    case .notShown: "–"
    }
  }
}
