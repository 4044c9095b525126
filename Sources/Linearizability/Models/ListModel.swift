/// What is done to a list.
public enum ListAction<Element: Hashable & Sendable>: Hashable, Sendable {
  /// Puts an element at the end. Elements need not differ.
  case append(Element)
  /// Reads the whole list.
  case read
}

/// What a client of a list is told.
public enum ListResponse<Element: Hashable & Sendable>: Hashable, Sendable {
  /// The append took effect.
  case appended
  /// The list as it was read, from its first element on.
  case list([Element])
  /// The list as it was read, told by its length and digest. It is as good a witness as 64 bits.
  case digest(ListDigest<Element>)
}

/// The length of a list and a digest over its elements in order. Its values differ from process to
/// process.
public struct ListDigest<Element: Hashable & Sendable>: Hashable, Sendable {
  /// Elements so far.
  public private(set) var count = 0
  private var value = 0

  /// The digest of the empty list.
  public init() {}

  /// The digest of a list.
  public init(_ elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  /// Goes on to the list with one more element.
  public mutating func append(_ element: Element) {
    var hasher = Hasher()
    hasher.combine(value)
    hasher.combine(element)
    value = hasher.finalize()
    count += 1
  }
}

/// A list that grows at its end.
///
/// All states of one run are prefixes of each other, so the longest list that was read names the
/// element at each of its places. The model narrowed by a history refuses any other element there.
/// A state is then a length, and the search has next to nothing to choose.
public struct ListModel<Element: Hashable & Sendable>: SequentialModel {
  /// A list: so many elements of the longest list read, then others.
  public struct State: Hashable, Sendable {
    /// Elements of the list.
    public var count = 0
    /// The elements after the longest list read, as far as a later read can tell them.
    var tail: [Element] = []
  }

  /// The longest list that a completed read returned whole.
  private var longest: [Element] = []
  /// The digests of its prefixes, from the empty one on.
  private var digests: [ListDigest<Element>] = [ListDigest()]
  /// States up to this length hold all their elements. Longer ones are one state: no read returned
  /// any of them.
  private var lengthKept = Int.max

  private let describe: @Sendable (Element) -> String

  /// A list that begins empty.
  ///
  /// - Parameter describe: an element as people write it.
  public init(describe: @escaping @Sendable (Element) -> String = { "\($0)" }) {
    self.describe = describe
  }

  /// The empty list.
  public var initialState: State { State() }

  /// See `SequentialModel`.
  public func next(
    _ state: State, _ action: ListAction<Element>, _ response: ListResponse<Element>?
  ) -> State? {
    switch (action, response) {
    case (.append(let element), nil), (.append(let element), .appended):
      return appending(element, to: state)
    case (.read, nil):
      return state
    case (.read, .list(let elements)):
      return elements.count == state.count && holds(state, elements) ? state : nil
    case (.read, .digest(let digest)):
      return digest.count == state.count && digest == self.digest(of: state) ? state : nil
    case (.append, .list), (.append, .digest), (.read, .appended):
      return nil
    }
  }

  /// Reads.
  public func isReading(
    _ action: ListAction<Element>, _ response: ListResponse<Element>?
  ) -> Bool {
    action == .read
  }

  private func appending(_ element: Element, to state: State) -> State? {
    var next = state
    next.count += 1
    if state.count < longest.count { return longest[state.count] == element ? next : nil }
    if state.count < lengthKept {
      next.tail.append(element)
    } else {
      // Longer than any list that was read: no read tells what is in it, or how long it is.
      next = State(count: max(longest.count, lengthKept) + 1)
    }
    return next
  }

  /// Whether a list of the state's length is the state.
  private func holds(_ state: State, _ elements: [Element]) -> Bool {
    let known = min(longest.count, elements.count)
    return elements[..<known] == longest[..<known] && elements[known...] == state.tail[...]
  }

  private func digest(of state: State) -> ListDigest<Element> {
    var digest = digests[min(state.count, longest.count)]
    for element in state.tail { digest.append(element) }
    return digest
  }

  /// See `SequentialModel`.
  public func narrowed(by operations: [Operation<Action, Response>]) -> ListModel {
    var model = ListModel(describe: describe)
    model.lengthKept = 0
    for operation in operations {
      switch operation.response {
      case .list(let elements) where elements.count > model.longest.count:
        model.longest = elements
      case .digest(let digest):
        model.lengthKept = max(model.lengthKept, digest.count)
      case .list, .appended, nil: break
      }
    }
    model.digests.reserveCapacity(model.longest.count + 1)
    var digest = ListDigest<Element>()
    for element in model.longest {
      digest.append(element)
      model.digests.append(digest)
    }
    return model
  }

  /// The bytes of the tail.
  public func heapBytes(of state: State) -> Int {
    state.tail.isEmpty ? 0 : 32 + state.tail.capacity * MemoryLayout<Element>.stride
  }

  /// See `SequentialModel`.
  public func text(_ action: ListAction<Element>, _ response: ListResponse<Element>?) -> String {
    switch (action, response) {
    case (.append(let element), _): "append \(describe(element))"
    case (.read, .list(let elements)): "read -> \(text(elements))"
    case (.read, .digest(let digest)): "read -> \(digest.count) elements, by digest"
    case (.read, _): "read"
    }
  }

  /// See `SequentialModel`.
  public func text(_ state: State) -> String {
    if state.count > max(longest.count, lengthKept) { return "longer than any list that was read" }
    return text(Array(longest.prefix(state.count)) + state.tail, count: state.count)
  }

  private func text(_ elements: [Element], count: Int? = nil) -> String {
    let count = count ?? elements.count
    let shown = elements.suffix(6).map(describe).joined(separator: ", ")
    guard elements.count == count else { return "\(count) elements" }
    return count <= 6 ? "[\(shown)]" : "\(count) elements ending in [\(shown)]"
  }
}
