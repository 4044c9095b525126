/// The ladder: the phases, and in each the TODOs, every one an invariant.
public enum Ladder {
  /// The phases whose verbs, clauses and traces exist.
  public static let builtPhases = 0...11

  /// A part of the ladder.
  public struct Phase: Hashable, Sendable {
    /// From 0.
    public var number: Int
    /// As people say it: `Elections`.
    public var name: String
    /// The folder of its traces: `Phase03-Elections`.
    public var folder: String
    /// Its rungs, from the lowest up.
    public var todos: [Todo]

    /// Whether its verbs, clauses and traces exist.
    public var isBuilt: Bool { Ladder.builtPhases.contains(number) }
  }

  /// A rung of the ladder.
  public struct Todo: Hashable, Sendable {
    /// `3.2`.
    public var id: String
    /// As people say it: `Vote granting rules`.
    public var title: String
    /// The folder of its traces inside the phase's: `3.2-vote-granting-rules`.
    public var folder: String
    /// What holds at this rung, a sentence each.
    public var invariants: [String]

    /// The number before the dot.
    public var phase: Int { Int(id.prefix { $0 != "." }) ?? 0 }
  }

  /// The phase of this number.
  public static func phase(_ number: Int) -> Phase? {
    phases.indices.contains(number) ? phases[number] : nil
  }

  /// The TODO of this id.
  public static func todo(_ id: String) -> Todo? { todos.first { $0.id == id } }

  /// Every TODO, from the lowest rung up.
  public static let todos: [Todo] = phases.flatMap(\.todos)

  /// The folder of a TODO's traces under `Traces`: `Phase03-Elections/3.2-vote-granting-rules`.
  public static func folder(of todo: Todo) -> String {
    (phase(todo.phase)?.folder ?? "") + "/" + todo.folder
  }
}
