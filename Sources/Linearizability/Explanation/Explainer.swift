/// Finds a small part of a partition that is not linearizable by itself.
///
/// It never leaves out what an order could need. An operation is weakened instead: it may then have
/// taken effect at any time after its invocation, or never. If no order fits the weakened history,
/// none fits the recorded one. What is not weakened in the end is essential; of the weakened
/// operations those are shown without which an essential one would no longer be.
struct Explainer<Model: SequentialModel> {
  typealias Record = Operation<Model.Action, Model.Response>

  /// Steps of the model for all trials. One trial may take a few times as many as the last one that
  /// found a violation, within these bounds.
  private static var stepsOfAll: Int { 2_000_000 }
  private static var stepsOfTrial: ClosedRange<Int> { 2_000...1_000_000 }
  private static var memoryOfTrial: Int { 64 << 20 }

  private let model: Model
  private let count: Int
  /// The operations that were invoked before the return that no order gets past, by return, and
  /// the later ones. What the search saw of the later ones is what they narrow the model by.
  private var essential: [Record] = []
  private var later: [Record] = []
  /// Operations of which the orders may make use.
  private var supporting: [Record] = []
  private var stepsLeft = stepsOfAll
  private var stepsOfViolation: Int
  /// Whether weakened operations may take effect any number of times in the trials. That weakens
  /// the history further, and makes the trials cheap.
  private var reuses = true
  private var isMinimal = true

  /// An explainer of what a finished search found.
  init(_ model: Model, _ search: Search<Model>) {
    let layout = search.layout
    self.model = model
    stepsOfViolation = search.steps
    count = layout.completed.count + layout.open.count
    let moment = search.furthest.map { layout.returned[$0] } ?? .max
    essential = layout.completed.filter { $0.invoked <= moment }
    later = layout.completed.filter { $0.invoked > moment }
    supporting = layout.open
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
    for includesLater in later.isEmpty ? [false] : [false, true] {
      if includesLater { essential += later }
      for reuses in [true, false] {
        self.reuses = reuses
        if takeWindow() { return true }
      }
    }
    return false
  }

  private mutating func takeWindow() -> Bool {
    var window = 4
    while true {
      let kept = Array(essential.suffix(window))
      let rest = Array(essential.dropLast(window))
      if trial(kept, rest + supporting) == .notLinearizable {
        essential = kept
        supporting += rest
        return true
      }
      if window >= essential.count { return false }
      window *= 2
    }
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
        switch trial(kept, weak + supporting) {
        case .notLinearizable:
          essential = kept
          supporting = weak + supporting
          changed = true
          continue
        case .linearizable: break
        case .paused, .outOfMemory: if size == 1 { isMinimal = false }
        }
        start = end
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
    guard stepsLeft > 0 else { return .paused }
    let operations = kept + weak.map(weakened)
    var search = Search(
      model.narrowed(by: operations), Layout(operations, model), reusesOpen: reuses)
    let bounds = Self.stepsOfTrial
    let steps = max(bounds.lowerBound, min(4 * stepsOfViolation, bounds.upperBound))
    let standing = search.advance(steps: min(steps, stepsLeft), memory: Self.memoryOfTrial)
    // What a trial costs beside its steps is the making of its layout.
    stepsLeft -= search.steps + operations.count
    if standing == .notLinearizable { stepsOfViolation = search.steps }
    return standing
  }
}
