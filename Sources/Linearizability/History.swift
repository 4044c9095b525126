/// A history that is being recorded: operations in the order in which they began and ended.
///
/// The order of the calls is the order of the history. One client may have several operations
/// open; the checker takes their intervals as they are.
///
///     var history = History<ListAction<UInt64>, ListResponse<UInt64>>()
///     let append = history.invoke(.append(7), by: 1)
///     let read = history.invoke(.read, by: 2)
///     history.complete(append, with: .appended)
///     history.complete(read, with: .list([7]))
///     let judgement = Checker(model: ListModel<UInt64>()).check(history)
public struct History<Action: Hashable & Sendable, Response: Hashable & Sendable>: Sendable {
  /// An operation of this history.
  public struct ID: Hashable, Sendable {
    /// Its place in `operations`.
    public let place: Int
  }

  /// The operations so far, by invocation. Those still open have the outcome `unknown`.
  public private(set) var operations: [Operation<Action, Response>] = []
  private var moment = 0
  private var open: Set<Int> = []

  /// An empty history.
  public init() {}

  /// Begins an operation.
  public mutating func invoke(_ action: Action, by client: UInt64) -> ID {
    moment += 1
    open.insert(operations.count)
    operations.append(
      Operation(client: client, action: action, invoked: moment, outcome: .unknown))
    return ID(place: operations.count - 1)
  }

  /// Ends an operation that took effect.
  ///
  /// - Parameters:
  ///   - id: an operation that is still open.
  ///   - response: what its client was told.
  ///   - index: where the system says that it took effect, if it says so.
  public mutating func complete(_ id: ID, with response: Response, index: UInt64? = nil) {
    close(id)
    operations[id.place].outcome = .returned(response, at: moment)
    operations[id.place].index = index
  }

  /// Ends an operation that took no effect and never will.
  public mutating func fail(_ id: ID) {
    close(id)
    operations[id.place].outcome = .failed
  }

  /// Ends an operation of which nobody knows whether it takes effect. One that is never ended is
  /// the same.
  public mutating func abandon(_ id: ID) {
    close(id)
  }

  /// Whether an operation has not ended.
  public func isOpen(_ id: ID) -> Bool { open.contains(id.place) }

  private mutating func close(_ id: ID) {
    precondition(open.remove(id.place) != nil, "the operation has ended already")
    moment += 1
  }
}
