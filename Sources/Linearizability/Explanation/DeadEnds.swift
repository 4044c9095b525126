/// The orders of a few operations, each told as far as it goes.
struct DeadEnds<Model: SequentialModel> {
  private typealias Record = Operation<Model.Action, Model.Response>

  /// Orders told, and orders counted.
  private static var shown: Int { 8 }
  private static var counted: Int { 10_000 }

  private let model: Model
  private let essential: [Operation<Model.Action, Model.Response>]
  private let supporting: [Operation<Model.Action, Model.Response>]
  private var tried = 0
  private var found = 0
  /// The orders, up to a number of them.
  private(set) var lines: [String] = []

  /// Walks all orders of operations that no order fits.
  init(
    _ model: Model, essential: [Operation<Model.Action, Model.Response>],
    supporting: [Operation<Model.Action, Model.Response>]
  ) {
    self.model = model
    self.essential = essential
    self.supporting = supporting
    guard essential.count + supporting.count <= 12 else { return }
    walk(
      model.initialState, Array(essential.indices), Array(supporting.indices), path: [])
  }

  /// Orders that are not told, or nil when there are too many.
  var leftOut: Int? {
    lines.isEmpty || tried >= Self.counted ? nil : found - lines.count
  }

  /// Tries everything that may come next.
  private mutating func walk(
    _ state: Model.State, _ left: [Int], _ weak: [Int], path: [String]
  ) {
    tried += 1
    guard tried < Self.counted,
      let due = left.min(by: { returned($0) < returned($1) })
    else { return }
    let candidates = left.filter { essential[$0].invoked <= returned(due) }
    // A read that may come next can come now, in any order.
    if let read = candidates.first(where: { isReading($0) && step(state, essential[$0]) != nil }) {
      return walk(
        state, left.filter { $0 != read }, weak, path: path + [text(essential[read])])
    }
    var goesOn = false
    for number in candidates {
      guard let next = step(state, essential[number]) else { continue }
      goesOn = true
      walk(next, left.filter { $0 != number }, weak, path: path + [text(essential[number])])
    }
    for number in weak where supporting[number].invoked <= returned(due) {
      guard let next = model.next(state, supporting[number].action, nil), next != state else {
        continue
      }
      goesOn = true
      walk(
        next, left, weak.filter { $0 != number },
        path: path + [model.text(supporting[number].action, nil)])
    }
    if !goesOn { note(state, due, path) }
  }

  private mutating func note(_ state: Model.State, _ due: Int, _ path: [String]) {
    found += 1
    guard lines.count < Self.shown else { return }
    let before = path.isEmpty ? "" : path.joined(separator: ", ") + ": "
    lines.append(
      "\(before)then the state is \(model.text(state)), and nothing leads to "
        + text(essential[due]))
  }

  private func isReading(_ number: Int) -> Bool {
    model.isReading(essential[number].action, essential[number].response)
  }

  private func returned(_ number: Int) -> Int { essential[number].returned ?? .max }

  private func text(_ operation: Operation<Model.Action, Model.Response>) -> String {
    model.text(operation.action, operation.response)
  }

  private func step(
    _ state: Model.State, _ operation: Operation<Model.Action, Model.Response>
  ) -> Model.State? {
    model.next(state, operation.action, operation.response)
  }
}
