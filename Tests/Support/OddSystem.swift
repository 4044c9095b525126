import AdapterProtocol
import Conformance
import RaftTypes
import TraceFormat

/// A deliberately wrong implementation: every trace must fail on it.
///
/// It boots what it is given and reports that truthfully, accepts every request, and never changes
/// its state. A trace that passes on it can't fail for want of anything that a node must do.
public final class OddSystem: SystemUnderTest {
  /// The ways of being odd.
  public enum Manner: String, Sendable, CaseIterable {
    /// Answers no message.
    case mute
    /// Denies every vote and rejects every append.
    case denying
  }

  private let manner: Manner
  private var nodes: [NodeName: NodeSpecification] = [:]
  private var flights: [MessageHandle: (from: NodeName, to: NodeName, message: WireMessage)] = [:]
  private var handles: UInt64 = 0

  init(_ manner: Manner) { self.manner = manner }

  /// A factory of systems of this manner.
  public static func factory(_ manner: Manner) -> SystemFactory {
    SystemFactory(name: manner.rawValue) { OddSystem(manner) }
  }

  /// Answers any request, and leaves every node as it booted.
  public func perform(_ request: Request) -> Answer {
    switch request {
    case .hello:
      return hello()
    case .begin:
      nodes = [:]
      flights = [:]
      return .ok(OperationResult())
    case .create(let specification):
      nodes[specification.node] = specification
      return .ok(wholeState(of: specification))
    case .restart(let name):
      return nodes[name].map { .ok(wholeState(of: $0)) } ?? unknown(name)
    case .crash(let name, _, _):
      var result = OperationResult()
      result.node = name
      result.state = StateDelta()
      result.state?.status = .crashed
      return .ok(result)
    case .receive(let node, let from, let message):
      return .ok(answer(of: node, to: from, message))
    case .deliver(let handle):
      guard let flight = flights.removeValue(forKey: handle) else {
        return .ok(OperationResult(outcome: .void))
      }
      return .ok(answer(of: flight.to, to: flight.from, flight.message))
    case .duplicate(let handle):
      guard let flight = flights[handle] else { return .ok(OperationResult(outcome: .void)) }
      var result = OperationResult()
      result.handle = keep(flight)
      return .ok(result)
    case .drop(let handle):
      flights[handle] = nil
      return .ok(OperationResult())
    case .timeout(let name), .campaign(let name), .lapse(let name), .beat(let name),
      .tick(let name, _), .propose(let name, _), .hold(let name, _), .release(let name, _),
      .complete(let name, _, _), .storageFault(let name, _), .state(let name, _),
      .snapshot(let name), .compact(let name, _), .configure(let name, _), .read(let name, _),
      .transfer(let name, _), .corrupt(let name, _):
      return nodes[name] == nil ? unknown(name) : .ok(OperationResult())
    case .end, .bye:
      return .ok(OperationResult())
    case .unknown(let operation):
      return .unsupported(capability: operation, reason: "no such operation")
    }
  }

  private func unknown(_ name: NodeName) -> Answer {
    .error(message: "no node '\(name)'", detail: "")
  }

  private func hello() -> Answer {
    var result = OperationResult()
    result.implementation = Implementation(
      protocolVersion: 1, name: manner.rawValue, version: "1", language: "swift", homepage: "",
      capabilities: Capability.allCases.map(\.name), window: 1)
    return .ok(result)
  }

  private func wholeState(of specification: NodeSpecification) -> OperationResult {
    var delta = StateDelta()
    delta.status = .running
    delta.role = .follower
    delta.term = specification.term
    delta.votedFor = .init(specification.votedFor)
    delta.leader = .cleared
    delta.commitIndex = .zero
    delta.appended = specification.log
    delta.configuration =
      specification.log.last { $0.configuration != nil }?.configuration
      ?? specification.snapshot?.configuration ?? specification.configuration
    if let snapshot = specification.snapshot {
      delta.snapshot = snapshot.position
      delta.firstIndex = snapshot.position.index.next
      delta.restored = snapshot
      delta.commitIndex = snapshot.position.index
    }
    var result = OperationResult()
    result.node = specification.node
    result.state = delta
    return result
  }

  private func answer(of node: NodeName, to from: NodeName, _ request: WireMessage)
    -> OperationResult
  {
    var result = OperationResult()
    result.node = node
    guard manner == .denying, let denial = denial(of: request, by: node) else { return result }
    let handle = keep((from: node, to: from, message: denial))
    result.sent = [SentMessage(handle: handle, to: from, message: denial)]
    return result
  }

  private func denial(of request: WireMessage, by node: NodeName) -> WireMessage? {
    let term = nodes[node]?.term ?? .zero
    switch request.type {
    case .requestVote, .preVote:
      var denial = WireMessage(
        type: request.type == .preVote ? .preVoteResponse : .requestVoteResponse, term: term)
      denial.granted = false
      return denial
    case .appendEntries, .heartbeat:
      var denial = WireMessage(type: .appendEntriesResponse, term: term)
      denial.success = false
      denial.prevLogIndex = request.prevLogIndex
      denial.hint = .zero
      return denial
    case .requestVoteResponse, .preVoteResponse, .appendEntriesResponse, .heartbeatResponse,
      .installSnapshot, .installSnapshotResponse, .timeoutNow, .readIndex, .readIndexResponse:
      return nil
    }
  }

  private func keep(_ flight: (from: NodeName, to: NodeName, message: WireMessage))
    -> MessageHandle
  {
    handles += 1
    let handle = MessageHandle(rawValue: handles)
    flights[handle] = flight
    return handle
  }
}
