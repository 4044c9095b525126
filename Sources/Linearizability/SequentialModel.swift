/// A deterministic state machine that clients act on: what linearizability is judged against.
///
/// A history is linearizable when its operations, each at one instant between its invocation and
/// its return, make a run of this machine in which every operation gives the response it gave
/// (Herlihy and Wing, 1990).
public protocol SequentialModel: Sendable {
  /// Everything that a later response can depend on. States are compared whole.
  associatedtype State: Hashable & Sendable
  /// What a client asks for, with its arguments.
  associatedtype Action: Hashable & Sendable
  /// What a client is told.
  associatedtype Response: Hashable & Sendable

  /// The state before the first operation.
  var initialState: State { get }

  /// The state after an action.
  ///
  /// - Parameters:
  ///   - state: the state that the action meets.
  ///   - action: what is done.
  ///   - response: what the client was told, or nil where nobody knows it; then every response
  ///     counts as given.
  /// - Returns: nil when the action can't give this response in this state.
  func next(_ state: State, _ action: Action, _ response: Response?) -> State?

  /// Whether the action leaves every state as it is in which it can give this response, as a read
  /// does. The search takes such operations as soon as it may. The default is false, which is
  /// always right.
  func isReading(_ action: Action, _ response: Response?) -> Bool

  /// The model for one history, narrowed by what the history shows.
  ///
  /// A narrowed model may refuse a step that no linearization of these operations can contain, and
  /// no other: it accepts exactly the histories that the model accepts. The default narrows
  /// nothing.
  func narrowed(by operations: [Operation<Action, Response>]) -> Self

  /// Bytes that a state takes beside its own layout, for the bound on memory. The default is 0.
  func heapBytes(of state: State) -> Int

  /// An operation as people write it, such as `read -> 3`. Without a response, the action alone.
  func text(_ action: Action, _ response: Response?) -> String

  /// A state as people write it.
  func text(_ state: State) -> String
}

extension SequentialModel {
  /// No action is known to be a mere read.
  public func isReading(_ action: Action, _ response: Response?) -> Bool { false }

  /// Narrows nothing.
  public func narrowed(by operations: [Operation<Action, Response>]) -> Self { self }

  /// States that lie nowhere but in their own layout.
  public func heapBytes(of state: State) -> Int { 0 }
}
