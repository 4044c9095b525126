/// Finds a small part of a partition that is not linearizable by itself.
///
/// It never leaves out what an order could need. An operation is weakened instead: it may then have
/// taken effect at any time after its invocation, or never. If no order fits the weakened history,
/// none fits the recorded one. What is not weakened in the end is essential; of the weakened
/// operations those are shown without which an essential one would no longer be.
struct Explainer<Model: SequentialModel> {
  typealias Record = Operation<Model.Action, Model.Response>

  /// Steps of the model for one trial, and for all.
  private static var stepsOfTrial: Int { 200_000 }
  private static var stepsOfAll: Int { 40_000_000 }
  private static var memoryOfTrial: Int { 64 << 20 }

  private let model: Model
  private let count: Int
  /// The operations up to the one that no order gets past: those that returned by then, by return,
  /// and those of which the orders may make use.
  private var essential: [Record] = []
  private var supporting: [Record] = []
  private var stepsLeft = stepsOfAll
  /// Whether weakened operations may take effect any number of times in the trials. That weakens
  /// the history further, and makes the trials cheap.
  private var reuses = true
  private var isMinimal = true

  /// An explainer of what a finished search found.
  init(_ model: Model, _ layout: Layout<Model>, furthest: Int?) {
    self.model = model
    count = layout.completed.count + layout.open.count
    let moment = furthest.map { layout.returned[$0] } ?? .max
    for (place, operation) in layout.completed.enumerated() where operation.invoked <= moment {
      if layout.returned[place] <= moment {
        essential.append(operation)
      } else {
        supporting.append(operation)
      }
    }
    supporting += layout.open.filter { $0.invoked <= moment }
    essential.sort { ($0.returned ?? .max, $0.invoked) < ($1.returned ?? .max, $1.invoked) }
  }

  /// Shrinks and describes.
  mutating func explain(_ name: String) -> Explanation {
    if narrowToWindow() {
      shrinkEssential()
      shrinkSupporting()
    } else {
      isMinimal = false
    }
    let parts =
      essential.map { part($0, .essential) } + supporting.map { part($0, .supporting) }
    let orders = DeadEnds(narrowedModel(), essential: essential, supporting: supporting)
    return Explanation(
      partition: name, operations: count, parts: parts.sorted { $0.invoked < $1.invoked },
      deadEnds: orders.lines, deadEndsLeftOut: orders.leftOut, isMinimal: isMinimal)
  }

  private func part(_ operation: Record, _ role: Explanation.Role) -> Explanation.Part {
    let outcome = operation.returned == nil ? " (outcome unknown)" : ""
    return Explanation.Part(
      client: operation.client,
      text: model.text(operation.action, operation.response) + outcome,
      invoked: operation.invoked, returned: operation.returned, line: operation.line, role: role)
  }

  private func narrowedModel() -> Model {
    model.narrowed(by: essential + supporting.map(weakened))
  }

  private func weakened(_ operation: Record) -> Record {
    var weak = operation
    weak.outcome = .unknown
    return weak
  }

  /// Weakens all but the last operations, as few as possible of which no order fits.
  ///
  /// - Returns: whether that was shown for any number of them.
  private mutating func narrowToWindow() -> Bool {
    for reuses in [true, false] {
      self.reuses = reuses
      var window = 4
      while true {
        let kept = Array(essential.suffix(window))
        let rest = Array(essential.dropLast(window))
        if trial(kept, rest + supporting) == .notLinearizable {
          essential = kept
          supporting = rest + supporting
          return true
        }
        if window >= essential.count { break }
        window *= 2
      }
    }
    return false
  }

  /// Weakens what can be weakened, halves first, then one at a time until nothing changes.
  private mutating func shrinkEssential() {
    var size = max(1, essential.count / 2)
    while true {
      var changed = false
      var start = 0
      while start < essential.count {
        let end = min(start + size, essential.count)
        let kept = Array(essential[..<start] + essential[end...])
        let weak = Array(essential[start..<end])
        if trial(kept, weak + supporting) == .notLinearizable {
          essential = kept
          supporting = weak + supporting
          changed = true
        } else {
          start = end
        }
      }
      if size > 1 {
        size /= 2
      } else if !changed {
        return
      }
    }
  }

  /// Leaves out weakened operations as long as every essential one remains so.
  private mutating func shrinkSupporting() {
    if reuses { dropRepeats() }
    if supporting.isEmpty || remainsEssential([]) {
      supporting = []
      return
    }
    var size = max(1, supporting.count / 2)
    while true {
      var start = 0
      while start < supporting.count {
        let end = min(start + size, supporting.count)
        let kept = Array(supporting[..<start] + supporting[end...])
        if remainsEssential(kept) { supporting = kept } else { start = end }
      }
      if size == 1 { return }
      size /= 2
    }
  }

  /// Of operations that do the same, one is enough where each may take effect several times.
  private mutating func dropRepeats() {
    var seen: Set<Model.Action> = []
    supporting.sort { $0.invoked < $1.invoked }
    supporting.removeAll { !seen.insert($0.action).inserted }
  }

  private mutating func remainsEssential(_ supporting: [Record]) -> Bool {
    for place in essential.indices {
      var kept = essential
      let weak = kept.remove(at: place)
      if trial(kept, supporting + [weak]) != .linearizable { return false }
    }
    return true
  }

  /// Judges operations of which some are weakened.
  private mutating func trial(_ kept: [Record], _ weak: [Record]) -> Search<Model>.Standing {
    guard stepsLeft > 0 else {
      isMinimal = false
      return .paused
    }
    let operations = kept + weak.map(weakened)
    var search = Search(
      model.narrowed(by: operations), Layout(operations), reusesOpen: reuses)
    let standing = search.advance(
      steps: min(Self.stepsOfTrial, stepsLeft), memory: Self.memoryOfTrial)
    // What a trial costs beside its steps is the making of its layout.
    stepsLeft -= search.steps + operations.count
    if standing == .paused || standing == .outOfMemory { isMinimal = false }
    return standing
  }
}
