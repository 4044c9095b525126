/// The search for an order that explains a partition's responses.
///
/// Wing and Gong's algorithm with Lowe's improvements: depth first, over a linked list of events,
/// remembering every configuration. Three rules narrow it, and none loses an order:
///
/// - A read that may come next is taken at once. In any order it can be moved to here, because
///   nobody else can tell.
/// - The operation that returns first is the due one: it is tried first, then those that make it
///   possible, then the others. So nothing is linearized earlier than it must be.
/// - Of two open operations that do the same, the one invoked first is taken first.
struct Search<Model: SequentialModel> {
  /// Where the search stands.
  enum Standing {
    case linearizable, notLinearizable, paused, outOfMemory
  }

  /// Which candidates of a configuration are tried, in this order.
  private enum Phase: UInt8 {
    case due, enabling, openEnabling, others, openOthers, exhausted
  }

  /// A configuration on the path, with the candidates that are left to try.
  private struct Frame {
    var state: UInt32
    var openSet: InternedSets.ID
    /// How many operations were taken on the way here.
    var taken: Int32
    var due: Int32
    /// The next call, or the next open operation, to try.
    var cursor: Int32
    var phase: Phase
  }

  private let model: Model
  let layout: Layout<Model>
  /// Whether open operations may take effect any number of times: a weaker demand on the history,
  /// and a smaller search.
  private let reusesOpen: Bool
  private var events: EventList
  private var states: InternedStates<Model>
  private var memo: ConfigurationMemo
  private var sets: InternedSets
  private var frames: [Frame] = []
  /// What was taken on the path: a completed operation, or the complement of an open one.
  private var taken: [Int32] = []
  private var openTaken: [Bool]
  private var state: UInt32 = 0
  private var openSet = InternedSets.empty
  private var configuration: [UInt64]
  /// Whether the present configuration was only just reached.
  private var arrived = true
  /// The due operation of the latest return that any configuration had.
  private(set) var furthest: Int?
  /// Steps of the model that were tried.
  private(set) var steps = 0

  /// A search that has not begun.
  init(_ model: Model, _ layout: Layout<Model>, reusesOpen: Bool = false) {
    self.model = model
    self.layout = layout
    self.reusesOpen = reusesOpen
    events = EventList(layout.events)
    states = InternedStates(model)
    memo = ConfigurationMemo(bits: layout.slots)
    sets = InternedSets(limit: layout.open.count)
    openTaken = [Bool](repeating: false, count: reusesOpen ? 0 : layout.open.count)
    configuration = [UInt64](repeating: 0, count: memo.stride)
  }

  /// Configurations remembered.
  var configurations: Int { memo.count }

  /// Bytes that the search has remembered.
  var bytes: Int { bytesBesideMemo + memo.bytes }

  private var bytesBesideMemo: Int {
    states.bytes + sets.bytes + frames.capacity * MemoryLayout<Frame>.stride + taken.capacity * 4
  }

  /// Goes on for about so many steps.
  ///
  /// - Parameters:
  ///   - limit: steps after which it pauses.
  ///   - memory: bytes that it may hold.
  mutating func advance(steps limit: Int, memory: Int) -> Standing {
    let end = steps.addingReportingOverflow(limit)
    let last = end.overflow ? Int.max : end.partialValue
    while steps < last {
      if arrived {
        arrived = false
        guard let due = settle() else { return .linearizable }
        if bytesBesideMemo + memo.bytesOfNext > memory {
          arrived = true
          return .outOfMemory
        }
        if memo.insert(configuration) {
          push(due)
        } else if !backtrack() {
          return .notLinearizable
        }
      } else if choose() {
        arrived = true
      } else {
        frames.removeLast()
        if !backtrack() { return .notLinearizable }
      }
    }
    return .paused
  }

  /// Takes every read that may come next, and notes the configuration then reached.
  ///
  /// - Returns: the due operation, or nil when all completed operations are linearized.
  private mutating func settle() -> Int? {
    for word in 2..<configuration.count { configuration[word] = 0 }
    let present = states[state]
    var event = events.first
    while events.isCall(event) {
      let operation = event >> 1
      var following = events.next(event)
      if layout.isReading[operation], step(present, layout.completed[operation]) != nil {
        if following == 2 * operation + 1 { following = events.next(following) }
        events.lift(operation)
        taken.append(Int32(operation))
      } else {
        let slot = Int(layout.slot[operation])
        configuration[2 + slot >> 6] |= 1 << UInt64(slot & 63)
      }
      event = following
    }
    guard event != events.sentinel else { return nil }
    let due = event >> 1
    configuration[0] = UInt64(due) << 32 | UInt64(state)
    configuration[1] = UInt64(openSet)
    return due
  }

