import AdapterProtocol
import TraceFormat

/// What a walk through an adapter showed.
public struct WalkReport: Sendable {
  /// Who answered; `nil` where `hello` got no usable answer.
  public var implementation: Implementation?
  /// The stages, in the order they were gone through.
  public var stages: [WalkStage] = []

  /// The faults of the adapter, over all stages.
  public var faults: Int { count(of: .fault) }

  /// What is well said and contradicts Raft, over all stages.
  public var doubts: Int { count(of: .doubt) }

  /// Whether the walk found no fault of the adapter.
  public var isValid: Bool { faults == 0 }

  private func count(of kind: WalkFinding.Kind) -> Int {
    stages.reduce(0) { $0 + $1.findings.count { $0.kind == kind } }
  }
}

/// One stage: a short conversation about one thing that an adapter does.
public struct WalkStage: Sendable {
  /// What it is about: a capability's name, or a part of the contract, as `hello`.
  public var name: String
  /// What the adapter has to show, in a sentence.
  public var title: String
  /// Whether it was gone through.
  public var standing: Standing
  /// What was found, in the order it was seen.
  public var findings: [WalkFinding]
  /// The conversation.
  public var exchanges: [LineExchange]

  /// Whether a stage was gone through.
  public enum Standing: Sendable, Hashable {
    case walked
    /// `hello` does not declare the capability.
    case notDeclared
    /// It is declared, and so nothing can be shown without these capabilities.
    case needs([String])
    /// It is declared, and no conversation of its own shows it.
    case notWalked
  }
}

/// Something that a walk found.
public struct WalkFinding: Sendable, Hashable {
  /// Whose it is.
  public var kind: Kind
  /// What is wrong, in a sentence without its end.
  public var message: String
  /// What to mend, in a sentence without its end; empty where the message says it.
  public var remedy: String
  /// The exchange that shows it: its place among the stage's.
  public var exchange: Int?

  /// Whose a finding is.
  public enum Kind: String, Sendable {
    /// The adapter's: the protocol says otherwise.
    case fault
    /// The implementation's, if the adapter tells the truth: Raft says otherwise.
    case doubt
    /// Nobody's: worth a look.
    case note
  }
}
