import RaftTypes
import YAMLTree

extension Verbs {
  static let chaosVerbs = [chaos]

  /// A number for each of some moves.
  private static func numbers(
    _ title: String, _ count: ClosedRange<Int>
  ) -> Shape<[ChaosMove: Int]> {
    .settings(
      title, fewest: 1,
      ChaosMove.allCases.map { move in
        Setting(move.rawValue, .count(count), move.meaning) { $0[move] = $1 }
      }
    ) { _ in [:] }
  }

  private static let weights = numbers("the weights of moves", 0...TraceLimits.weight)
    .named("weights")
  private static let most = numbers("the most times of moves", 0...TraceLimits.moves)
    .named("most-moves")

  private static let achievement = Shape<Chaos.Achievement>.settings(
    "what a run must have achieved", fewest: 1,
    [
      achieved("leaders", \.leaders, "terms in which somebody led"),
      achieved("committed", \.committed, "commands that a client was told to be committed"),
      achieved("reads", \.reads, "reads that were served"),
    ]
  ) { _ in Chaos.Achievement() }

  private static func achieved(
    _ name: String, _ path: WritableKeyPath<Chaos.Achievement, Int> & Sendable, _ doc: String
  ) -> Setting<Chaos.Achievement> {
    Setting(name, .count(1...TraceLimits.moves), doc) { $0[keyPath: path] = $1 }
  }

  private static let chaos = Verb(
    "chaos", .faults, phase: 11,
    "So many moves are made, drawn from the seed of the case; `Spec/Chaos.md` says how.",
    implies: [.election],
    .record(
      "a chaos", .required("moves", .count(1...TraceLimits.moves), "how many moves"),
      .optional(
        "only", Shape<ChaosMove>.oneOf(words).list(1...ChaosMove.allCases.count),
        "the moves that are made; all when left out"),
      .optional("weights", weights, "how often moves are drawn, where not as a rule"),
      .optional("at-most", most, "the most times that moves are made"),
      .standard(
        "down", .count(0...TraceLimits.servers), 1, shown: "1",
        "the most nodes that are down at a time"),
      .standard(
        "swarm", .boolean, false, shown: "false",
        "whether each seed switches a random part of the moves on"),
      .optional(
        "at-least", achievement, "what a run must have achieved; a run that did less fails")
    ) { place, moves, only, weights, most, down, swarm, achieved in
      if swarm, achieved != nil {
        place.report("a swarm may have switched off what 'at-least' asks for", at: "at-least")
      }
      var all = [ChaosMove: Int](
        uniqueKeysWithValues: (only ?? ChaosMove.allCases).map { ($0, $0.standardWeight) })
      for (move, weight) in weights ?? [:] { all[move] = weight }
      return .chaos(
        Chaos(
          moves: moves, weights: all.filter { $0.value > 0 }, most: most ?? [:], mostDown: down,
          swarm: swarm, achieved: achieved ?? Chaos.Achievement()))
    },
    example: """
      seeds: { from: 1, to: 3 }
      nodes: { n1: {}, n2: {}, n3: {} }
      steps:
        - chaos: { moves: 400, only: [deliver, drop, timeout, beat, propose, crash, restart] }
        - recover:
          expect: { each: { status: running } }
      """)

  private static let words: [(value: ChaosMove, meaning: String)] =
    ChaosMove.allCases.map { ($0, $0.meaning) }
}