  private mutating func push(_ due: Int) {
    if furthest.map({ layout.returned[$0] < layout.returned[due] }) ?? true { furthest = due }
    frames.append(
      Frame(
        state: state, openSet: openSet, taken: Int32(taken.count), due: Int32(due), cursor: 0,
        phase: .due))
  }

  /// Goes back to the last configuration of the path.
  ///
  /// - Returns: whether there is one.
  private mutating func backtrack() -> Bool {
    guard let frame = frames.last else { return false }
    while taken.count > frame.taken, let last = taken.popLast() {
      if last >= 0 {
        events.unlift(Int(last))
      } else if !reusesOpen {
        openTaken[Int(~last)] = false
      }
    }
    state = frame.state
    openSet = frame.openSet
    return true
  }

  /// Takes the next candidate of the last configuration.
  ///
  /// - Returns: whether there was one.
  private mutating func choose() -> Bool {
    var frame = frames[frames.count - 1]
    let present = states[frame.state]
    defer { frames[frames.count - 1] = frame }
    while true {
      let next: Model.State?
      switch frame.phase {
      case .due:
        next = chooseDue(&frame, present)
      case .enabling, .others:
        next = chooseCompleted(&frame, present)
      case .openEnabling, .openOthers:
        next = chooseOpen(&frame, present)
      case .exhausted:
        return false
      }
      if let next {
        state = states.number(of: next)
        return true
      }
      frame.phase = Phase(rawValue: frame.phase.rawValue + 1) ?? .exhausted
      frame.cursor = frame.phase == .enabling || frame.phase == .others ? Int32(events.first) : 0
    }
  }

  /// Tries the due operation, once.
  private mutating func chooseDue(_ frame: inout Frame, _ present: Model.State) -> Model.State? {
    guard frame.cursor == 0, let next = step(present, layout.completed[Int(frame.due)]) else {
      return nil
    }
    frame.cursor = 1
    events.lift(Int(frame.due))
    taken.append(frame.due)
    return next
  }

  private mutating func chooseCompleted(
    _ frame: inout Frame, _ present: Model.State
  ) -> Model.State? {
    var event = Int(frame.cursor)
    while events.isCall(event) {
      let operation = event >> 1
      event = events.next(event)
      guard operation != frame.due, let next = step(present, layout.completed[operation]),
        isPossible(frame.due, next) == (frame.phase == .enabling)
      else { continue }
      // The call stays in the list's order, so the cursor holds when the search comes back.
      frame.cursor = Int32(event)
      events.lift(operation)
      taken.append(Int32(operation))
      return next
    }
    return nil
  }

  private mutating func chooseOpen(_ frame: inout Frame, _ present: Model.State) -> Model.State? {
    var place = Int(frame.cursor)
    let moment = layout.returned[Int(frame.due)]
    while place < layout.open.count, layout.open[place].invoked <= moment {
      let operation = place
      place += 1
      guard isAvailable(operation), let next = step(present, layout.open[operation]),
        next != present, isPossible(frame.due, next) == (frame.phase == .openEnabling)
      else { continue }
      frame.cursor = Int32(place)
      taken.append(~Int32(operation))
      if !reusesOpen {
        openTaken[operation] = true
        openSet = sets.adding(operation, to: frame.openSet)
      }
      return next
    }
    return nil
  }

  /// Whether an open operation is the first of its kind that is left.
  private func isAvailable(_ operation: Int) -> Bool {
    let twin = Int(layout.twin[operation])
    if reusesOpen { return twin < 0 }
    return !openTaken[operation] && (twin < 0 || openTaken[twin])
  }

  private mutating func isPossible(_ due: Int32, _ state: Model.State) -> Bool {
    step(state, layout.completed[Int(due)]) != nil
  }

  @inline(__always)
  private mutating func step(_ state: Model.State, _ operation: Layout<Model>.Record)
    -> Model.State?
  {
    steps += 1
    return model.next(state, operation.action, operation.response)
  }
}
